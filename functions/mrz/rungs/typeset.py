"""Chosen cells of an MRZ set out again as one line of print, for an engine that expects prose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cari_mrz.grid import LETTER_PX

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from cari_mrz import Cell, Zone

WORD_GAP = LETTER_PX  # between cells that are not neighbours, and between the lines
MARGIN = 12  # white around the whole; Tesseract loses letters that touch the edge
PAPER = 255


@dataclass(frozen=True)
class Typeset:
    """A picture of one line of print, and where in it each cell stands: left and right in pixels."""

    picture: NDArray[np.uint8]
    places: tuple[tuple[int, int, Cell], ...]

    def cell_at(self, x: float) -> Cell | None:
        """Give the cell that a character centred at x is of."""
        return next((cell for left, right, cell in self.places if left <= x < right), None)


def typeset(zone: Zone, cells: Collection[Cell], letter_gap: int) -> Typeset:
    """Set cells in one line, with letter_gap pixels more between neighbours than they were printed with."""
    pieces: list[NDArray[np.uint8]] = []
    places = []
    x = MARGIN
    previous: Cell | None = None
    for line, column in sorted(cells):
        strip, grid = zone.lines[line].strip, zone.lines[line].grid
        are_neighbours = previous == (line, column - 1)
        gap = letter_gap if are_neighbours else WORD_GAP
        glyph = strip[:, grid.edge(column) : grid.edge(column + 1)]
        pieces += [_paper(strip, gap), glyph]
        places.append((x + gap, x + gap + glyph.shape[1], (line, column)))
        x += gap + glyph.shape[1]
        previous = (line, column)
    row = np.hstack([*pieces, _paper(pieces[0], WORD_GAP)])
    return Typeset(np.pad(row, MARGIN, constant_values=PAPER), tuple(places))


def _paper(strip: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    return np.full((strip.shape[0], width), PAPER, np.uint8)
