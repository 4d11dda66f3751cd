"""Choose the grid of each line so that all lines begin below one another, as those of an MRZ do."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from .recogniser import COLUMN_STRIDE_PX
from .strips import LETTER_PX, STRIP_MARGIN_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .pitch import Grid
    from .text_line import TextLine

MISALIGNMENT_COST = 0.7  # letters of fit that a line loses for each letter that it begins left or right of the others
MAX_CHOICES = 4  # the check digits tell which is right
MAX_MISALIGNMENT_LETTERS = 1.5  # more costs no more


def align(lines: Sequence[TextLine], fits: Sequence[Sequence[Grid]]) -> list[tuple[Grid, ...]]:
    """Choose for each line one of the grids that fit it about equally well: the best choices, the best first."""
    along = np.mean([line.direction for line in lines], axis=0)
    starts = [[_start(line, grid, along) for grid in each] for line, each in zip(lines, fits, strict=True)]
    pitch = fits[0][0].pitch * COLUMN_STRIDE_PX * lines[0].height / LETTER_PX

    def total_fit(choice: tuple[int, ...]) -> float:
        fit = sum(fits[i][k].fit * len(fits[i][k].middles) for i, k in enumerate(choice))
        begins = np.array([starts[i][k] for i, k in enumerate(choice)])
        misalignment = np.minimum(np.abs(begins - np.median(begins)) / pitch, MAX_MISALIGNMENT_LETTERS)
        return float(fit - MISALIGNMENT_COST * misalignment.sum())

    choices = sorted(product(*(range(len(each)) for each in fits)), key=total_fit, reverse=True)
    return [tuple(fits[i][k] for i, k in enumerate(choice)) for choice in choices[:MAX_CHOICES]]


def trim(line: TextLine, grid: Grid) -> TextLine:
    """Let a line begin and end where the cells of its grid do."""
    width = line.length / line.height * LETTER_PX
    half = grid.pitch / 2
    ends = np.array([grid.middles[0] - half, grid.middles[-1] + half]) + 0.5
    left, right = (ends * COLUMN_STRIDE_PX - STRIP_MARGIN_PX) / width
    top, bottom = line.corners[1] - line.corners[0], line.corners[2] - line.corners[3]
    corners = [
        line.corners[0] + left * top,
        line.corners[0] + right * top,
        line.corners[3] + right * bottom,
        line.corners[3] + left * bottom,
    ]
    return line.moved(np.asarray(corners, np.float32))


def _start(line: TextLine, grid: Grid, along: NDArray[np.floating]) -> float:
    """Say how far along the common direction the first cell of a line stands, in pixels of the picture."""
    start_px = ((grid.middles[0] + 0.5) * COLUMN_STRIDE_PX - STRIP_MARGIN_PX) * line.height / LETTER_PX
    origin = (line.corners[0] + line.corners[3]) / 2
    return float(origin @ along + start_px)
