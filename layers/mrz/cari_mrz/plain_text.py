"""An engine's plain text as lines of an MRZ's shape."""

from __future__ import annotations

from .check_digits import ALPHABET, FILLER
from .layouts import LAYOUTS
from .transcript import UNREAD

MIN_CHARACTERS = 24  # of a line that may be an MRZ's; engines drop trailing fillers, but seldom more than so many
MAX_SURPLUS_FILLERS = 4  # that an engine makes up at a line's end

# One line alone may be anything, and a short one is cut from every line of print.
LINE_COUNTS_AND_WIDTHS = sorted(
    {(layout.height, layout.width) for layout in LAYOUTS if layout.height > 1 and set(layout.widths) == {layout.width}},
    reverse=True,
)


def lines_of_text(text: str) -> tuple[str, ...] | None:
    """Take the last two or three long lines as those of an MRZ; None where their widths are like no layout's.

    Short lines are filled up and long ones cut, at their ends, where an MRZ has its fillers.
    """
    long = [line for line in ("".join(row.split()) for row in text.splitlines()) if len(line) >= MIN_CHARACTERS]
    for height, width in LINE_COUNTS_AND_WIDTHS:
        lines = long[-height:]
        longest = max(map(len, lines), default=0)
        if (
            len(lines) == height
            and longest - MAX_SURPLUS_FILLERS <= width
            and any(len(line) == width for line in lines)
        ):
            return tuple(_fit(line, width) for line in lines)
    return None


def _fit(line: str, width: int) -> str:
    known = (character if character in ALPHABET else UNREAD for character in line[:width])
    return "".join(known).ljust(width, FILLER)
