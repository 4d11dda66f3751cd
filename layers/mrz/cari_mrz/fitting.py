"""Lines that stand together, laid out as the layouts there are: which ones they may be, the best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .alignment import align
from .decode import decode
from .layouts import LAYOUTS
from .pitch import grids
from .recogniser import STRIDE
from .sighting import Sighting
from .strips import LETTER_PX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .blocks import Block
    from .lines import Floats, TextLine
    from .pitch import Grid, Peak

SHAPES = sorted({layout.widths for layout in LAYOUTS}, reverse=True)
LEAST_MEAN_SHARE = 0.5  # of the letters seen in a line that may be an MRZ's
FEWEST_LETTERS, MOST_LETTERS = 12, 48  # of a line that may go on beyond where it was marked
ABOUT = 3  # letters seen more or fewer than a line has
WORTH_LESS = 0.08  # than the best: what fits so much worse is not read
MOST_FITTINGS = 8


@dataclass(frozen=True, eq=False)
class Seen:
    """A line, the net's answer for it, and the letters in that."""

    line: TextLine
    shares: Floats
    peaks: list[Peak]

    @property
    def is_print(self) -> bool:
        """Whether letters were seen, and mostly clearly."""
        return bool(self.peaks) and float(np.mean([peak.share for peak in self.peaks])) >= LEAST_MEAN_SHARE

    def runs_on(self, end: int) -> bool:
        """Say whether letters reach to the strip's start (0) or end (-1), so that there may be more of them."""
        if not FEWEST_LETTERS < len(self.peaks) < MOST_LETTERS:
            return False
        column = self.peaks[end].column
        return min(column, len(self.shares) - 1 - column) * STRIDE < LETTER_PX


@dataclass(frozen=True, eq=False)
class Fitting:
    """Lines with one choice of grids for them."""

    lines: Block
    grids: tuple[Grid, ...]

    @property
    def worth(self) -> float:
        """How well the grids fit; more lines are worth more, for a part of them fits too."""
        return min(grid.fit for grid in self.grids) + 0.02 * len(self.lines)

    def sighting(self) -> Sighting | None:
        """Decode what its cells hold."""
        letters = tuple(grid.letters for grid in self.grids)
        decoded = decode(letters, letter_px=float(np.mean([line.height for line in self.lines])))
        return Sighting(letters, decoded, self.lines, self.grids, looks=1) if decoded else None


def fittings(seen: Sequence[Seen]) -> Iterator[Fitting]:
    """Give lines that stand together with the grids of layouts that fit them; first of those with as many letters."""
    choices = [
        (seen[first : first + len(widths)], widths) for widths in SHAPES for first in range(len(seen) - len(widths) + 1)
    ]
    for alike in (True, False):
        yield from _best_fittings([choice for choice in choices if _counts_agree(*choice) == alike])


def _counts_agree(seen: Sequence[Seen], widths: tuple[int, ...]) -> bool:
    return all(abs(len(each.peaks) - width) <= ABOUT for each, width in zip(seen, widths, strict=True))


def _best_fittings(choices: Sequence[tuple[Sequence[Seen], tuple[int, ...]]]) -> Sequence[Fitting]:
    found = [
        Fitting(tuple(each.line for each in seen), chosen) for seen, widths in choices for chosen in fit(seen, widths)
    ]
    best = max((each.worth for each in found), default=0.0)
    worthy = sorted((each for each in found if each.worth > best - WORTH_LESS), key=lambda each: -each.worth)
    return worthy[:MOST_FITTINGS]


def fit(seen: Sequence[Seen], widths: tuple[int, ...]) -> list[tuple[Grid, ...]]:
    """Lay a grid of so many cells over each line, in the ways that fit best; none where one does not fit."""
    fits = []
    for each, width in zip(seen, widths, strict=True):
        fitting = grids(each.shares, each.peaks, width) if each.is_print else []
        if not fitting:
            return []
        fits.append(fitting)
    return align([each.line for each in seen], fits)
