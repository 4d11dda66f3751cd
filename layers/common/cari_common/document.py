"""What the document says, from whatever was read of it: the MRZ where one is valid, else a licence's barcode."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cari_common.evidence import Evidence, Side

MAX_AGE = 130  # years


@dataclass(frozen=True)
class Document:
    """What was read; None where it was not, or cannot be trusted: its check digit does not agree."""

    source: str  # mrz or barcode
    side: Side
    number: str | None
    surname: str | None
    names: str | None
    country: str | None
    born: date | None
    expires: date | None


def documents(evidence: Evidence, today: date) -> list[Document]:
    """Tell what each MRZ and each barcode says, valid MRZs first, and of those alike the front's first."""
    sides = evidence.sides
    mrzs = sorted((side for side in sides if side[1].found), key=lambda side: not side[1].valid)
    of_mrz = [_of_mrz(side, mrz.reading, today) for side, mrz in mrzs]
    of_barcode = [_of_barcode(side, mrz.barcode) for side, mrz in sides if mrz.barcode.get("standard")]
    return of_mrz + of_barcode


def same_text(one: str | None, other: str | None) -> bool | None:
    """Compare two names or numbers as an MRZ would write them; None where one of them is missing.

    A name that was cut short is the same: MRZs and barcodes have room for so many characters.
    """
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return None
    return first.startswith(second) or second.startswith(first)


def age_on(born: date, day: date) -> int:
    """Count whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _of_mrz(side: Side, reading: Mapping[str, Any], today: date) -> Document:
    born = reading.get("date_of_birth") if reading.get("valid_date_of_birth", True) else None
    expires = reading.get("expiration_date") if reading.get("valid_expiration_date", True) else None
    return Document(
        "mrz",
        side,
        _text(reading.get("number")),
        _text(reading.get("surname")),
        _text(reading.get("names")),
        _text(reading.get("country")),
        _birth_date(born, today),
        expiry_date(expires),
    )


def _of_barcode(side: Side, barcode: Mapping[str, Any]) -> Document:
    return Document(
        "barcode",
        side,
        _text(barcode.get("number")),
        _text(barcode.get("surname")),
        _text(barcode.get("names")),
        _text(barcode.get("country")),
        _iso_date(barcode.get("date_of_birth")),
        _iso_date(barcode.get("expiration_date")),
    )


def expiry_date(yymmdd: str | None) -> date | None:
    """Read YYMMDD as a day from 1970 to 2069: nothing now valid was issued earlier or lasts longer."""
    pivot = 70
    try:
        year, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6])  # type: ignore[index]  # None is caught below
        return date(year + (1900 if year >= pivot else 2000), month, day)
    except (TypeError, ValueError):
        return None


def _birth_date(yymmdd: str | None, today: date) -> date | None:
    """Read YYMMDD as the latest such day that is over; the one in this century where the other cannot be."""
    try:
        year, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6])  # type: ignore[index]  # None is caught below
    except (TypeError, ValueError):
        return None
    for century in (2000, 1900):
        try:
            born = date(century + year, month, day)
        except ValueError:
            continue
        if born <= today:
            return born
    return None


def _iso_date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _text(value: object) -> str | None:
    text = str(value or "").replace("<", " ").strip()
    return text or None


def _plain(text: str | None) -> str:
    """Keep letters and digits, without accents, in capitals."""
    decomposed = unicodedata.normalize("NFKD", text or "")
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum()).upper()
