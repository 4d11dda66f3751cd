"""An MRZ's fields under PassportEye's names, and PassportEye's score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layouts import layout_of
from .mrz import Fault

if TYPE_CHECKING:
    from .mrz import Mrz

CHECKS = ("number", "date_of_birth", "expiration_date", "composite", "personal_number")
FIELDS = (
    "type",
    "country",
    "number",
    "date_of_birth",
    "expiration_date",
    "nationality",
    "sex",
    "names",
    "surname",
    "personal_number",
    "optional1",
    "optional2",
)
NAMES = (
    "mrz_type",
    "valid_score",
    *FIELDS,
    *(f"check_{name}" for name in CHECKS),
    *(f"valid_{name}" for name in CHECKS),
)

# PassportEye's weights: a check digit counts ten times as much as a line of the right length or a proper
# document code, and one point is for having been read at all.
CHECK_POINTS = 10
FAULT_OF_CHECK = {"date_of_birth": Fault.DATE_OF_BIRTH, "expiration_date": Fault.EXPIRATION_DATE}


def named_as_passporteye(mrz: Mrz) -> dict[str, str | int | bool | None]:
    """Give every field under PassportEye's name, None where this kind of MRZ has no such field.

    Values are as printed, fillers kept, as PassportEye gives them; names have spaces for fillers. A document
    number of more than nine characters is whole here, which PassportEye cuts.
    """
    layout = layout_of(mrz.lines)
    printed = {name: span.of(mrz.lines) for name, span in layout.fields.items()} if layout else {}
    fields: dict[str, str | None] = {
        "nationality": mrz.nationality,
        **printed,
        "number": max(mrz.number, printed["number"], key=len),
        "names": mrz.names,
        "surname": mrz.surname,
    }
    checks = {check.name: check for check in mrz.checks}
    return {
        "mrz_type": mrz.format,
        "valid_score": valid_score(mrz),
        **{name: fields.get(name) for name in FIELDS},
        **{f"check_{name}": checks[name].printed if name in checks else None for name in CHECKS},
        **{f"valid_{name}": _agrees(mrz, name) if name in checks else None for name in CHECKS},
    }


def valid_score(mrz: Mrz) -> int:
    """Score 0 to 100 as PassportEye does: 100 when everything it looks at is right.

    A date counts only when some calendar has it; unknown parts, which ICAO allows and PassportEye does not
    know, do not cost points here. Where a format has no check digit, which PassportEye does not read either, the
    shape counts like one: it holds when there is no fault.
    """
    lines = len(mrz.lines)  # parse admits whole lines only
    code = Fault.DOCUMENT_CODE not in mrz.faults  # one that is only unusual costs nothing
    passed = [_agrees(mrz, check.name) for check in mrz.checks] if mrz.has_checks else [not mrz.faults]
    points = CHECK_POINTS * sum(passed) + lines + code + 1
    return 100 * points // (CHECK_POINTS * len(passed) + lines + 2)


def _agrees(mrz: Mrz, name: str) -> bool:
    """Say whether a check digit agrees and, for a date, whether a calendar has it."""
    passed = next(check.passed for check in mrz.checks if check.name == name)
    return passed and FAULT_OF_CHECK.get(name) not in mrz.faults
