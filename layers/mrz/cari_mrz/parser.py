"""Lines of text in, an MRZ out: pure, and strict about shape and alphabet only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .check_digits import ALPHABET, FILLER, check_digit
from .dates import is_possible
from .layouts import FRENCH_ID, layout_of
from .mrz import Check, Fault, Mrz
from .names import Names, spaced, split_names
from .numbers import document_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .layouts import CheckRule, Layout

SEXES = "MFX<"
# Where nothing is stated the check digit may be left out too (ICAO 9303 part 3, 4.8; part 4, 4.2.2).
MAY_BE_EMPTY = frozenset({"date_of_birth", "expiration_date", "personal_number"})


def parse(lines: Sequence[str]) -> Mrz:
    """Parse the two or three lines of an MRZ and recompute every check digit.

    A wrong check digit or an impossible date is a result (`valid` is False). Raises ValueError, and nothing
    else, for lines that have no MRZ's count, width or alphabet.
    """
    if not all(character in ALPHABET for line in lines for character in line):
        raise ValueError("an MRZ has capital letters, digits and < only")
    layout = layout_of(lines)
    if layout is None:
        raise ValueError("an MRZ has three lines of 30 characters, or two of 36 or 44")
    printed = {name: span.of(lines) for name, span in layout.fields.items()}
    number = document_number(lines, layout)
    names = _names(printed)
    return Mrz(
        format=layout.format,
        lines=tuple(lines),
        type=printed["type"].rstrip(FILLER),
        country=printed["country"].rstrip(FILLER),
        number=number.text,
        surname=names.surname,
        names=names.given,
        names_truncated=names.truncated,
        nationality=_nationality(printed).rstrip(FILLER),
        date_of_birth=printed["date_of_birth"],
        sex=printed["sex"],
        expiration_date=printed.get("expiration_date"),
        personal_number=_optional(printed, "personal_number"),
        optional1=_optional(printed | number.rest_of_optional, "optional1"),
        optional2=_optional(printed, "optional2"),
        checks=(number.check, *(_check(lines, rule) for rule in layout.checks if rule.name != "number")),
        number_check=number.counted,
        faults=tuple(_faults(printed, layout, number.text)),
    )


def _names(printed: dict[str, str]) -> Names:
    if "name" in printed:
        return split_names(printed["name"])
    return Names(spaced(printed["surname"]), spaced(printed["names"]), truncated=not printed["names"].endswith(FILLER))


def _nationality(printed: dict[str, str]) -> str:
    """Take the nationality, or the country where the layout has none: the French card is for nationals."""
    return printed.get("nationality", printed["country"])


def _optional(printed: dict[str, str], name: str) -> str | None:
    return printed[name].strip(FILLER) if name in printed else None


def _check(lines: Sequence[str], rule: CheckRule) -> Check:
    covered = "".join(span.of(lines) for span in rule.covers)
    printed, computed = rule.at.of(lines), check_digit(covered)
    may_be_empty = rule.name in MAY_BE_EMPTY and not covered.strip(FILLER)
    passed = printed == computed or (may_be_empty and printed == FILLER)
    return Check(rule.name, printed, computed, passed)


def _faults(printed: dict[str, str], layout: Layout, number: str) -> Iterator[Fault]:
    """List what a check digit does not see but ICAO does not allow."""
    states = printed["country"] + _nationality(printed)
    if printed["type"][0] not in layout.codes:
        yield Fault.DOCUMENT_CODE
    if not number:
        yield Fault.NUMBER_MISSING
    if not is_possible(printed["date_of_birth"]):
        yield Fault.DATE_OF_BIRTH
    if layout is not FRENCH_ID and not is_possible(printed["expiration_date"]):
        yield Fault.EXPIRATION_DATE
    if printed["sex"] not in SEXES:
        yield Fault.SEX
    if any(character.isdigit() for character in states):
        yield Fault.STATE
