"""Write fields as the lines of an MRZ, with every check digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .check_digits import FILLER, check_digit, values_of
from .layouts import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .layouts import Layout, Span


def compose(format_name: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Print fields, named as in the layouts, in their places: filled up, or cut, to their widths.

    A number too long for its field goes on in the optional data, as ICAO has it, where the format allows that.
    Raises ValueError for a format that there is not, for a number that does not fit, and for a character that no
    MRZ has.
    """
    layout = next((layout for layout in LAYOUTS if layout.format == format_name), None)
    if layout is None:
        raise ValueError("there is no such MRZ format")
    cells = [[FILLER] * width for width in layout.widths]
    fields = _with_long_number(layout, fields)
    for name, span in layout.fields.items():
        _write(cells, span, fields.get(name, ""))
    is_long = len(fields.get("number", "")) > _width(layout.fields["number"])
    for rule in layout.checks:
        if rule is not layout.number_rule or not is_long:
            covered = "".join(span.of(["".join(line) for line in cells]) for span in rule.covers)
            _write(cells, rule.at, check_digit(covered))
    lines = tuple("".join(line) for line in cells)
    for line in lines:
        values_of(line)  # which refuses what is not of the alphabet
    return lines


def _with_long_number(layout: Layout, fields: Mapping[str, str]) -> Mapping[str, str]:
    """Put the characters of the number that its field cannot hold, and its check digit, before the optional data."""
    number, width = fields.get("number", ""), _width(layout.fields["number"])
    rest = number[width:]
    if not rest:
        return fields
    overflow = layout.number_overflow
    if overflow is None or len(rest) + 1 > _width(overflow) or FILLER in number:
        raise ValueError("this format has no room for so long a number")
    return {**fields, "optional1": f"{rest}{check_digit(number)}{FILLER}{fields.get('optional1', '')}"}


def _write(cells: list[list[str]], span: Span, text: str) -> None:
    """Write text into the cells from where the span starts; cells that it does not reach stay as they are."""
    for column, character in zip(range(span.start, span.end), text, strict=False):
        cells[span.line][column] = character


def _width(span: Span) -> int:
    return span.end - span.start


def name_field(surname: str, given_names: str) -> str:
    """Join names as the name field prints them: capitals, fillers for spaces and hyphens, two in between."""
    return FILLER.join(_words(surname)) + FILLER * 2 + FILLER.join(_words(given_names))


def _words(names: str) -> list[str]:
    return names.upper().replace("-", " ").replace("'", "").split()
