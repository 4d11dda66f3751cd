"""Lines as they were marked, fitted to their print: all equally long, as high as their letters, on their middle."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from .strips import LETTER_PX, SIDE_PX, Frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .blocks import Block
    from .lines import Floats, Gray, TextLine

ROOM_PX = 56  # rows looked at: the line with half of its neighbours
CHUNKS = 10  # a line is followed in so many pieces
FEWEST = 4  # of which letters of the usual height must be seen in
REACH_PX = 9  # how far off a line may have been marked
FARTHEST = 0.55  # letters; what is further off is other print
HEIGHTS_PX = (11, 22)  # of letters that were taken to be 16 pixels high
INK_SHARE = 0.33  # of a chunk's darkest rows: what is less dark is above or below the letters
LEAST_INK = 0.05  # of a row
BENDING = 20.0  # letters; shorter lines are taken for straight


def refine(gray: Gray, block: Block) -> Block:
    """Fit the lines of a block to their print, all of them as long as they are together."""
    along = np.mean([line.direction for line in block], axis=0)
    along /= np.linalg.norm(along)
    starts, ends = (np.array([line.corners[[k, 3 - k]].mean(axis=0) @ along for line in block]) for k in (0, 1))
    return tuple(
        _fitted(gray, line.extended(float(starts[i] - starts.min()), float(ends.max() - ends[i])))
        for i, line in enumerate(block)
    )


def _fitted(gray: Gray, line: TextLine) -> TextLine:
    """Fit a line to its print; leave it as it is where no print is seen."""
    frame = Frame.of(line, height=ROOM_PX)
    ink = _ink(frame.cut(gray))
    course = _course(ink)
    if course is None:
        return line
    middle, letter = course
    ends = np.array([SIDE_PX, frame.size[0] / 2, frame.size[0] - SIDE_PX])
    rows = np.polyval(middle, ends)
    if np.abs(rows - ROOM_PX / 2).max() > FARTHEST * LETTER_PX:
        return line
    start, center, end = frame.at(np.stack([ends, rows], axis=-1))
    above, below = (frame.at(np.stack([ends, rows + half], axis=-1)) for half in (-letter / 2, letter / 2))
    upright = (below - above) / 2
    corners = np.array([start - upright[0], end - upright[2], end + upright[2], start + upright[0]], np.float32)
    chord = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
    bow = float((center - (start + end) / 2) @ np.array([-chord[1], chord[0]]))
    return replace(line, corners=corners, height=float(np.linalg.norm(below - above, axis=1).mean()), bow=bow)


def _ink(strip: Gray) -> Floats:
    """Mark the pixels that are darker than their surroundings, as print in the middle of the strip is."""
    size = LETTER_PX + 3
    dark = cv2.morphologyEx(strip, cv2.MORPH_BLACKHAT, np.ones((size, size), np.uint8)).astype(np.float32)
    quarter = len(dark) // 4
    return (dark > max(8.0, 0.45 * float(np.percentile(dark[quarter:-quarter], 85)))).astype(np.float32)


def _course(ink: Floats) -> tuple[NDArray[np.float64], float] | None:
    """Follow the line through its chunks: the polynomial of its middle and the height of its letters."""
    edges = np.linspace(SIDE_PX, ink.shape[1] - SIDE_PX, CHUNKS + 1).astype(int)
    found = []
    for left, right in pairwise(edges):
        rows = _letter_rows(ink[:, left:right].mean(axis=1))
        if rows:
            found.append(((left + right) / 2, (rows[0] + rows[1]) / 2, rows[1] - rows[0]))
    if len(found) < FEWEST:
        return None
    columns, middles, heights = np.array(found, np.float64).T
    letter = float(np.median(heights))
    usual = np.abs(heights - letter) <= max(2.0, 0.3 * letter)
    if usual.sum() < FEWEST or not HEIGHTS_PX[0] < letter < HEIGHTS_PX[1]:
        return None
    bends = ink.shape[1] > BENDING * LETTER_PX and usual.sum() > CHUNKS / 2
    return _robust(columns[usual], middles[usual], 2 if bends else 1), letter


def _letter_rows(profile: NDArray[np.floating]) -> tuple[int, int] | None:
    """Find the first row of the letters in a chunk, and the first below them."""
    rows = cv2.blur(profile.astype(np.float32)[:, None], (1, 3))[:, 0]
    center = len(rows) // 2
    near = cv2.blur(rows[:, None], (1, LETTER_PX - 3))[:, 0][center - REACH_PX : center + REACH_PX + 1]
    peak = center - REACH_PX + int(np.argmax(near))
    dark = rows[max(0, peak - 5) : peak + 6].mean()
    if dark < LEAST_INK:
        return None
    top = bottom = peak
    while top > 0 and rows[top - 1] > INK_SHARE * dark:
        top -= 1
    while bottom < len(rows) - 1 and rows[bottom + 1] > INK_SHARE * dark:
        bottom += 1
    return top, bottom + 1


def _robust(columns: NDArray[np.float64], middles: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """Fit a polynomial, twice leaving out what lies furthest from it."""
    course = np.polyfit(columns, middles, degree)
    for _ in range(2):
        off = np.abs(np.polyval(course, columns) - middles)
        keep = off <= max(1.0, 2 * float(np.median(off)))
        if keep.sum() <= degree + 1:
            break
        course = np.polyfit(columns[keep], middles[keep], degree)
    return course
