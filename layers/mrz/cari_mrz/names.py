"""The name field: one identifier, or two with a double filler between them."""

from __future__ import annotations

from dataclasses import dataclass

from .check_digits import FILLER


@dataclass(frozen=True)
class Names:
    """Who the holder is, with spaces where the MRZ has fillers."""

    surname: str
    given: str
    truncated: bool  # perhaps more names than the field could hold


def split_names(field: str) -> Names:
    """Split a name field into its identifiers.

    A field that ends in a letter may have been cut (ICAO 9303 part 3, 4.6), and nothing says whether it was.
    """
    surname, _, given = field.partition(FILLER * 2)
    return Names(spaced(surname), spaced(given), truncated=not field.endswith(FILLER))


def spaced(field: str) -> str:
    """Put one space for each run of fillers between words, none at the ends."""
    return " ".join(field.replace(FILLER, " ").split())
