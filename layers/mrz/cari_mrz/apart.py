"""A line with its cells dealt out in another order: what each character looks like without its usual neighbours.

The recogniser reads a character with those beside it. In a row of fillers it takes a blurred K for one more, and at the
start of a number a U for a zero. Where no check digit can tell the two apart, only the character itself can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .check_digits import ALPHABET, FILLER
from .congruence import K_AMONG_FILLERS
from .pitch import letters_at
from .recogniser import STRIDE, recognise
from .strips import SIDE_PX, cut_strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .congruence import Letters
    from .layouts import Cell
    from .lines import Gray, TextLine
    from .pitch import Grid

FILLER_INDEX, K_INDEX = ALPHABET.index(FILLER), ALPHABET.index("K")
K_APART = 3.0  # what is left for a K counts so many times here: most neighbours are fillers still


def seen_apart(
    gray: Gray, lines: Sequence[TextLine], grids: Sequence[Grid], letters: Letters, cells: Sequence[Cell]
) -> Letters:
    """Give these cells the mean of what was seen in the line and what is seen apart.

    A cell whose likeliest character is another one apart stays as it was: nothing is learnt of it.
    """
    told = tuple(line.copy() for line in letters)
    for i in sorted({line for line, _ in cells}):
        apart = _seen_apart(gray, lines[i], grids[i])
        for j in (column for line, column in cells if line == i):
            best = letters[i][j].argmax()
            if apart[j].argmax() != best:
                continue
            if best == FILLER_INDEX:
                apart[j, K_INDEX] *= K_APART / K_AMONG_FILLERS
            mean = np.sqrt(letters[i][j] * apart[j])
            told[i][j] = mean / mean.sum()
    return told


def _seen_apart(gray: Gray, line: TextLine, grid: Grid) -> NDArray[np.float64]:
    """Recognise a line whose cells stand in turns from its second half and its first."""
    count = len(grid.middles)
    half = (count + 1) // 2
    order = np.array([k for pair in zip(range(half, 2 * half), range(half), strict=True) for k in pair if k < count])
    strip = cut_strip(gray, line)
    width = max(1, round(grid.pitch * STRIDE))
    within = (np.arange(width) - (width - 1) / 2) / width
    columns = (grid.middles[order, None] + 0.5 + within * np.gradient(grid.middles)[order, None]) * STRIDE - 0.5
    across, down = np.meshgrid(columns.ravel(), np.arange(strip.shape[0]))
    at = across.astype(np.float32), down.astype(np.float32)
    dealt = np.asarray(cv2.remap(strip, *at, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)
    side = np.full((strip.shape[0], SIDE_PX), np.median(dealt), np.uint8)
    (shares,) = recognise([np.hstack([side, dealt, side])])
    letters = np.empty((count, len(ALPHABET)))
    letters[order] = letters_at(shares, (SIDE_PX + (np.arange(count) + 0.5) * width) / STRIDE - 0.5)
    return letters
