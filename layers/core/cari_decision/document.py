"""What the document says, from whatever was read of it: the MRZ where one is valid, else a licence's barcode."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cari_core import mrz_dates
from cari_core.mrz_dates import NOTHING_KNOWN, PartialDate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cari_decision.evidence import Evidence, Side

MAX_AGE = 130  # years
SHORT_NUMBER = 9  # characters of a document number's field (ICAO 9303 parts 4 to 7)
WITHOUT_OVERFLOW = frozenset({"TD3", "MRVA", "MRVB"})  # where a longer number is cut
# Where names stand, as line, start and end: both in one field, parted by a double filler, or each in its own.
NAME_FIELDS = {
    "TD1": (2, 0, 30),
    "TD2": (0, 5, 36),
    "TD3": (0, 5, 44),
    "MRVA": (0, 5, 44),
    "MRVB": (0, 5, 36),
    "SWISS_DRIVING_LICENCE": (2, 0, 30),
}
OWN_NAME_FIELDS = {
    "IDFRA": {"surname": (0, 5, 30), "names": (1, 13, 27)},
    "FRENCH_DRIVING_LICENCE": {"surname": (0, 21, 29)},
}


@dataclass(frozen=True)
class Document:
    """What was read; None where it was not, or cannot be trusted: its check digit does not agree.

    `born` and `expires` are days of which every part is known. Of a birth date of which less is known `born_between`
    has the first and the last day that it can be, of an expiry `valid_until` the last one. `cut` names the fields that
    may hold less than was to be printed.
    """

    source: str  # mrz or barcode
    side: Side
    number: str | None
    surname: str | None
    names: str | None
    country: str | None
    born: date | None
    expires: date | None
    born_between: tuple[date, date] | None = None
    valid_until: date | None = None
    cut: frozenset[str] = frozenset()


def documents(evidence: Evidence, today: date) -> list[Document]:
    """Tell what each MRZ and each barcode says, valid MRZs first, and of those alike the front's first."""
    sides = evidence.sides
    mrzs = sorted((side for side in sides if side[1].found), key=lambda side: not side[1].valid)
    of_mrz = [_of_mrz(side, mrz.reading, today) for side, mrz in mrzs]
    of_barcode = [_of_barcode(side, mrz.barcode) for side, mrz in sides if mrz.barcode.get("standard")]
    return of_mrz + of_barcode


def age_on(born: date, day: date) -> int:
    """Count whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _of_mrz(side: Side, reading: Mapping[str, Any], today: date) -> Document:
    born = _read(reading, "date_of_birth", mrz_dates.birth_date, today)
    expires = _read(reading, "expiration_date", mrz_dates.expiry_date, today)
    earliest, latest = born.earliest, born.latest
    return Document(
        "mrz",
        side,
        _text(reading.get("number")),
        _text(reading.get("surname")),
        _text(reading.get("names")),
        _text(reading.get("country")),
        born.exact,
        expires.exact,
        (earliest, latest) if earliest and latest else None,
        expires.latest,
        _cut(reading),
    )


def _read(reading: Mapping[str, Any], name: str, read: Callable[[str, date], PartialDate], today: date) -> PartialDate:
    """Read a date, unless its check digit disagrees; some licences have no check digit for it, and say null there."""
    if reading.get(f"valid_{name}") is False:
        return NOTHING_KNOWN
    try:
        return read(str(reading.get(name) or ""), today)
    except ValueError:
        return NOTHING_KNOWN


def _cut(reading: Mapping[str, Any]) -> frozenset[str]:
    """Name the fields that are full to their last character, which says that more may have been to be printed."""
    lines = str(reading.get("raw_text") or "").split("\n")
    kind = str(reading.get("mrz_type") or "")
    cut = {name for name, place in OWN_NAME_FIELDS.get(kind, {}).items() if _is_full(_field(lines, place))}
    if kind in NAME_FIELDS and _is_full(field := _field(lines, NAME_FIELDS[kind])):
        surname, _, given = field.partition("<<")
        # Given names make room first: a surname is cut only where it leaves them next to nothing.
        cut |= {"surname", "names"} if len(surname) > len(field) / 2 or not given else {"names"}
    if len(_text(reading.get("number")) or "") == SHORT_NUMBER and (
        kind in WITHOUT_OVERFLOW or reading.get("check_number") == "<"
    ):
        cut.add("number")
    return frozenset(cut)


def _field(lines: list[str], place: tuple[int, int, int]) -> str:
    line, start, end = place
    text = lines[line][start:end] if line < len(lines) else ""
    return text if len(text) == end - start else ""


def _is_full(field: str) -> bool:
    return bool(field) and not field.endswith("<")


def _of_barcode(side: Side, barcode: Mapping[str, Any]) -> Document:
    born, expires = _iso_date(barcode.get("date_of_birth")), _iso_date(barcode.get("expiration_date"))
    truncated = set(barcode.get("truncated") or ())
    return Document(
        "barcode",
        side,
        _text(barcode.get("number")),
        _text(barcode.get("surname")),
        _text(barcode.get("names")),
        _text(barcode.get("country")),
        born,
        expires,
        (born, born) if born else None,
        expires,
        frozenset({"names" if name == "middle_names" else name for name in truncated}),
    )


def _iso_date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _text(value: object) -> str | None:
    text = str(value or "").replace("<", " ").strip()
    return text or None
