"""A located line cut out of the picture upright: its letters 16 pixels high, with room around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lines import Floats, Gray, TextLine

LETTER_PX = 16
STRIP_HEIGHT = 32  # what the recogniser reads
SIDE_PX = 48  # beside the line: its first or last letters are easily missed when it is located
WIDTHS_PX = (160, 1216)
LEAST_BOW = 0.04  # letters; straighter lines are cut as straight ones
MOST_OVER = 8


def cut_strip(gray: Gray, line: TextLine, *, tall: float = 1.0, down: float = 0.0) -> Gray:
    """Cut out a line for the recogniser; tall and down (in letters) correct for how it was located."""
    return Frame.of(line, height=STRIP_HEIGHT, tall=tall, down=down).cut(gray)


@dataclass(frozen=True, eq=False)
class Frame:
    """Where a strip lies in its picture: a quadrilateral, bowed where the page is."""

    to_picture: Floats
    bow_px: float  # how far the middle of the strip lies below its ends, in pixels of the strip
    size: tuple[int, int]
    over: int  # how many times larger a strip is sampled than it becomes, so that no pixel is passed over

    @classmethod
    def of(cls, line: TextLine, *, height: int, tall: float = 1.0, down: float = 0.0) -> Frame:
        """Lay a strip of so many rows around a line."""
        top, bottom = line.corners[:2], line.corners[[3, 2]]
        middle, half = (top + bottom) / 2 + (bottom - top) * np.float32(down), (bottom - top) / 2 * np.float32(tall)
        source = np.array([*(middle - half), *(middle + half)[::-1]], np.float32)
        letter = line.height * tall
        width = int(np.clip(round(line.length / letter * LETTER_PX + 2 * SIDE_PX), *WIDTHS_PX))
        edge = (height - LETTER_PX) / 2
        left, right, foot = SIDE_PX, width - SIDE_PX, edge + LETTER_PX
        target = np.array([[left, edge], [right, edge], [right, foot], [left, foot]], np.float32)
        return cls(
            to_picture=np.asarray(cv2.getPerspectiveTransform(target, source), np.float32),
            bow_px=line.bow / line.height * LETTER_PX if abs(line.bow) > LEAST_BOW * line.height else 0.0,
            size=(width, height),
            over=max(1, min(MOST_OVER, int(letter / LETTER_PX))),
        )

    def cut(self, gray: Gray) -> Gray:
        """Sample the picture."""
        size = self.size[0] * self.over, self.size[1] * self.over
        method = cv2.INTER_CUBIC if self.over == 1 else cv2.INTER_LINEAR
        if self.bow_px:
            columns, rows = np.meshgrid(*(np.arange(side, dtype=np.float32) / self.over for side in size))
            at = self.at(np.stack([columns, rows], axis=-1))
            strip = cv2.remap(gray, at[..., 0], at[..., 1], method, borderMode=cv2.BORDER_REPLICATE)
        else:
            matrix = self.to_picture @ np.diag([1 / self.over, 1 / self.over, 1]).astype(np.float32)
            flags = method | cv2.WARP_INVERSE_MAP
            strip = cv2.warpPerspective(gray, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        if self.over > 1:
            strip = cv2.resize(strip, self.size, interpolation=cv2.INTER_AREA)
        return np.asarray(strip, np.uint8)

    def at(self, points: NDArray[Any]) -> Floats:
        """Say where points of the strip (…×2) lie in the picture."""
        along = 2 * points[..., 0] / self.size[0] - 1
        below = points[..., 1] + self.bow_px * (1 - along**2)
        flat = np.stack([points[..., 0], below], axis=-1).reshape(-1, 1, 2).astype(np.float32)
        return np.asarray(cv2.perspectiveTransform(flat, self.to_picture), np.float32).reshape(points.shape)
