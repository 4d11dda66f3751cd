"""Lines of text in, an MRZ out: pure, and strict about shape and alphabet only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_common.mrz_dates import is_possible

from .check_digits import FILLER, values_of
from .checks import recompute_checks
from .layouts import ALLOWED, FRENCH_ID, layout_of
from .mrz import Fault, Mrz
from .names import Names, is_cut, spaced, split_names
from .numbers import document_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .layouts import Layout

SEXES = frozenset("MFX<")


def parse(lines: list[str] | tuple[str, ...]) -> Mrz:
    """Parse the one to three lines of an MRZ and recompute every check digit.

    A wrong check digit or an impossible date is a result (`valid` is False). Raises ValueError, and nothing
    else, for whatever is not a list of lines with an MRZ's count, width and alphabet. Nothing is put right on
    the way: lower case, spaces and line ends are not of that alphabet, and who has them knows what they mean.
    """
    if not isinstance(lines, (list, tuple)) or not all(isinstance(line, str) for line in lines):
        raise ValueError("an MRZ has lines: give them as a list of strings")
    for line in lines:
        values_of(line)
    layout = layout_of(lines)
    if layout is None:
        raise ValueError(
            "an MRZ has three lines of 30 characters, or two of 36 or 44; a French driving licence has one of 30, "
            "a Swiss one a line of 9 and two of 30"
        )
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
        number_check=number.counted,
        faults=tuple(_faults(lines, printed, layout, number.text)),
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
    """List what a check digit does not see but ICAO, or the issuer, does not allow."""
    names = "".join([printed.get(name, "") for name in ("name", "surname", "names")]).replace(FILLER, "")
    if printed["type"] not in layout.codes:
        yield Fault.DOCUMENT_CODE
    if not number:
        yield Fault.NUMBER_MISSING
    if not names.isalpha():
        yield Fault.NAME
    if "date_of_birth" in printed and not is_possible(printed["date_of_birth"]):
        yield Fault.DATE_OF_BIRTH
    if "expiration_date" in printed and not is_possible(printed["expiration_date"]):
        yield Fault.EXPIRATION_DATE
    if printed.get("sex", FILLER) not in SEXES:
        yield Fault.SEX
    if not _states_fit(printed, layout):
        yield Fault.STATE
    if not layout.has_checks and not _fits(lines, layout):
        yield Fault.FORM


def _states_fit(printed: Mapping[str, str], layout: Layout) -> bool:
    if layout.issuers is not None and printed["country"] not in layout.issuers:
        return False
    return all(printed[name].rstrip(FILLER).isalpha() for name in ("country", "nationality") if name in printed)


def _fits(lines: Sequence[str], layout: Layout) -> bool:
    return all(
        character in ALLOWED[picture]
        for line, pictures in zip(lines, layout.pictures, strict=True)
        for character, picture in zip(line, pictures, strict=True)
    )
