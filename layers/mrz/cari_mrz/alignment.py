"""Which grid of each line: all lines of an MRZ begin below one another."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from .recogniser import STRIDE
from .strips import LETTER_PX, SIDE_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .lines import TextLine
    from .pitch import Grid

MISALIGNED = 0.7  # letters of fit that a line loses for each letter that it begins beside the others
MOST_CHOICES = 4  # the check digits tell which is right
FAR = 1.5  # letters; further away is no worse


def align(lines: Sequence[TextLine], fits: Sequence[Sequence[Grid]]) -> list[tuple[Grid, ...]]:
    """Choose for each line one of the grids that fit it about equally well: the best choices, the best first."""
    along = np.mean([line.direction for line in lines], axis=0)
    starts = [[_start(line, grid, along) for grid in each] for line, each in zip(lines, fits, strict=True)]
    pitch = fits[0][0].pitch * STRIDE * lines[0].height / LETTER_PX

    def worth(choice: tuple[int, ...]) -> float:
        fit = sum(fits[i][k].fit * len(fits[i][k].middles) for i, k in enumerate(choice))
        begins = np.array([starts[i][k] for i, k in enumerate(choice)])
        apart = np.minimum(np.abs(begins - np.median(begins)) / pitch, FAR)
        return float(fit - MISALIGNED * apart.sum())

    choices = sorted(product(*(range(len(each)) for each in fits)), key=worth, reverse=True)
    return [tuple(fits[i][k] for i, k in enumerate(choice)) for choice in choices[:MOST_CHOICES]]


def trim(line: TextLine, grid: Grid) -> TextLine:
    """Let a line begin and end where the cells of its grid do."""
    width = line.length / line.height * LETTER_PX
    half = grid.pitch / 2
    ends = np.array([grid.middles[0] - half, grid.middles[-1] + half]) + 0.5
    left, right = (ends * STRIDE - SIDE_PX) / width
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
    at = ((grid.middles[0] + 0.5) * STRIDE - SIDE_PX) * line.height / LETTER_PX
    origin = (line.corners[0] + line.corners[3]) / 2
    return float(origin @ along + at)
