"""Draw a reading onto its picture: the lines as they were found, what was read, which characters are in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_imaging import Image

    from .reading import MrzReading
    from .transcript import Corners

VALID_COLOR, DOUBTFUL_COLOR, INVALID_COLOR = (22, 136, 82), (224, 130, 0), (200, 44, 52)  # RGB
TEXT_COLOR, CAPTION_COLOR = (34, 38, 48), (252, 252, 250)
MIN_WIDTH_PX = 900  # smaller pictures are enlarged, or nothing could be read on them
TEXT_ROW_PX = 28
OUTLINE_MARGIN_LETTERS = 0.25  # above and below a line, in letter heights


def annotate(image: Image, reading: MrzReading) -> Image:
    """Draw a reading onto a copy of its picture (RGB), with the lines and the verdict written below."""
    scale = max(1.0, MIN_WIDTH_PX / image.shape[1])
    picture = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    color = VALID_COLOR if reading.valid else INVALID_COLOR
    stroke = max(1, round(max(picture.shape) / 900))
    for line in reading.corners or ():
        _outline(picture, _cell(line, 0, 1, scale), color, stroke)
    if reading.mrz and reading.corners:
        for i, j in reading.doubtful:
            count = len(reading.mrz.lines[i])
            _outline(picture, _cell(reading.corners[i], j / count, (j + 1) / count, scale), DOUBTFUL_COLOR, stroke)
    return np.vstack([picture, _caption(picture.shape[1], reading, color)])


def _cell(line: Corners, start: float, end: float, scale: float) -> NDArray[np.float64]:
    """Cut a part, from start to end (0..1), out of a line, with a margin above and below: 4×2 pixels."""
    top_left, top_right, bottom_right, bottom_left = np.array(line) * scale
    up = OUTLINE_MARGIN_LETTERS * (top_left - bottom_left)
    top, bottom = top_right - top_left, bottom_right - bottom_left
    return np.array(
        [
            top_left + start * top + up,
            top_left + end * top + up,
            bottom_left + end * bottom - up,
            bottom_left + start * bottom - up,
        ]
    )


def _outline(picture: Image, corners: NDArray[np.float64], color: tuple[int, int, int], stroke: int) -> None:
    cv2.polylines(picture, [np.rint(corners).astype(np.int32)], isClosed=True, color=color, thickness=stroke)


def _caption(width: int, reading: MrzReading, color: tuple[int, int, int]) -> Image:
    verdict = "valid" if reading.valid else f"not valid: {reading.reason}" if reading.found else f"{reading.reason}"
    rows = [(verdict, color), *((line, TEXT_COLOR) for line in (reading.mrz.lines if reading.mrz else ()))]
    caption = np.full((TEXT_ROW_PX * len(rows) + TEXT_ROW_PX // 2, width, 3), CAPTION_COLOR, np.uint8)
    size = min(0.7, width / 44 / 20)
    for row, (text, ink) in enumerate(rows):
        at = (TEXT_ROW_PX // 2, TEXT_ROW_PX * (row + 1) - 4)
        cv2.putText(caption, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, ink, 1, cv2.LINE_AA)
    return caption
