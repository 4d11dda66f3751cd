"""Fit located lines to their print: all equally long, as high as their letters, on the letters' middle."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .strips import LETTER_PX, STRIP_MARGIN_PX, Frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .blocks import Block
    from .text_line import Floats, Gray, TextLine

REFINE_HEIGHT_PX = 56  # rows around the line: with half of its neighbours
CHUNKS = 10  # parts of a line in which its letters' rows are looked for
MIN_CHUNKS = 4  # of them that must show letters of the usual height
MAX_OFFSET_PX = 9  # rows that a line may have been located too high or too low
MAX_OFFSET_LETTERS = 0.55  # letter heights; what is further off is other print
LETTER_RANGE_PX = (11, 22)  # of letters that were taken to be 16 pixels high
MIN_RELATIVE_INK = 0.33  # of a chunk's darkest rows: what is less dark is above or below the letters
MIN_INK = 0.05  # share of a row's pixels
MIN_BENDING_LETTERS = 20.0  # letter heights; shorter lines are taken for straight


def refine(gray: Gray, block: Block) -> Block:
    """Fit the lines of a block to their print, each from where the first begins to where the last ends."""
    along = np.mean([line.direction for line in block], axis=0)
    along /= np.linalg.norm(along)
    starts, ends = (np.array([line.corners[[k, 3 - k]].mean(axis=0) @ along for line in block]) for k in (0, 1))
    return tuple(
        _fitted(gray, line.extended(float(starts[i] - starts.min()), float(ends.max() - ends[i])))
        for i, line in enumerate(block)
    )


def _fitted(gray: Gray, line: TextLine) -> TextLine:
    """Fit a line to its print; leave it as it is where no print is seen."""
    frame = Frame.of(line, height=REFINE_HEIGHT_PX)
    ink = _ink(frame.cut(gray))
    found = _middle_and_height(ink)
    if found is None:
        return line
    middle, letter_px = found
    ends = np.array([STRIP_MARGIN_PX, frame.size[0] / 2, frame.size[0] - STRIP_MARGIN_PX])
    rows = np.polyval(middle, ends)
    if np.abs(rows - REFINE_HEIGHT_PX / 2).max() > MAX_OFFSET_LETTERS * LETTER_PX:
        return line
    start, center, end = frame.map_points(np.stack([ends, rows], axis=-1))
    above, below = (
        frame.map_points(np.stack([ends, rows + half], axis=-1)) for half in (-letter_px / 2, letter_px / 2)
    )
    upright = (below - above) / 2
    corners = np.array([start - upright[0], end - upright[2], end + upright[2], start + upright[0]], np.float32)
    chord = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
    bow = float((center - (start + end) / 2) @ np.array([-chord[1], chord[0]]))
    return replace(line, corners=corners, height=float(np.linalg.norm(below - above, axis=1).mean()), bow=bow)


def _ink(strip: Gray) -> Floats:
    """Mark (1 or 0) the pixels that are darker than their surroundings, as print in the middle of the strip is."""
    size = LETTER_PX + 3
    dark = cv2.morphologyEx(strip, cv2.MORPH_BLACKHAT, np.ones((size, size), np.uint8)).astype(np.float32)
    quarter = len(dark) // 4
    return (dark > max(8.0, 0.45 * float(np.percentile(dark[quarter:-quarter], 85)))).astype(np.float32)


def _middle_and_height(ink: Floats) -> tuple[NDArray[np.float64], float] | None:
    """Fit the row of a line's middle as a polynomial of the column, the highest power first; measure its letters."""
    edges = np.linspace(STRIP_MARGIN_PX, ink.shape[1] - STRIP_MARGIN_PX, CHUNKS + 1).astype(int)
    found = []
    for left, right in pairwise(edges):
        rows = _letter_rows(ink[:, left:right].mean(axis=1))
        if rows:
            found.append(((left + right) / 2, (rows[0] + rows[1]) / 2, rows[1] - rows[0]))
    if len(found) < MIN_CHUNKS:
        return None
    columns, middles, heights = np.array(found, np.float64).T
    letter_px = float(np.median(heights))
    usual = np.abs(heights - letter_px) <= max(2.0, 0.3 * letter_px)
    if usual.sum() < MIN_CHUNKS or not LETTER_RANGE_PX[0] < letter_px < LETTER_RANGE_PX[1]:
        return None
    bends = ink.shape[1] > MIN_BENDING_LETTERS * LETTER_PX and usual.sum() > CHUNKS / 2
    return _robust_polynomial(columns[usual], middles[usual], 2 if bends else 1), letter_px


def _letter_rows(profile: NDArray[np.floating]) -> tuple[int, int] | None:
    """Find the first row of the letters in a chunk, and the first below them, by each row's share of ink."""
    rows = cv2.blur(profile.astype(np.float32)[:, None], (1, 3))[:, 0]
    center = len(rows) // 2
    near = cv2.blur(rows[:, None], (1, LETTER_PX - 3))[:, 0][center - MAX_OFFSET_PX : center + MAX_OFFSET_PX + 1]
    peak = center - MAX_OFFSET_PX + int(np.argmax(near))
    dark = rows[max(0, peak - 5) : peak + 6].mean()
    if dark < MIN_INK:
        return None
    top = bottom = peak
    while top > 0 and rows[top - 1] > MIN_RELATIVE_INK * dark:
        top -= 1
    while bottom < len(rows) - 1 and rows[bottom + 1] > MIN_RELATIVE_INK * dark:
        bottom += 1
    return top, bottom + 1


def _robust_polynomial(columns: NDArray[np.float64], middles: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """Fit a polynomial, the highest power first, twice leaving out what lies furthest from it."""
    course = np.polyfit(columns, middles, degree)
    for _ in range(2):
        off = np.abs(np.polyval(course, columns) - middles)
        keep = off <= max(1.0, 2 * float(np.median(off)))
        if keep.sum() <= degree + 1:
            break
        course = np.polyfit(columns[keep], middles[keep], degree)
    return course
