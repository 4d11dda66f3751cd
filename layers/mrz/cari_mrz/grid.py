"""The fixed pitch of an MRZ: which pixels of a straightened line belong to which character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lines import Floats, Gray, TextLine

LETTER_PX = 32  # height of a letter in a straightened line; Tesseract reads 30 to 36 best
MARGIN_PX = (LETTER_PX, 13)  # sideways and up, around the letters

# How well a grid fits: ink inside its cells less ink on their borders, in units of the line's mean ink.
# Measured on 39 specimens: a right grid scores 2.2 to 3.5, other print at most 1.3.
EMPTY_CELL_COST = 0.2
INK_OUTSIDE_COST = 0.2
MAX_OUTSIDE = 3  # cells' worth of ink; lines often touch a border or a photograph
EMPTY_INK = 0.35


@dataclass(frozen=True)
class Grid:
    """Where the cells of a straightened line begin and how wide they are, in pixels; score is its fit."""

    start: float
    pitch: float
    score: float

    def edge(self, column: int) -> int:
        """Give the pixel where a column begins."""
        return max(0, round(self.start + column * self.pitch))


def straighten(gray: Gray, line: TextLine) -> Gray:
    """Cut a line out upright, letters LETTER_PX tall, dark on a background made even and white."""
    width = round(line.length / line.height * LETTER_PX)
    left, top = MARGIN_PX
    target = np.array(
        [[left, top], [width + left, top], [width + left, top + LETTER_PX], [left, top + LETTER_PX]], np.float32
    )
    warp = cv2.getPerspectiveTransform(line.corners, target)
    size = (width + 2 * left, LETTER_PX + 2 * top)
    strip = cv2.warpPerspective(gray, warp, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return _even(np.asarray(strip, np.uint8))


def fit_grid(strip: Gray, columns: int) -> Grid:
    """Find the pitch and the start at which so many cells fit a straightened line best."""
    ink = _column_ink(strip)
    pitch = (strip.shape[1] - 2 * MARGIN_PX[0]) / (columns - 0.25)
    return _best(ink, columns, pitch * np.linspace(0.94, 1.06, 37), np.arange(-1.7, 1.7, 0.05))


def _even(strip: Gray) -> Gray:
    """Divide by the background, then stretch ink to black and paper to white."""
    side = 2 * LETTER_PX + 1
    paper = cv2.morphologyEx(strip, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    paper = cv2.blur(cv2.blur(paper, (side, side)), (side, side))
    even = np.clip(strip.astype(np.float32) / np.maximum(paper, 1) * 255, 0, 255)
    black, white = np.percentile(even, [2, 80])
    return np.asarray(np.clip((even - black) / max(white - black, 10) * 255, 0, 255), np.uint8)


def _column_ink(strip: Gray) -> NDArray[np.float64]:
    """Sum up how dark each pixel column of the letters is, in units of the mean."""
    top = MARGIN_PX[1]
    ink = (255.0 - strip[top - 2 : top + LETTER_PX + 2]).mean(axis=0)
    ink = np.maximum(ink - np.percentile(ink, 5), 0)
    return np.asarray(ink / (ink.mean() + 1e-6), np.float64)


def _best(ink: NDArray[np.float64], columns: int, pitches: NDArray[np.floating], shifts: NDArray[np.floating]) -> Grid:
    """Try every pitch with every start (the line's, shifted by so many cells) and keep the best fit.

    Positions are rounded to pixels, of which a cell has about thirty.
    """
    pitch, shift = (axis.ravel()[:, None] for axis in np.meshgrid(pitches, shifts, indexing="ij"))
    start = MARGIN_PX[0] + shift * pitch
    column = np.arange(columns)
    borders = _pixels(start + np.arange(columns + 1) * pitch, len(ink))
    sums = np.concatenate([[0.0], np.cumsum(ink)])[borders]
    ink = np.append(ink, 0.0)
    inside = sum(ink[_pixels(start + (column + part) * pitch, len(ink) - 1)].mean(axis=1) for part in (0.35, 0.65))
    empty = np.diff(sums, axis=1) < EMPTY_INK * pitch
    outside = (ink.sum() - sums[:, -1] + sums[:, 0]) / pitch[:, 0]
    score = (
        inside
        - 2 * ink[borders].mean(axis=1)
        - EMPTY_CELL_COST * empty.sum(axis=1)
        - INK_OUTSIDE_COST * np.minimum(outside, MAX_OUTSIDE)
    )
    best = int(np.argmax(score))
    return Grid(float(start[best, 0]), float(pitch[best, 0]), float(score[best]))


def _pixels(positions: NDArray[np.float64], width: int) -> NDArray[np.intp]:
    return np.clip(np.rint(positions), 0, width).astype(np.intp)


def cut_cell(strip: Gray, grid: Grid, column: int, size: tuple[int, int]) -> Floats:
    """Cut one cell out of a straightened line, resampled to size (width, height)."""
    left, top = grid.start + column * grid.pitch, MARGIN_PX[1] - 0.15 * LETTER_PX
    across, down = size[0] / grid.pitch, size[1] / (1.3 * LETTER_PX)
    warp = np.array([[across, 0, -left * across], [0, down, -top * down]], np.float32)
    cell = cv2.warpAffine(strip, warp, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cell, np.float32)
