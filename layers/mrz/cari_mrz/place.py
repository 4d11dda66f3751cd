"""Letters where only letters may stand, digits where only digits may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .layouts import ALLOWED
from .transcript import UNREAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .layouts import Layout

# What engines take for one another in OCR-B. A letter that is unlike any digit is never turned into one.
CONFUSED = ("O0", "I1", "B8", "S5", "Z2", "G6", "D0", "Q0")
AMBIGUOUS = frozenset("".join(CONFUSED))


@dataclass(frozen=True)
class Repair:
    """One character that was changed, and why."""

    line: int
    column: int
    read: str
    written: str
    reason: str


def place(readings: Sequence[tuple[str, ...]], layout: Layout) -> tuple[list[tuple[str, ...]], tuple[Repair, ...]]:
    """Replace each character that may not stand where it was read by the one it is confused with.

    What is confused with nothing that may stand there becomes UNREAD. Every replacement is listed once.
    """
    repairs: dict[Repair, None] = {}
    placed = []
    for lines in readings:
        rows = []
        for i, line in enumerate(lines):
            row = ""
            for j, read in enumerate(line):
                written = _allowed(read, ALLOWED[layout.pictures[i][j]])
                row += written
                if written not in (read, UNREAD):
                    repairs[Repair(i, j, read, written, "position")] = None
            rows.append(row)
        placed.append(tuple(rows))
    return placed, tuple(repairs)


def _allowed(read: str, allowed: frozenset[str]) -> str:
    """Give the character itself where it may stand, else its double that may, else UNREAD."""
    if read in allowed:
        return read
    doubles = (pair.replace(read, "") for pair in CONFUSED if read in pair)
    return next((double for double in doubles if double in allowed), UNREAD)
