"""Text and signs in OpenCV's own letters: ASCII, and a zero with a stroke, so that it is no O."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import cv2
import numpy as np

from functions.annotated.palette import INK, PAPER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_imaging import Image
    from functions.annotated.palette import Color, Mark

FONT = cv2.FONT_HERSHEY_DUPLEX
SCALE_ONE_PX = 30  # the height of a line of text at the font's scale 1
BRIGHT_COLOR_SUM = 370  # red, green and blue together, from which on a sign is dark
CAPITAL_HEIGHT = 0.7  # of a line's height
TO_ASCII = str.maketrans({"\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


def write(picture: Image, at: tuple[float, float], text: str, size_px: float, color: Color) -> None:
    """Write a line of text, `size_px` high, from the left end of its base line on."""
    where = round(at[0]), round(at[1])
    cv2.putText(picture, plain(text), where, FONT, size_px / SCALE_ONE_PX, color, _stroke(size_px), cv2.LINE_AA)


def width_of(text: str, size_px: float) -> int:
    """Measure a line of text in pixels."""
    return int(cv2.getTextSize(plain(text), FONT, size_px / SCALE_ONE_PX, _stroke(size_px))[0][0])


def write_character(picture: Image, middle: tuple[float, float], character: str, size_px: float, color: Color) -> None:
    """Write one character of print around a middle."""
    width, height = width_of(character, size_px), size_px * CAPITAL_HEIGHT
    left, base = middle[0] - width / 2, middle[1] + height / 2
    write(picture, (left, base), character, size_px, color)
    if character == "0":
        slope = width / 5, height / 4
        ends = [(round(middle[0] + way * slope[0]), round(middle[1] - way * slope[1])) for way in (-1, 1)]
        cv2.line(picture, ends[0], ends[1], color, _stroke(size_px), cv2.LINE_AA)


def draw_sign(picture: Image, corner: tuple[int, int], size_px: int, mark: Mark) -> None:
    """Draw a tick, a cross, an exclamation mark or a dash on a square of its colour."""
    (left, top), end = corner, size_px - 1
    dark = sum(mark.color) > BRIGHT_COLOR_SUM
    cv2.rectangle(picture, corner, (left + end, top + end), mark.color, -1)
    strokes = {
        "tick": ((0.2, 0.55), (0.42, 0.78), (0.82, 0.25)),
        "cross": ((0.24, 0.24), (0.76, 0.76), (0.5, 0.5), (0.76, 0.24), (0.24, 0.76)),
        "exclamation": ((0.5, 0.16), (0.5, 0.6)),
        "dash": ((0.24, 0.5), (0.76, 0.5)),
    }[mark.sign]
    points = np.rint([(left + x * end, top + y * end) for x, y in strokes]).astype(np.int32)
    color, thickness = (INK if dark else PAPER), max(2, round(size_px / 8))
    cv2.polylines(picture, [points], isClosed=False, color=color, thickness=thickness, lineType=cv2.LINE_AA)
    if mark.sign == "exclamation":
        dot = round(left + 0.5 * end), round(top + 0.83 * end)
        cv2.circle(picture, dot, max(1, thickness // 2), color, -1, cv2.LINE_AA)


def wrapped(text: str, size_px: float, room_px: float) -> Iterator[str]:
    """Break a text into lines that are as wide as the room at most, but for single words."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_of(longer, size_px) > room_px:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def plain(text: str) -> str:
    """Write a text in ASCII, which is all that the font has; accents go, the rest becomes question marks."""
    parted = unicodedata.normalize("NFKD", text.translate(TO_ASCII))
    return "".join(c for c in parted if not unicodedata.combining(c)).encode("ascii", "replace").decode()


def _stroke(size_px: float) -> int:
    return max(1, round(size_px / 20))
