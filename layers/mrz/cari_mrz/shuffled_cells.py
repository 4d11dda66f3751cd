"""Recognise characters without their usual neighbours: the line's cells are put in another order first.

The recogniser reads a character with those beside it. In a row of fillers it takes a blurred K for one more, and at the
start of a number a U for a zero. Where no check digit can tell the two apart, only the character itself can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .check_digit_posterior import K_AMONG_FILLERS
from .check_digits import ALPHABET, FILLER
from .pitch import probabilities_at
from .recogniser import COLUMN_STRIDE_PX, recognise
from .strips import STRIP_MARGIN_PX, cut_strip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .check_digit_posterior import CharacterProbabilities
    from .layouts import Cell
    from .pitch import Grid
    from .text_line import Gray, TextLine

FILLER_INDEX, K_INDEX = ALPHABET.index(FILLER), ALPHABET.index("K")
K_AMONG_FILLERS_SHUFFLED = 3.0  # what is left for a K counts so many times here: most neighbours are fillers still


def reread_shuffled(
    gray: Gray,
    lines: Sequence[TextLine],
    grids: Sequence[Grid],
    observed: CharacterProbabilities,
    cells: Sequence[Cell],
) -> CharacterProbabilities:
    """Give these cells the mean of what was observed in the line and what is observed with the cells shuffled.

    A cell whose likeliest character is another one when shuffled stays as it was: nothing is learnt of it.
    """
    combined = tuple(line.copy() for line in observed)
    for i in sorted({line for line, _ in cells}):
        shuffled = _recognise_shuffled(gray, lines[i], grids[i])
        for j in (column for line, column in cells if line == i):
            best = observed[i][j].argmax()
            if shuffled[j].argmax() != best:
                continue
            if best == FILLER_INDEX:
                shuffled[j, K_INDEX] *= K_AMONG_FILLERS_SHUFFLED / K_AMONG_FILLERS
            mean = np.sqrt(observed[i][j] * shuffled[j])
            combined[i][j] = mean / mean.sum()
    return combined


def _recognise_shuffled(gray: Gray, line: TextLine, grid: Grid) -> NDArray[np.float64]:
    """Recognise a line whose cells come in turns from its second half and its first: cells×37, in the line's order."""
    count = len(grid.middles)
    half = (count + 1) // 2
    order = np.array([k for pair in zip(range(half, 2 * half), range(half), strict=True) for k in pair if k < count])
    strip = cut_strip(gray, line)
    width = max(1, round(grid.pitch * COLUMN_STRIDE_PX))
    within = (np.arange(width) - (width - 1) / 2) / width
    cell_pitches = np.gradient(grid.middles)[order, None]
    columns = (grid.middles[order, None] + 0.5 + within * cell_pitches) * COLUMN_STRIDE_PX - 0.5
    across, down = np.meshgrid(columns.ravel(), np.arange(strip.shape[0]))
    maps = across.astype(np.float32), down.astype(np.float32)
    shuffled = np.asarray(cv2.remap(strip, *maps, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)
    margin = np.full((strip.shape[0], STRIP_MARGIN_PX), np.median(shuffled), np.uint8)
    (column_probabilities,) = recognise([np.hstack([margin, shuffled, margin])])
    middles = (STRIP_MARGIN_PX + (np.arange(count) + 0.5) * width) / COLUMN_STRIDE_PX - 0.5
    probabilities = np.empty((count, len(ALPHABET)))
    probabilities[order] = probabilities_at(column_probabilities, middles)
    return probabilities
