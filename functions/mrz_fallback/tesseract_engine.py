"""Tesseract as a fallback engine: reads again, cell by cell, the lines that the own reader found and is not sure of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_mrz import FILLER, UNREAD, Transcript
from functions.mrz_fallback import tesseract

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cari_imaging import Image
    from cari_mrz import Corners, MrzReading

METHOD = "tesseract"
SINGLE_LINE_CONFIG = "--psm 7 -c tessedit_char_whitelist=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTER_PX, PITCH_PX = 32, 34  # Tesseract reads letters of 30 to 36 pixels best
MARGIN_PX = 14
PAPER_GRAY_LEVEL = 255


def read_with_tesseract(image: Image, own: MrzReading, time_left_s: float) -> Iterator[Transcript]:
    """Give one transcript of the lines that were found; fillers, which it was not taught, stay unread."""
    deadline = time.monotonic() + time_left_s
    if own.mrz is None or own.corners is None:
        return
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    lines = []
    for text, corners in zip(own.mrz.lines, own.corners, strict=True):
        left_s = deadline - time.monotonic()
        line = _read(_straightened(gray, corners, text), len(text), left_s) if left_s > 0 else None
        if line is None:
            return
        lines.append(line)
    yield Transcript(tuple(lines), METHOD)


def _straightened(gray: NDArray[np.uint8], corners: Corners, text: str) -> NDArray[np.uint8]:
    """Cut a line out upright, each of its cells PITCH_PX wide, with paper where a filler was seen."""
    width, height = PITCH_PX * len(text), LETTER_PX + 2 * MARGIN_PX
    top, bottom = MARGIN_PX, MARGIN_PX + LETTER_PX
    target = np.array([[0, top], [width, top], [width, bottom], [0, bottom]], np.float32)
    to_print = cv2.getPerspectiveTransform(np.array(corners, np.float32), target)
    size = width, height
    cut = cv2.warpPerspective(gray, to_print, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    line = np.asarray(cut, np.float32)
    black, white = np.percentile(line, (2, 80))
    even = np.clip((line - black) / max(white - black, 10) * PAPER_GRAY_LEVEL, 0, PAPER_GRAY_LEVEL).astype(np.uint8)
    for column, character in enumerate(text):
        if character == FILLER:
            even[:, column * PITCH_PX : (column + 1) * PITCH_PX] = PAPER_GRAY_LEVEL
    return np.pad(even, MARGIN_PX, constant_values=PAPER_GRAY_LEVEL)


def _read(line: NDArray[np.uint8], columns: int, timeout_s: float) -> str | None:
    """Give each cell the character read in it, UNREAD to one that gets none or two; None when the time is over."""
    boxes = tesseract.boxes(line, SINGLE_LINE_CONFIG, timeout_s)
    if boxes is None:
        return None
    cells: list[list[str]] = [[] for _ in range(columns)]
    for box in boxes.splitlines():
        character, left, _, right, *_ = box.split(" ")
        column = int(((int(left) + int(right)) / 2 - MARGIN_PX) / PITCH_PX)
        if 0 <= column < columns:
            cells[column].append(character)
    return "".join(cell[0] if len(cell) == 1 else UNREAD for cell in cells)
