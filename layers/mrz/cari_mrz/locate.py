"""Where the lines of an MRZ are: bands that the net marks, each made one line, stacked as an MRZ's are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .bands import MAX_ENLARGED, STRIDE, map_bands
from .blocks import stack
from .lines import TextLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .bands import BandMap
    from .blocks import Block
    from .lines import Floats, Gray

LONG_SIDES_PX = (512, 1024)  # the second only where nothing reads well in the first
# The likeliest blocks whose letters are so small, at that scale, are looked at alone: with as much around them as makes
# up a whole line, in heights of a letter, or a little more.
CLOSER, SMALL_PX = 2, 7.5
WHOLE, LEAST_ROOM = 62.0, 10.0
LIKELY = (0.4, 0.6, 0.8, 0.9)  # the first that tells neighbouring lines apart
THICK = 1.1  # heights of a letter; a band that is thicker is of several lines
FEWEST_CELLS = 8
STEEP = -np.pi / 3  # so that lines of one page, however tilted, all point the same way
LEAST_LENGTH = 6.0  # heights of a letter; what is shorter is no piece of a line
ONE_WAY = 0.94  # cosine between pieces of one line
UNLIKE = 1.45  # between the heights of their letters
BESIDE, AFTER = 0.7, 9.0  # how far, in heights, a piece may lie beside the other's course, and after its end


def find_blocks(gray: Gray) -> Iterator[Block]:
    """Give stacks of lines that may be an MRZ, the likeliest first, each in its reading direction."""
    for long_side_px in LONG_SIDES_PX:
        bands = map_bands(gray, long_side_px)
        lines = find_lines(bands)
        yield from stack(lines)
        for block in stack(lines, least_length=LEAST_LENGTH)[:CLOSER]:
            if block[0].height * bands.scale < SMALL_PX:
                yield from _closer(gray, block)
        if max(gray.shape) * MAX_ENLARGED <= long_side_px:
            return


def _closer(gray: Gray, block: Block) -> list[Block]:
    """Look at the surroundings of a block alone: small lines are marked in part only."""
    corners = np.concatenate([line.corners for line in block])
    length, height = max(line.length for line in block), block[0].height
    room = max(LEAST_ROOM * height, (WHOLE * height - length) / 2)
    left, top = np.maximum(corners.min(axis=0) - room, 0).astype(int)
    right, bottom = (corners.max(axis=0) + room).astype(int)
    lines = find_lines(map_bands(np.ascontiguousarray(gray[top:bottom, left:right]), LONG_SIDES_PX[0]))
    return stack([line.moved(line.corners + np.array([left, top], np.float32)) for line in lines])


def find_lines(bands: BandMap) -> list[TextLine]:
    """Make a line of every band, in pixels of the original picture."""
    pieces = _pieces(bands, bands.likely > LIKELY[0], 0)
    joined = _joined([piece for piece in pieces if piece.length > LEAST_LENGTH * piece.height])
    return [piece.as_line(bands.scale) for piece in joined]


def _pieces(bands: BandMap, marked: NDArray[np.bool_], level: int) -> list[_Piece]:
    """Make a piece of each connected part; where lines ran together, of what is likelier in it."""
    _, labels = cv2.connectedComponents(marked.astype(np.uint8), connectivity=8)
    rows, columns = np.nonzero(labels)
    of = labels[rows, columns]
    order = np.argsort(of, kind="stable")
    ends = np.searchsorted(of[order], np.arange(1, int(of.max(initial=0)) + 2))
    found: list[_Piece] = []
    for start, end in pairwise(ends):
        each = order[start:end]
        if len(each) < FEWEST_CELLS:
            continue
        piece = _Piece.of(bands, rows[each], columns[each])
        if piece.thickness > THICK * piece.height and level + 1 < len(LIKELY):
            part = np.zeros_like(marked)
            part[rows[each], columns[each]] = bands.likely[rows[each], columns[each]] > LIKELY[level + 1]
            found += _pieces(bands, part, level + 1)
        else:
            found.append(piece)
    return found


@dataclass(frozen=True, eq=False)
class _Piece:
    """Cells of one band (N×2, pixels of the scaled picture), the axis they run along and how high their letters are.

    The axis points right, or down where it is steep; way says how much more cells are read along than against it.
    """

    cells: Floats
    direction: Floats
    height: float
    way: float

    @classmethod
    def of(cls, bands: BandMap, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> _Piece:
        cells = (np.stack([columns, rows], axis=1) + 0.5) * STRIDE - 0.5
        ways = bands.direction[rows, columns]
        axis = _axis(ways)
        return cls(
            np.asarray(cells, np.float32),
            axis,
            float(np.median(bands.height[rows, columns])),
            float((ways @ axis).mean()),
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
        """How far across their axis nearly all cells lie."""
        course, along, across = self.course()
        low, high = np.percentile(across - np.polyval(course, along), (4, 96))
        return float(high - low)

    def course(self) -> tuple[NDArray[np.float64], Floats, Floats]:
        """Fit how far across its direction the band lies along it: a parabola where it is long enough."""
        along = self.along
        across = self.cells @ np.array([-self.direction[1], self.direction[0]])
        degree = 2 if along.max() - along.min() > 2 * LEAST_LENGTH * self.height else 1
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
        return TextLine(np.asarray(corners, np.float32), self.height / scale, bow / scale, self.way)


def _axis(ways: Floats) -> Floats:
    """Give the axis that directions run along, whichever way."""
    doubled = np.arctan2(ways[:, 1], ways[:, 0]) * 2
    angle = np.arctan2(np.sin(doubled).mean(), np.cos(doubled).mean()) / 2
    if angle < STEEP:
        angle += np.pi
    return np.array([np.cos(angle), np.sin(angle)], np.float32)


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Join pieces that go on where others end."""
    whole: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: -piece.length):
        other = next((k for k, other in enumerate(whole) if _goes_on(other, piece)), None)
        if other is None:
            whole.append(piece)
        else:
            whole[other] = _both(whole[other], piece)
    return whole


def _both(one: _Piece, other: _Piece) -> _Piece:
    share = len(one.cells) / (len(one.cells) + len(other.cells))
    mean = one.direction * one.length + other.direction * other.length
    return _Piece(
        cells=np.concatenate([one.cells, other.cells]),
        direction=np.asarray(mean / np.linalg.norm(mean), np.float32),
        height=share * one.height + (1 - share) * other.height,
        way=share * one.way + (1 - share) * other.way,
    )


def _goes_on(one: _Piece, other: _Piece) -> bool:
    if float(one.direction @ other.direction) < ONE_WAY or not 1 / UNLIKE < one.height / other.height < UNLIKE:
        return False
    along, its = one.along, other.cells @ one.direction
    gap = max(float(its.min() - along.max()), float(along.min() - its.max()))
    if not -one.height < gap < AFTER * one.height:
        return False
    across = one.cells @ np.array([-one.direction[1], one.direction[0]])
    straight = np.polyfit(along, across, 1)
    beside = other.cells @ np.array([-one.direction[1], one.direction[0]]) - np.polyval(straight, its)
    return abs(float(np.median(beside))) < BESIDE * one.height
