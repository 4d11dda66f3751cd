"""Fields in, the lines of an MRZ out, with every check digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .check_digits import FILLER, check_digit
from .layouts import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping


def compose(format_name: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Print fields, named as in the layouts, in their places: filled up, or cut, to their widths.

    Raises ValueError for a format that there is not and KeyError for a character that no MRZ has.
    """
    layout = next((layout for layout in LAYOUTS if layout.format == format_name), None)
    if layout is None:
        raise ValueError("there is no such MRZ format")
    cells = [[FILLER] * layout.width for _ in layout.pictures]
    for name, span in layout.fields.items():
        width = span.end - span.start
        cells[span.line][span.start : span.end] = fields.get(name, "")[:width].ljust(width, FILLER)
    for rule in layout.checks:
        covered = "".join(span.of(["".join(line) for line in cells]) for span in rule.covers)
        cells[rule.at.line][rule.at.start] = check_digit(covered)
    return tuple("".join(line) for line in cells)


def name_field(surname: str, given_names: str) -> str:
    """Join names as the name field prints them: capitals, fillers for spaces and hyphens, two in between."""
    return FILLER.join(_words(surname)) + FILLER * 2 + FILLER.join(_words(given_names))


def _words(names: str) -> list[str]:
    return names.upper().replace("-", " ").replace("'", "").split()
