"""The text that one engine read on one attempt, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Corners: TypeAlias = tuple[tuple[float, float], ...]
"""The four corners of a printed line in pixels of the upright image: in reading direction, from top left."""

UNREAD = "?"
"""Stands for a character where the engine gave none."""

# Share of the cells: of two readings of one MRZ more agree, of two MRZs fewer; fillers alone give about half.
MIN_EQUAL_CELLS = 0.6


@dataclass(frozen=True)
class Transcript:
    """One reading of an MRZ: two or three lines of equal width, UNREAD where nothing could be read."""

    lines: tuple[str, ...]
    method: str

    @property
    def shape(self) -> tuple[int, int]:
        """How many lines, and how many characters in each."""
        return len(self.lines), len(self.lines[0])


def are_of_one_mrz(one: Transcript, other: Transcript) -> bool:
    """Say whether two transcripts are likely to be of the same MRZ."""
    if one.shape != other.shape:
        return False
    pairs = list(zip("".join(one.lines), "".join(other.lines), strict=True))
    return sum(a == b for a, b in pairs) >= MIN_EQUAL_CELLS * len(pairs)
