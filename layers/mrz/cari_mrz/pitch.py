"""Letters stand at a fixed pitch: from probabilities of each column of a strip to one distribution for each cell."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .text_line import Floats

BLANK = 0  # the class of columns between letters, before those of ALPHABET
MIN_PEAK_PROBABILITY = 0.35  # of a letter that a grid is fitted to
MIN_PITCH_COLUMNS = 1.5
MIN_PEAKS_SHARE = 0.6  # of the cells must have such a letter
MAX_COUNT_ERROR = 8  # letters seen more or fewer than the line should have cells
MIN_IN_PLACE_SHARE = 0.7  # of the letters must lie where the grid has them
TOLERANCE_PITCHES = (0.45, 0.3)  # at first, then again: a speck beside the line must not bend its grid
CLOSE_FIT_LETTERS = 1.2  # grids whose fits differ by less are chosen from by the other lines
PROBABILITY_FLOOR = 1e-5


@dataclass(frozen=True)
class Peak:
    """A letter as the network gives it: the column of its middle, its class (1..37), its probability."""

    column: float
    letter: int
    probability: float


@dataclass(frozen=True, eq=False)
class Grid:
    """One way to lay cells over a line.

    `middles` are the cells' middles (columns of the network's answer), `probabilities` what they hold (cells×37), `fit`
    says how well the letters lie in the cells (0..1).
    """

    middles: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    fit: float

    @property
    def pitch(self) -> float:
        """The mean distance of two cells, in columns."""
        return float(self.middles[-1] - self.middles[0]) / max(1, len(self.middles) - 1)


def peaks(column_probabilities: Floats) -> list[Peak]:
    """List the letters in the network's answer for a line (columns×38), from left to right."""
    best, found, start = column_probabilities.argmax(axis=1), [], 0
    for letter, run in groupby(best):
        length = len(list(run))
        if letter != BLANK:
            weights = column_probabilities[start : start + length, letter]
            column = float(weights @ np.arange(start, start + length) / weights.sum())
            found.append(Peak(column, int(letter), float(weights.max())))
        start += length
    return found


def grids(column_probabilities: Floats, found: Sequence[Peak], count: int) -> list[Grid]:
    """Lay `count` cells over a line, in each way that fits about best; none where no way does.

    `column_probabilities` is the network's answer (columns×38), `found` the letters in it.
    """
    fitted = _fitted_positions(found, count)
    if fitted is None:
        return []
    polynomial, seen = fitted
    ink = 1 - column_probabilities[:, BLANK]
    tries = [
        _grid(column_probabilities, ink, np.polyval(polynomial, np.arange(first, first + count)))
        for first in range(min(0, seen - count) - 1, max(0, seen - count) + 2)
    ]
    best = max(grid.fit for grid in tries)
    return [grid for grid in tries if grid.fit > best - CLOSE_FIT_LETTERS / count]


def _fitted_positions(found: Sequence[Peak], count: int) -> tuple[NDArray[np.float64], int] | None:
    """Fit the cells' middles as a parabola of their number, which bends where the line is seen at an angle.

    Gives its coefficients, the highest power first, and how many cells the letters take up.
    """
    well = [peak for peak in found if peak.probability > MIN_PEAK_PROBABILITY]
    if len(well) < MIN_PEAKS_SHARE * count:
        return None
    pitch = float(np.median(np.diff([peak.column for peak in well])))
    if pitch < MIN_PITCH_COLUMNS:
        return None
    columns = _one_for_each_letter(well, 0.55 * pitch)
    number = np.r_[0, np.cumsum(np.maximum(1, np.round(np.diff(columns) / pitch)))]
    seen = int(number[-1]) + 1
    if abs(seen - count) > MAX_COUNT_ERROR:
        return None
    course = np.polyfit(number, columns, 2)
    for tolerance in TOLERANCE_PITCHES:
        near = np.abs(np.polyval(course, number) - columns) < tolerance * pitch
        if near.sum() < MIN_IN_PLACE_SHARE * len(columns):
            return None
        course = np.polyfit(number[near], columns[near], 2)
    return course, seen


def _one_for_each_letter(found: Sequence[Peak], min_gap: float) -> NDArray[np.float64]:
    """Give the peaks' columns, without the weaker of two closer than `min_gap` columns: an O and a zero seen in one."""
    kept: list[Peak] = []
    for peak in found:
        if not kept or peak.column - kept[-1].column >= min_gap:
            kept.append(peak)
        elif peak.probability > kept[-1].probability:
            kept[-1] = peak
    return np.array([peak.column for peak in kept])


def probabilities_at(column_probabilities: Floats, middles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each cell, by its middle (column), one distribution over the characters: cells×37."""
    probabilities = _most_in_cells(column_probabilities, middles) + PROBABILITY_FLOOR
    return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True), np.float64)


def _grid(column_probabilities: Floats, ink: Floats, middles: NDArray[np.float64]) -> Grid:
    pitch = (middles[-1] - middles[0]) / (len(middles) - 1)
    most = _most_in_cells(column_probabilities, middles)
    ends = np.clip([middles[0] - 0.6 * pitch, middles[-1] + 0.6 * pitch + 1], 0, len(column_probabilities)).astype(int)
    outside = ink[: ends[0]].sum() + ink[ends[1] :].sum()
    fit = (np.minimum(most.sum(axis=1), 1).sum() - 0.5 * outside) / len(middles)
    probabilities = most + PROBABILITY_FLOOR
    return Grid(middles, probabilities / probabilities.sum(axis=1, keepdims=True), float(fit))


def _most_in_cells(column_probabilities: Floats, middles: NDArray[np.float64]) -> Floats:
    """Give for each cell and character (cells×37) its greatest probability in any of the cell's columns."""
    pitch = (middles[-1] - middles[0]) / (len(middles) - 1)
    lows = np.clip(np.floor(middles - 0.45 * pitch + 0.5), 0, len(column_probabilities)).astype(int)
    highs = np.clip(np.floor(middles + 0.45 * pitch + 0.5) + 1, 0, len(column_probabilities)).astype(int)
    columns = lows[:, None] + np.arange(int((highs - lows).max(initial=1)))
    inside = columns < highs[:, None]
    windows = column_probabilities[np.minimum(columns, len(column_probabilities) - 1), 1:] * inside[..., None]
    return np.asarray(windows.max(axis=1), np.float32)
