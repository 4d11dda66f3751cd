"""A located line, cut out of the picture upright: 32 pixels high, its letters 16."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lines import Floats, Gray, TextLine

STRIP_HEIGHT, LETTER_PX = 32, 16
SIDE_PX = 26  # beside the line: its first or last letter is easily missed when it is located
WIDTHS_PX = (200, 1024)
LEAST_BOW = 0.04  # letters; straighter lines are cut as straight ones


def cut_strip(gray: Gray, line: TextLine, *, tall: float = 1.0, down: float = 0.0) -> Gray:
    """Cut out a line; tall and down (in letters) correct for how it was located."""
    target, size, over = _target(line, tall)
    top, bottom = line.corners[:2], line.corners[[3, 2]]
    middle, half = (top + bottom) / 2 + (bottom - top) * np.float32(down), (bottom - top) / 2 * np.float32(tall)
    source = np.array([*(middle - half), *(middle + half)[::-1]], np.float32)
    method = cv2.INTER_CUBIC if line.height < LETTER_PX else cv2.INTER_LINEAR
    to_picture = np.asarray(cv2.getPerspectiveTransform(target, source), np.float32)
    if abs(line.bow) > LEAST_BOW * line.height:
        strip = _bowed(gray, to_picture, size, line.bow / line.height * LETTER_PX * over, method)
    else:
        flags = method | cv2.WARP_INVERSE_MAP
        strip = _pixels(cv2.warpPerspective(gray, to_picture, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))
    if over > 1:
        strip = _pixels(cv2.resize(strip, (size[0] // over, STRIP_HEIGHT), interpolation=cv2.INTER_AREA))
    return strip


def _target(line: TextLine, tall: float) -> tuple[Floats, tuple[int, int], int]:
    """Say where the line's corners lie in its strip, how large that is, and how many times larger it is cut."""
    letter = line.height * tall
    width = int(np.clip(round(line.length / letter * LETTER_PX + 2 * SIDE_PX), *WIDTHS_PX))
    over = max(1, min(8, int(letter / LETTER_PX)))
    edge = (STRIP_HEIGHT - LETTER_PX) / 2
    left, right, bottom = SIDE_PX, width - SIDE_PX, edge + LETTER_PX
    corners = np.array([[left, edge], [right, edge], [right, bottom], [left, bottom]], np.float32)
    return corners * np.float32(over), (width * over, STRIP_HEIGHT * over), over


def _bowed(gray: Gray, to_picture: Floats, size: tuple[int, int], bow: float, method: int) -> Gray:
    """Cut along a parabola whose middle lies bow pixels of the strip below its ends."""
    columns, rows = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    along = 2 * columns / size[0] - 1
    rows += np.float32(bow) * (1 - along**2)
    places = np.asarray(cv2.perspectiveTransform(np.stack([columns, rows], axis=-1), to_picture), np.float32)
    return _pixels(cv2.remap(gray, places[..., 0], places[..., 1], method, borderMode=cv2.BORDER_REPLICATE))


def _pixels(picture: NDArray[Any]) -> Gray:
    return np.asarray(picture, np.uint8)
