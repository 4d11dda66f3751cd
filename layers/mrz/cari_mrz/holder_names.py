"""The holder's names: a name field has one identifier, or two with a double filler between them."""

from __future__ import annotations

from dataclasses import dataclass

from .check_digits import FILLER


@dataclass(frozen=True)
class Names:
    """The holder's names, with spaces where the MRZ has fillers."""

    surname: str
    given: str | None  # None where the format has no place for them
    truncated: bool  # perhaps: the field may have been too short for all of them


def split_names(field: str) -> Names:
    """Split a name field into its identifiers.

    Without a double filler between letters there is one identifier only, the primary (ICAO 9303 part 3, 4.6).
    A field that begins with a double filler has no primary identifier: some issuers print so whoever has no
    surname. One that ends in a letter may have been cut, and nothing says whether it was.
    """
    surname, _, given = field.partition(FILLER * 2)
    return Names(spaced(surname), spaced(given), truncated=is_cut(field))


def is_cut(field: str) -> bool:
    """Say whether a field may hold less than was to be printed: it has no filler at its end."""
    return not field.endswith(FILLER)


def spaced(field: str) -> str:
    """Put one space for each run of fillers between words, none at the ends."""
    return " ".join(field.replace(FILLER, " ").split())
