"""Parse lines of text to an MRZ, strictly as to shape and alphabet only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_core.mrz_dates import is_possible

from .check_digits import FILLER, values_of
from .checks import recompute_checks
from .document_number import document_number
from .holder_names import Names, is_cut, spaced, split_names
from .layouts import ALLOWED, FRENCH_ID, LETTERS, layout_of
from .mrz import Fault, Mrz, MrzWarning, NumberCheck
from .states import STATE_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .document_number import DocumentNumber
    from .layouts import Layout

SEXES = frozenset("MFX<")
MAX_LINES = 3
DATE_FIELDS = {
    "date_of_birth": (Fault.DATE_OF_BIRTH, MrzWarning.DATE_OF_BIRTH_ZEROS),
    "expiration_date": (Fault.EXPIRATION_DATE, MrzWarning.EXPIRATION_DATE_ZEROS),
}
STATE_FIELDS = {"country": MrzWarning.COUNTRY_UNKNOWN, "nationality": MrzWarning.NATIONALITY_UNKNOWN}


def parse(lines: list[str] | tuple[str, ...]) -> Mrz:
    """Parse the one to three lines of an MRZ and recompute every check digit.

    A wrong check digit or an impossible date is a result (`valid` is False), an unusual field a warning. Raises
    ValueError, and nothing else, for whatever is not a list of lines with an MRZ's count, width and alphabet; what is
    too long is not looked through. Nothing is corrected: lower case, spaces and line ends are not of that alphabet, and
    the caller knows what they mean.
    """
    if not isinstance(lines, (list, tuple)) or not all(isinstance(line, str) for line in lines[: MAX_LINES + 1]):
        raise ValueError("an MRZ has lines: give them as a list of strings")
    layout = layout_of(lines) if len(lines) <= MAX_LINES else None
    if layout is None:
        raise ValueError(
            "an MRZ has three lines of 30 characters, or two of 36 or 44; a French driving licence has one of 30, "
            "a Swiss one a line of 9 and two of 30"
        )
    for line in lines:
        values_of(line)
    printed = {name: span.of(lines) for name, span in layout.fields.items()}
    number = document_number(lines, layout)
    names = _names(printed)
    optional1 = printed.get("optional1") if number.rest_of_optional is None else number.rest_of_optional
    return Mrz(
        format=layout.format,
        lines=tuple(lines),
        type=printed["type"].rstrip(FILLER),
        country=printed["country"].rstrip(FILLER),
        number=number.text,
        surname=names.surname,
        names=names.given,
        names_truncated=names.truncated,
        nationality=_stripped(_nationality(printed, layout)),
        date_of_birth=printed.get("date_of_birth"),
        sex=printed.get("sex"),
        expiration_date=printed.get("expiration_date"),
        personal_number=_stripped(printed.get("personal_number")),
        optional1=_stripped(optional1),
        optional2=_stripped(printed.get("optional2")),
        checks=recompute_checks(lines, layout),
        number_check=number.check,
        faults=tuple(_faults(lines, printed, layout, number.text)),
        warnings=tuple(_warnings(printed, layout, number)),
        issue_date=printed.get("issue_date"),
        department=printed.get("department"),
        language=printed.get("language"),
        version=printed.get("version"),
    )


def _names(printed: Mapping[str, str]) -> Names:
    if "name" in printed:
        return split_names(printed["name"])
    surname, given = printed["surname"], printed.get("names")
    return Names(
        spaced(surname), None if given is None else spaced(given), truncated=is_cut(surname if given is None else given)
    )


def _nationality(printed: Mapping[str, str], layout: Layout) -> str | None:
    """Take the nationality, or the country on the French card, which is for nationals."""
    return printed["country"] if layout is FRENCH_ID else printed.get("nationality")


def _stripped(text: str | None) -> str | None:
    return None if text is None else text.strip(FILLER)


def _faults(lines: Sequence[str], printed: Mapping[str, str], layout: Layout, number: str) -> Iterator[Fault]:
    """List what a check digit does not see but cannot be right."""
    if not number:
        yield Fault.NUMBER_MISSING
    if not _letters_of_names(printed):
        yield Fault.NAME
    for name, (fault, _) in DATE_FIELDS.items():
        if name in printed and not is_possible(_without_zeros(printed[name])):
            yield fault
    if not layout.has_checks:
        if printed["type"] not in layout.codes:
            yield Fault.DOCUMENT_CODE
        if layout.issuers is not None and printed["country"] not in layout.issuers:
            yield Fault.STATE
        if not _has_the_characters_of(lines, layout):
            yield Fault.FORM


def _warnings(printed: Mapping[str, str], layout: Layout, number: DocumentNumber) -> list[MrzWarning]:
    """List what ICAO, or the issuer, does not have there, and what few documents have."""
    sex = printed.get("sex", FILLER)
    possible = [
        (printed["type"] not in layout.codes, MrzWarning.DOCUMENT_CODE_UNUSUAL),
        (number.rest_of_optional is not None, MrzWarning.NUMBER_LONG),
        (number.check is NumberCheck.LONG_FILLER_COUNTED, MrzWarning.NUMBER_CHECK_COUNTS_FILLER),
        (not set(_letters_of_names(printed)) <= LETTERS, MrzWarning.NAME_HAS_DIGITS),
        *((_is_unknown(printed.get(name)), warning) for name, warning in STATE_FIELDS.items()),
        *((_has_zeros(printed.get(name, "")), warning) for name, (_, warning) in DATE_FIELDS.items()),
        (sex == "X", MrzWarning.SEX_X),
        (sex not in SEXES, MrzWarning.SEX_UNUSUAL),
    ]
    return [warning for is_so, warning in possible if is_so]


def _letters_of_names(printed: Mapping[str, str]) -> str:
    return "".join([printed.get(name, "") for name in ("name", "surname", "names")]).replace(FILLER, "")


def _is_unknown(state: str | None) -> bool:
    return state is not None and state.rstrip(FILLER) not in STATE_CODES


def _has_zeros(yymmdd: str) -> bool:
    return yymmdd != _without_zeros(yymmdd)


def _without_zeros(yymmdd: str) -> str:
    """Write fillers for a month or a day that some issuers print as 00."""
    return yymmdd[:2] + "".join([FILLER * 2 if part == "00" else part for part in (yymmdd[2:4], yymmdd[4:])])


def _has_the_characters_of(lines: Sequence[str], layout: Layout) -> bool:
    return all(
        character in ALLOWED[kind]
        for line, pattern in zip(lines, layout.patterns, strict=True)
        for character, kind in zip(line, pattern, strict=True)
    )
