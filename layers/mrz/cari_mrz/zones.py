"""Where the MRZs of a picture are, upright and cut into cells, whichever way up the picture is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .blocks import find_blocks
from .fillers import CELL_PX, LIKE_MEAN, count_fillers, filler_likeness
from .grid import Grid, cut_cell, fit_grid, straighten
from .lines import TextLine, find_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_imaging import Image

    from .blocks import Block
    from .lines import Floats, Gray
    from .transcript import Corners

WIDTHS = {3: (30,), 2: (36, 44)}
MIN_FIT = 1.8  # between right and wrong grids: see grid.py
TALLEST = max(WIDTHS)
MIN_FILLERS = 2  # every layout has as many in its name line alone


@dataclass(frozen=True)
class ZoneLine:
    """One line of an MRZ: its straightened picture, its grid, which of its cells are fillers."""

    strip: Gray
    grid: Grid
    is_filler: tuple[bool, ...]
    corners: Corners

    def glyph(self, column: int) -> Floats:
        """Cut one character out."""
        return cut_cell(self.strip, self.grid, column, CELL_PX)


@dataclass(frozen=True)
class Zone:
    """What looks like an MRZ, its first line first; score orders the zones of one picture."""

    lines: tuple[ZoneLine, ...]
    score: float

    @property
    def columns(self) -> int:
        """How many characters a line has."""
        return len(self.lines[0].is_filler)


def find_zones(image: Image) -> Iterator[Zone]:
    """Give what looks like an MRZ, the likeliest first: as the picture stands, then turned by a quarter."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    yield from _zones(gray)
    turned = np.asarray(cv2.rotate(gray, cv2.ROTATE_90_CLOCKWISE), np.uint8)
    for zone in _zones(turned):
        yield Zone(tuple(_turn_back(line, len(gray)) for line in zone.lines), zone.score)


def _zones(gray: Gray) -> list[Zone]:
    zones = [zone for block in find_blocks(find_lines(gray)) if (zone := _zone(gray, block))]
    return sorted(zones, key=lambda zone: -zone.score)


def _zone(gray: Gray, block: Block) -> Zone | None:
    """Cut a block into cells, the right way up; None where no grid fits or no filler is seen."""
    gridded = max((_Gridded.fit(gray, block, width) for width in WIDTHS[len(block)]), key=lambda each: each.score)
    if gridded.score < MIN_FIT:
        return None
    if count_fillers(gridded.cells, upside_down=True) > count_fillers(gridded.cells):
        upright = tuple(_upside_down(line) for line in reversed(block))
        gridded = _Gridded.fit(gray, upright, gridded.columns)
    if count_fillers(gridded.cells) < MIN_FILLERS:
        return None
    is_filler = filler_likeness(gridded.cells) > LIKE_MEAN
    lines = tuple(
        ZoneLine(strip, grid, tuple(bool(each) for each in row), _as_corners(line.corners))
        for strip, grid, row, line in zip(gridded.strips, gridded.grids, is_filler, gridded.block, strict=True)
    )
    # Two lines of three fit a grid too, though worse; so the whole is preferred to its part.
    return Zone(lines, score=gridded.score + 0.02 * float(is_filler.sum()) + 0.3 * (len(block) == TALLEST))


@dataclass(frozen=True)
class _Gridded:
    """A block straightened, with the grid of so many columns that fits each line best."""

    block: Block
    strips: tuple[Gray, ...]
    grids: tuple[Grid, ...]
    columns: int

    @classmethod
    def fit(cls, gray: Gray, block: Block, columns: int) -> _Gridded:
        strips = tuple(straighten(gray, line) for line in block)
        return cls(block, strips, tuple(fit_grid(strip, columns) for strip in strips), columns)

    @property
    def score(self) -> float:
        return min(grid.score for grid in self.grids)

    @cached_property
    def cells(self) -> list[list[Floats]]:
        return [
            [cut_cell(strip, grid, column, CELL_PX) for column in range(self.columns)]
            for strip, grid in zip(self.strips, self.grids, strict=True)
        ]


def _upside_down(line: TextLine) -> TextLine:
    return TextLine(line.corners[[2, 3, 0, 1]], line.height)


def _turn_back(line: ZoneLine, height: int) -> ZoneLine:
    """Give a line found in the turned picture its corners in the picture as it stands."""
    corners = tuple((y, height - 1 - x) for x, y in line.corners)
    return ZoneLine(line.strip, line.grid, line.is_filler, corners)


def _as_corners(corners: Floats) -> Corners:
    return tuple((float(x), float(y)) for x, y in corners)
