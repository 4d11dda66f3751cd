"""Read the licence in a picture's barcode, and write it as the answer that callers get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cari_barcode.decode import TIME_BUDGET_S, decode
from cari_barcode.licence import Licence, NotAamva
from cari_barcode.parser import parse

if TYPE_CHECKING:
    from datetime import date

    from cari_barcode.symbol import Symbol
    from cari_imaging import Image

NO_BARCODE = "no_barcode"
DAMAGED = "barcode_damaged"
NOT_AAMVA = "not_aamva"


@dataclass(frozen=True)
class Reading:
    """The barcode of a picture and the licence in it, or the reason why there is none."""

    symbol: Symbol | None = None
    licence: Licence | None = None
    reason: str | None = None


def read_licence(image: Image, *, time_budget_s: float = TIME_BUDGET_S) -> Reading:
    """Read the licence's barcode in a picture (upright RGB, H×W×3 uint8)."""
    symbol = decode(image, time_budget_s=time_budget_s)
    if symbol is None:
        return Reading(reason=NO_BARCODE)
    if symbol.payload is None:
        return Reading(symbol, reason=DAMAGED)
    try:
        return Reading(symbol, parse(symbol.payload))
    except NotAamva:
        return Reading(symbol, reason=NOT_AAMVA)


def as_answer(reading: Reading) -> dict[str, Any]:
    """Write a reading as JSON (BarcodeAnswer's fields): dates as YYYY-MM-DD, corners in pixels, null if unknown."""
    symbol, licence = reading.symbol, reading.licence
    return {
        "found": symbol is not None,
        "format": symbol.format if symbol else None,
        "standard": "AAMVA" if licence else None,
        "version": licence.version if licence else None,
        "country": licence.country if licence else None,
        "jurisdiction": licence.jurisdiction if licence else None,
        "number": licence.number if licence else None,
        "surname": licence.surname if licence else None,
        "names": licence.names if licence else None,
        "date_of_birth": _day(licence.date_of_birth) if licence else None,
        "expiration_date": _day(licence.expiration_date) if licence else None,
        "issue_date": _day(licence.issue_date) if licence else None,
        "sex": licence.sex if licence else None,
        "corners": [[round(x, 1), round(y, 1)] for x, y in symbol.corners] if symbol else None,
        "reason": reading.reason,
        "warnings": list(licence.warnings) if licence else [],
        "missing": list(licence.missing) if licence else [],
        "truncated": sorted(licence.truncated) if licence else [],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
