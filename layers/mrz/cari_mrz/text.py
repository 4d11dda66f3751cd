"""What an engine returned as plain text, as lines of an MRZ's shape."""

from __future__ import annotations

from .check_digits import ALPHABET, FILLER
from .layouts import LAYOUTS
from .transcript import UNREAD

MIN_LENGTH = 24  # of a line worth looking at; engines drop trailing fillers but seldom more than these
MAX_SURPLUS = 4  # and make up more fillers than there are, but seldom more than so many

# One line alone may be anything, and a short one is cut from every line of print.
SHAPES = sorted(
    {(layout.height, layout.width) for layout in LAYOUTS if layout.height > 1 and set(layout.widths) == {layout.width}},
    reverse=True,
)


def lines_of_text(text: str) -> tuple[str, ...] | None:
    """Take the last two or three long lines as those of an MRZ; None where their widths are like no layout's.

    Short lines are filled up and long ones cut, at their ends, where an MRZ has its fillers.
    """
    long = [line for line in ("".join(row.split()) for row in text.splitlines()) if len(line) >= MIN_LENGTH]
    for height, width in SHAPES:
        lines = long[-height:]
        longest = max(map(len, lines), default=0)
        if len(lines) == height and longest - MAX_SURPLUS <= width and any(len(line) == width for line in lines):
            return tuple(_fit(line, width) for line in lines)
    return None


def _fit(line: str, width: int) -> str:
    known = (character if character in ALPHABET else UNREAD for character in line[:width])
    return "".join(known).ljust(width, FILLER)
