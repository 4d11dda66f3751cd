"""Letters stand at a fixed pitch: from what was seen in each column to one distribution for each cell."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .lines import Floats

NONE = 0  # the class of columns between letters
SEEN_WELL = 0.35
LEAST_PITCH = 1.5  # columns
FEWEST_SEEN = 0.6  # of the cells
MOST_BESIDE = 8  # cells more or fewer than the line should have
FEWEST_IN_PLACE = 0.7  # of the letters lie where the grid has them
TOLERANCES = (0.45, 0.3)  # letters, first and again: a speck beside the line must not bend its grid
CLOSE_FITS = 1.2  # letters; grids that fit so nearly alike are told apart by the other lines
LEAST_SHARE = 1e-5


@dataclass(frozen=True)
class Peak:
    """A letter as the net saw it: the column of its middle, its class, its probability."""

    column: float
    letter: int
    share: float


@dataclass(frozen=True, eq=False)
class Grid:
    """One way to lay so many cells over a line: their middles (columns), what they hold, how well it fits (0..1)."""

    middles: NDArray[np.float64]
    letters: NDArray[np.float64]
    fit: float

    @property
    def pitch(self) -> float:
        """The mean distance of two cells, in columns."""
        return float(self.middles[-1] - self.middles[0]) / max(1, len(self.middles) - 1)


def peaks(shares: Floats) -> list[Peak]:
    """List the letters that the net saw, from left to right."""
    best, found, start = shares.argmax(axis=1), [], 0
    for letter, run in groupby(best):
        length = len(list(run))
        if letter != NONE:
            weights = shares[start : start + length, letter]
            column = float(weights @ np.arange(start, start + length) / weights.sum())
            found.append(Peak(column, int(letter), float(weights.max())))
        start += length
    return found


def grids(shares: Floats, found: Sequence[Peak], count: int) -> list[Grid]:
    """Lay count cells over what was seen, in each way that fits about best; none where no way does."""
    course = _course(found, count)
    if course is None:
        return []
    polynomial, seen = course
    ink = 1 - shares[:, NONE]
    tries = [
        _grid(shares, ink, np.polyval(polynomial, np.arange(first, first + count)))
        for first in range(min(0, seen - count) - 1, max(0, seen - count) + 2)
    ]
    best = max(grid.fit for grid in tries)
    return [grid for grid in tries if grid.fit > best - CLOSE_FITS / count]


def _course(found: Sequence[Peak], count: int) -> tuple[NDArray[np.float64], int] | None:
    """Fit the cells' middles as a parabola of their number; it bends where the line is seen aslant."""
    well = [peak for peak in found if peak.share > SEEN_WELL]
    if len(well) < FEWEST_SEEN * count:
        return None
    pitch = float(np.median(np.diff([peak.column for peak in well])))
    if pitch < LEAST_PITCH:
        return None
    columns = _one_for_each_letter(well, 0.55 * pitch)
    number = np.r_[0, np.cumsum(np.maximum(1, np.round(np.diff(columns) / pitch)))]
    seen = int(number[-1]) + 1
    if abs(seen - count) > MOST_BESIDE:
        return None
    course = np.polyfit(number, columns, 2)
    for tolerance in TOLERANCES:
        near = np.abs(np.polyval(course, number) - columns) < tolerance * pitch
        if near.sum() < FEWEST_IN_PLACE * len(columns):
            return None
        course = np.polyfit(number[near], columns[near], 2)
    return course, seen


def _one_for_each_letter(found: Sequence[Peak], room: float) -> NDArray[np.float64]:
    """Drop the weaker of two peaks that are too close to be two letters: an O and a zero seen in one."""
    kept: list[Peak] = []
    for peak in found:
        if not kept or peak.column - kept[-1].column >= room:
            kept.append(peak)
        elif peak.share > kept[-1].share:
            kept[-1] = peak
    return np.array([peak.column for peak in kept])


def letters_at(shares: Floats, middles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each cell, by its middle, one distribution over the characters."""
    letters = _most_in_cells(shares, middles) + LEAST_SHARE
    return np.asarray(letters / letters.sum(axis=1, keepdims=True), np.float64)


def _grid(shares: Floats, ink: Floats, middles: NDArray[np.float64]) -> Grid:
    pitch = (middles[-1] - middles[0]) / (len(middles) - 1)
    most = _most_in_cells(shares, middles)
    ends = np.clip([middles[0] - 0.6 * pitch, middles[-1] + 0.6 * pitch + 1], 0, len(shares)).astype(int)
    outside = ink[: ends[0]].sum() + ink[ends[1] :].sum()
    fit = (np.minimum(most.sum(axis=1), 1).sum() - 0.5 * outside) / len(middles)
    letters = most + LEAST_SHARE
    return Grid(middles, letters / letters.sum(axis=1, keepdims=True), float(fit))


def _most_in_cells(shares: Floats, middles: NDArray[np.float64]) -> Floats:
    """Give for each cell and character the most that was seen of it in any of the cell's columns."""
    pitch = (middles[-1] - middles[0]) / (len(middles) - 1)
    lows = np.clip(np.floor(middles - 0.45 * pitch + 0.5), 0, len(shares)).astype(int)
    highs = np.clip(np.floor(middles + 0.45 * pitch + 0.5) + 1, 0, len(shares)).astype(int)
    columns = lows[:, None] + np.arange(int((highs - lows).max(initial=1)))
    inside = columns < highs[:, None]
    windows = shares[np.minimum(columns, len(shares) - 1), 1:] * inside[..., None]
    return np.asarray(windows.max(axis=1), np.float32)
