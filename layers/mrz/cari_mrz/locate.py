"""Locate the lines of an MRZ: bands that the network marks, each made one line, stacked as an MRZ's are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .bands import BAND_STRIDE_PX, MAX_SCALE, map_bands
from .blocks import stack
from .text_line import TextLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .bands import BandMap
    from .blocks import Block
    from .text_line import Floats, Gray

LONG_SIDES_PX = (512, 1024)  # the second only where nothing reads well in the first
# The likeliest blocks with letters lower than this, at that scale, are enlarged: cut out with as much around them as
# makes up a whole line, or at least a margin, both in letter heights.
MAX_CLOSE_UPS = 2
CLOSE_UP_LETTER_PX = 7.5
FULL_LINE_LETTERS, MIN_MARGIN_LETTERS = 62.0, 10.0
BAND_THRESHOLDS = (0.4, 0.6, 0.8, 0.9)  # the first that separates neighbouring lines is used
MAX_THICKNESS_LETTERS = 1.1  # letter heights; a band that is thicker is of several lines
MIN_CELLS = 8  # of a band
# Steeper axes are turned round, so that all lines of a tilted page point the same way.
STEEPEST_UPWARDS_RAD = -np.pi / 3
MIN_PIECE_LETTERS = 6.0  # letter heights; what is shorter is no piece of a line
# Of two pieces of one line:
MIN_COSINE = 0.94  # between their directions
MAX_HEIGHT_RATIO = 1.45  # of their letters
MAX_OFFSET_LETTERS = 0.7  # letter heights that one may lie above or below the other's course
MAX_GAP_LETTERS = 9.0  # letter heights between the end of one and the start of the other


def find_blocks(gray: Gray) -> Iterator[Block]:
    """Give blocks of lines that may be an MRZ in a grey picture, the likeliest first, each in its reading direction."""
    for long_side_px in LONG_SIDES_PX:
        bands = map_bands(gray, long_side_px)
        lines = find_lines(bands)
        yield from stack(lines)
        for block in stack(lines, min_length=MIN_PIECE_LETTERS)[:MAX_CLOSE_UPS]:
            if block[0].height * bands.scale < CLOSE_UP_LETTER_PX:
                yield from _close_up(gray, block)
        if max(gray.shape) * MAX_SCALE <= long_side_px:
            return


def _close_up(gray: Gray, block: Block) -> list[Block]:
    """Locate lines anew in the surroundings of a block, enlarged: of small lines only a part is marked."""
    corners = np.concatenate([line.corners for line in block])
    length, height = max(line.length for line in block), block[0].height
    margin = max(MIN_MARGIN_LETTERS * height, (FULL_LINE_LETTERS * height - length) / 2)
    left, top = np.maximum(corners.min(axis=0) - margin, 0).astype(int)
    right, bottom = (corners.max(axis=0) + margin).astype(int)
    lines = find_lines(map_bands(np.ascontiguousarray(gray[top:bottom, left:right]), LONG_SIDES_PX[0]))
    return stack([line.moved(line.corners + np.array([left, top], np.float32)) for line in lines])


def find_lines(bands: BandMap) -> list[TextLine]:
    """Make a line of every band, in pixels of the original picture."""
    pieces = _pieces(bands, bands.likely > BAND_THRESHOLDS[0], 0)
    joined = _joined([piece for piece in pieces if piece.length > MIN_PIECE_LETTERS * piece.height])
    return [piece.as_line(bands.scale) for piece in joined]


def _pieces(bands: BandMap, marked: NDArray[np.bool_], level: int) -> list[_Piece]:
    """Make a piece of each connected part; where lines are merged in it, of the cells above the next threshold."""
    _, labels = cv2.connectedComponents(marked.astype(np.uint8), connectivity=8)
    rows, columns = np.nonzero(labels)
    part_numbers = labels[rows, columns]
    order = np.argsort(part_numbers, kind="stable")
    ends = np.searchsorted(part_numbers[order], np.arange(1, int(part_numbers.max(initial=0)) + 2))
    found: list[_Piece] = []
    for start, end in pairwise(ends):
        each = order[start:end]
        if len(each) < MIN_CELLS:
            continue
        piece = _Piece.of(bands, rows[each], columns[each])
        if piece.thickness > MAX_THICKNESS_LETTERS * piece.height and level + 1 < len(BAND_THRESHOLDS):
            part = np.zeros_like(marked)
            part[rows[each], columns[each]] = bands.likely[rows[each], columns[each]] > BAND_THRESHOLDS[level + 1]
            found += _pieces(bands, part, level + 1)
        else:
            found.append(piece)
    return found


@dataclass(frozen=True, eq=False)
class _Piece:
    """Cells of one band (N×2, pixels of the scaled picture), their axis (a unit vector) and their letters' height.

    The axis points right, or down where it is steep. `orientation` (-1..1) is positive where more cells are read along
    the axis than against it.
    """

    cells: Floats
    direction: Floats
    height: float
    orientation: float

    @classmethod
    def of(cls, bands: BandMap, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> _Piece:
        cells = (np.stack([columns, rows], axis=1) + 0.5) * BAND_STRIDE_PX - 0.5
        directions = bands.direction[rows, columns]
        axis = _axis(directions)
        return cls(
            np.asarray(cells, np.float32),
            axis,
            float(np.median(bands.height[rows, columns])),
            float((directions @ axis).mean()),
        )

    @property
    def along(self) -> Floats:
        return np.asarray(self.cells @ self.direction, np.float32)

    @property
    def length(self) -> float:
        along = self.along
        return float(along.max() - along.min())

    @property
    def thickness(self) -> float:
        """How wide the band is across its course, without the outermost 4 % of its cells at either side."""
        course, along, across = self.course()
        low, high = np.percentile(across - np.polyval(course, along), (4, 96))
        return float(high - low)

    def course(self) -> tuple[NDArray[np.float64], Floats, Floats]:
        """Fit the band's course: a polynomial of the position along the axis that gives the position across it.

        Gives its coefficients (a parabola's where the band is long enough), and each cell's position along and across.
        """
        along = self.along
        across = self.cells @ np.array([-self.direction[1], self.direction[0]])
        degree = 2 if along.max() - along.min() > 2 * MIN_PIECE_LETTERS * self.height else 1
        return np.polyfit(along, across, degree), along, np.asarray(across, np.float32)

    def as_line(self, scale: float) -> TextLine:
        """Give the line from the band's one end to its other, as high as its letters."""
        course, along, _ = self.course()
        down = np.array([-self.direction[1], self.direction[0]])
        first, last = float(along.min()), float(along.max())
        left, middle, right = (
            a * self.direction + np.polyval(course, a) * down for a in (first, (first + last) / 2, last)
        )
        chord = (right - left) / max(1e-6, float(np.linalg.norm(right - left)))
        up = np.array([chord[1], -chord[0]]) * self.height / 2
        corners = np.array([left + up, right + up, right - up, left - up]) / scale
        bow = float((middle - (left + right) / 2) @ np.array([-chord[1], chord[0]]))
        return TextLine(np.asarray(corners, np.float32), self.height / scale, bow / scale, self.orientation)


def _axis(directions: Floats) -> Floats:
    """Give the axis (a unit vector) of directions (N×2) that may point either way along it."""
    doubled = np.arctan2(directions[:, 1], directions[:, 0]) * 2
    angle = np.arctan2(np.sin(doubled).mean(), np.cos(doubled).mean()) / 2
    if angle < STEEPEST_UPWARDS_RAD:
        angle += np.pi
    return np.array([np.cos(angle), np.sin(angle)], np.float32)


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Join pieces that are of one line."""
    whole: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: -piece.length):
        other = next((k for k, other in enumerate(whole) if _are_of_one_line(other, piece)), None)
        if other is None:
            whole.append(piece)
        else:
            whole[other] = _merged(whole[other], piece)
    return whole


def _merged(one: _Piece, other: _Piece) -> _Piece:
    share = len(one.cells) / (len(one.cells) + len(other.cells))
    mean = one.direction * one.length + other.direction * other.length
    return _Piece(
        cells=np.concatenate([one.cells, other.cells]),
        direction=np.asarray(mean / np.linalg.norm(mean), np.float32),
        height=share * one.height + (1 - share) * other.height,
        orientation=share * one.orientation + (1 - share) * other.orientation,
    )


def _are_of_one_line(one: _Piece, other: _Piece) -> bool:
    if (
        float(one.direction @ other.direction) < MIN_COSINE
        or not 1 / MAX_HEIGHT_RATIO < one.height / other.height < MAX_HEIGHT_RATIO
    ):
        return False
    along, other_along = one.along, other.cells @ one.direction
    gap = max(float(other_along.min() - along.max()), float(along.min() - other_along.max()))
    if not -one.height < gap < MAX_GAP_LETTERS * one.height:
        return False
    across = one.cells @ np.array([-one.direction[1], one.direction[0]])
    straight = np.polyfit(along, across, 1)
    offsets = other.cells @ np.array([-one.direction[1], one.direction[0]]) - np.polyval(straight, other_along)
    return abs(float(np.median(offsets))) < MAX_OFFSET_LETTERS * one.height
