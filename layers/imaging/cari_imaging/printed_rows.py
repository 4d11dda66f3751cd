"""Rows of printed letters. None is read: what has the size, the ink and the neighbours of a letter is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Gray = NDArray[np.uint8]
    Boxes = NDArray[np.int64]  # N×4: left, top, width, height

PX_PER_MM = 3.2  # of the view: a document's letters, 1.2 to 4 mm high, then have 4 to 13 pixels
BLUR_PX = 0.8
STROKE_PX = 11  # side of a square that is wider than a letter's stroke
MIN_INK_GREYS, MIN_INK_RATIO, NEIGHBOURHOOD_PX = 18, 2.0, 101  # how much darker than its paper, and than all around is
LETTER_HEIGHT_PX, MAX_LETTER_WIDTH_PX, MIN_LETTER_AREA_PX = (3, 16), 30, 4
MAX_LETTERS = 700  # those nearest to the middle: a busy background has thousands
MAX_GAP, MAX_OVERLAP = 1.6, 0.5  # of neighbours in a row, in letter heights
MIN_COMMON_HEIGHT, MAX_HEIGHT_RATIO = 0.5, 2.0  # likewise
MIN_ROW_LETTERS = 5


def find_rows(view: Gray) -> NDArray[np.float64]:
    """Find level rows of at least five dark letters in a grey view of PX_PER_MM: how far down each is, in px."""
    letters = _letters(view)
    if not len(letters):
        return np.empty(0)
    left, top, _, height = letters.T
    following = _following(letters)
    rows: dict[int, list[float]] = {}
    row_of = list(range(len(letters)))
    for one in np.argsort(left, kind="stable").tolist():
        rows.setdefault(row_of[one], []).append(float(top[one] + height[one] / 2))
        if (other := int(following[one])) >= 0 and row_of[other] == other:
            row_of[other] = row_of[one]
    return np.array([np.mean(row) for row in rows.values() if len(row) >= MIN_ROW_LETTERS], np.float64)


def _letters(view: Gray) -> Boxes:
    """Find what may be letters: dark, small, and darker than what is around on the whole."""
    square = cv2.getStructuringElement(cv2.MORPH_RECT, (STROKE_PX, STROKE_PX))
    ink = cv2.morphologyEx(cv2.GaussianBlur(view, (0, 0), BLUR_PX), cv2.MORPH_BLACKHAT, square)
    around = cv2.blur(ink, (NEIGHBOURHOOD_PX, NEIGHBOURHOOD_PX))
    marked = (ink > np.maximum(MIN_INK_GREYS, MIN_INK_RATIO * around)).astype(np.uint8)
    _, _, parts, middles = cv2.connectedComponentsWithStats(marked, connectivity=8)
    width, height, area = parts[:, cv2.CC_STAT_WIDTH], parts[:, cv2.CC_STAT_HEIGHT], parts[:, cv2.CC_STAT_AREA]
    least, most = LETTER_HEIGHT_PX
    fits = (height >= least) & (height <= most) & (width <= MAX_LETTER_WIDTH_PX) & (area >= MIN_LETTER_AREA_PX)
    fits[0] = False  # what is not marked
    away = np.linalg.norm(middles[fits] - np.array(view.shape[::-1]) / 2, axis=1)
    return np.asarray(parts[fits][np.argsort(away, kind="stable")[:MAX_LETTERS], : cv2.CC_STAT_AREA], np.int64)


def _following(letters: Boxes) -> NDArray[np.intp]:
    """Say which letter is each one's nearest neighbour to the right in a row; -1 where it has none."""
    left, top, width, height = letters.T
    right, bottom = left + width, top + height
    larger, smaller = np.maximum.outer(height, height), np.minimum.outer(height, height)
    gap = np.subtract.outer(-right, -left).astype(np.float64)
    common = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    fits = (
        (gap <= MAX_GAP * larger)
        & (gap >= -MAX_OVERLAP * smaller)
        & np.less.outer(left, left)
        & (common >= MIN_COMMON_HEIGHT * smaller)
        & (larger <= MAX_HEIGHT_RATIO * smaller)
    )
    gap[~fits] = np.inf
    return np.asarray(np.where(fits.any(axis=1), gap.argmin(axis=1), -1), np.intp)
