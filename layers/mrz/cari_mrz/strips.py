"""A located line cut out of the picture upright: its letters 16 pixels high, with a margin around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .text_line import Floats, Gray, TextLine

LETTER_PX = 16
STRIP_HEIGHT_PX = 32  # what the recogniser reads
STRIP_MARGIN_PX = 48  # at either end of the line: its first or last letters are easily missed when it is located
STRIP_WIDTH_RANGE_PX = (160, 1216)
MIN_BOW_LETTERS = 0.04  # letter heights; straighter lines are cut as straight ones
MAX_OVERSAMPLING = 8


def cut_strip(gray: Gray, line: TextLine, *, height_scale: float = 1.0, shift_letters: float = 0.0) -> Gray:
    """Cut out a line for the recogniser, STRIP_HEIGHT_PX×W.

    `height_scale` and `shift_letters` (downwards, in letter heights) correct for how the line was located.
    """
    return Frame.of(line, height=STRIP_HEIGHT_PX, height_scale=height_scale, shift_letters=shift_letters).cut(gray)


@dataclass(frozen=True, eq=False)
class Frame:
    """Where a strip lies in its picture: a quadrilateral, bowed where the page is.

    `to_picture` is the 3×3 matrix from the strip's pixels to the picture's, `size` the strip's width and height.
    """

    to_picture: Floats
    bow_px: float  # how far the middle of the strip lies below its ends, in pixels of the strip
    size: tuple[int, int]
    oversampling: int  # how many times larger the strip is sampled than it becomes, so that every pixel counts

    @classmethod
    def of(cls, line: TextLine, *, height: int, height_scale: float = 1.0, shift_letters: float = 0.0) -> Frame:
        """Lay a strip of `height` rows around a line."""
        top, bottom = line.corners[:2], line.corners[[3, 2]]
        middle = (top + bottom) / 2 + (bottom - top) * np.float32(shift_letters)
        half = (bottom - top) / 2 * np.float32(height_scale)
        source = np.array([*(middle - half), *(middle + half)[::-1]], np.float32)
        letter_px = line.height * height_scale
        width = int(np.clip(round(line.length / letter_px * LETTER_PX + 2 * STRIP_MARGIN_PX), *STRIP_WIDTH_RANGE_PX))
        edge = (height - LETTER_PX) / 2
        left, right, foot = STRIP_MARGIN_PX, width - STRIP_MARGIN_PX, edge + LETTER_PX
        target = np.array([[left, edge], [right, edge], [right, foot], [left, foot]], np.float32)
        return cls(
            to_picture=np.asarray(cv2.getPerspectiveTransform(target, source), np.float32),
            bow_px=line.bow / line.height * LETTER_PX if abs(line.bow) > MIN_BOW_LETTERS * line.height else 0.0,
            size=(width, height),
            oversampling=max(1, min(MAX_OVERSAMPLING, int(letter_px / LETTER_PX))),
        )

    def cut(self, gray: Gray) -> Gray:
        """Sample the picture: the strip, height×width."""
        size = self.size[0] * self.oversampling, self.size[1] * self.oversampling
        method = cv2.INTER_CUBIC if self.oversampling == 1 else cv2.INTER_LINEAR
        if self.bow_px:
            columns, rows = np.meshgrid(*(np.arange(side, dtype=np.float32) / self.oversampling for side in size))
            points = self.map_points(np.stack([columns, rows], axis=-1))
            strip = cv2.remap(gray, points[..., 0], points[..., 1], method, borderMode=cv2.BORDER_REPLICATE)
        else:
            matrix = self.to_picture @ np.diag([1 / self.oversampling, 1 / self.oversampling, 1]).astype(np.float32)
            flags = method | cv2.WARP_INVERSE_MAP
            strip = cv2.warpPerspective(gray, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        if self.oversampling > 1:
            strip = cv2.resize(strip, self.size, interpolation=cv2.INTER_AREA)
        return np.asarray(strip, np.uint8)

    def map_points(self, points: NDArray[Any]) -> Floats:
        """Map points of the strip (…×2, x and y) to the picture."""
        along = 2 * points[..., 0] / self.size[0] - 1
        below = points[..., 1] + self.bow_px * (1 - along**2)
        flat = np.stack([points[..., 0], below], axis=-1).reshape(-1, 1, 2).astype(np.float32)
        return np.asarray(cv2.perspectiveTransform(flat, self.to_picture), np.float32).reshape(points.shape)
