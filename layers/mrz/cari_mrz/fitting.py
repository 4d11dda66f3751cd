"""Fit the grids of every layout to recognised lines: which layouts they may be, the best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .alignment import align
from .decode import decode
from .detection import Detection
from .layouts import LAYOUTS
from .pitch import grids
from .recogniser import COLUMN_STRIDE_PX
from .strips import LETTER_PX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .blocks import Block
    from .pitch import Grid, Peak
    from .text_line import Floats, TextLine

LAYOUT_WIDTHS = sorted({layout.widths for layout in LAYOUTS}, reverse=True)  # characters of each line
MIN_MEAN_PROBABILITY = 0.5  # of the letters recognised in a line that may be an MRZ's
LETTERS_OF_CUT_LINE = (12, 48)  # a line with more and fewer letters than these may go on beyond where it was located
MAX_LETTER_COUNT_ERROR = 3  # letters recognised more or fewer than a line of the layout has
MAX_RANK_LOSS = 0.08  # against the best: what fits worse is not decoded
MAX_FITTINGS = 8


@dataclass(frozen=True, eq=False)
class RecognisedLine:
    """A line, the recogniser's answer for it (columns×38), and the letters in that."""

    line: TextLine
    column_probabilities: Floats
    peaks: list[Peak]

    @property
    def is_print(self) -> bool:
        """Whether letters were recognised, and mostly clearly."""
        return bool(self.peaks) and float(np.mean([peak.probability for peak in self.peaks])) >= MIN_MEAN_PROBABILITY

    def may_be_cut(self, end: int) -> bool:
        """Say whether letters reach to the strip's start (0) or end (-1), so that there may be more of them."""
        if not LETTERS_OF_CUT_LINE[0] < len(self.peaks) < LETTERS_OF_CUT_LINE[1]:
            return False
        column = self.peaks[end].column
        return min(column, len(self.column_probabilities) - 1 - column) * COLUMN_STRIDE_PX < LETTER_PX


@dataclass(frozen=True, eq=False)
class Fitting:
    """Lines with one choice of grids for them."""

    lines: Block
    grids: tuple[Grid, ...]

    @property
    def rank(self) -> float:
        """How well the grids fit; more lines count more, because a part of an MRZ's lines fits a shorter layout too."""
        return min(grid.fit for grid in self.grids) + 0.02 * len(self.lines)

    def detection(self) -> Detection | None:
        """Decode what the cells hold; None where that is no layout."""
        observed = tuple(grid.probabilities for grid in self.grids)
        decoded = decode(observed, letter_px=float(np.mean([line.height for line in self.lines])))
        return Detection(observed, decoded, self.lines, self.grids, reading_count=1) if decoded else None


def fittings(lines: Sequence[RecognisedLine]) -> Iterator[Fitting]:
    """Give neighbouring lines with the grids of layouts that fit them; first of layouts with about as many letters."""
    choices = [
        (lines[first : first + len(widths)], widths)
        for widths in LAYOUT_WIDTHS
        for first in range(len(lines) - len(widths) + 1)
    ]
    for alike in (True, False):
        yield from _best_fittings([choice for choice in choices if _counts_agree(*choice) == alike])


def _counts_agree(lines: Sequence[RecognisedLine], widths: tuple[int, ...]) -> bool:
    return all(
        abs(len(each.peaks) - width) <= MAX_LETTER_COUNT_ERROR for each, width in zip(lines, widths, strict=True)
    )


def _best_fittings(choices: Sequence[tuple[Sequence[RecognisedLine], tuple[int, ...]]]) -> Sequence[Fitting]:
    found = [
        Fitting(tuple(each.line for each in lines), chosen)
        for lines, widths in choices
        for chosen in fit(lines, widths)
    ]
    best = max((each.rank for each in found), default=0.0)
    close = sorted((each for each in found if each.rank > best - MAX_RANK_LOSS), key=lambda each: -each.rank)
    return close[:MAX_FITTINGS]


def fit(lines: Sequence[RecognisedLine], widths: tuple[int, ...]) -> list[tuple[Grid, ...]]:
    """Lay a grid over each line, of as many cells as `widths` says, in the ways that fit best; none if one has none."""
    fits = []
    for each, width in zip(lines, widths, strict=True):
        fitting = grids(each.column_probabilities, each.peaks, width) if each.is_print else []
        if not fitting:
            return []
        fits.append(fitting)
    return align([each.line for each in lines], fits)
