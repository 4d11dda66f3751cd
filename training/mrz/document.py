"""A document as ink: MRZ and other print, portrait, rules and codes, with letters of the MRZ cap_px high."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .glyphs import CAP_PX, CELL_PX, FONTS, SHARES, glyphs
from .names import random_name
from .text import ALPHABET, DIGITS, LETTERS, random_lines

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

CAP_MM = 2.4  # height of a letter of OCR-B, size I
PITCH_MM = 2.54
SHEETS_MM = {
    "page": ((125, 88), (2, 44)),  # passport
    "ID-1": ((85.6, 54), (3, 30)),
    "ID-2": ((105, 74), (2, 36)),
    "visa": ((120, 80), (2, 44)),
}
PRINT_FONTS = (
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSans-Bold.ttf",
    "truetype/dejavu/DejaVuSerif.ttf",
    "truetype/dejavu/DejaVuSansMono.ttf",
    "truetype/liberation2/LiberationSans-Regular.ttf",
    "truetype/liberation2/LiberationSerif-Regular.ttf",
    "truetype/liberation2/LiberationMono-Regular.ttf",
    "opentype/ocr-b/OCRB.otf",
)
WORDS = [
    "Surname",
    "Given",
    "names",
    "Date",
    "of",
    "birth",
    "Nationality",
    "Sex",
    "Place",
    "of",
    "issue",
    "Authority",
    "PASSPORT",
    "SPECIMEN",
    "Republic",
]


@dataclass(frozen=True)
class Line:
    """A line of the MRZ on its document, in pixels of it: from start to end at middle, letters cap_px high."""

    start: float
    end: float
    middle: float


@dataclass(frozen=True)
class Document:
    """Ink (0..255, H×W), the lines of the MRZ, and how high their letters are."""

    ink: NDArray[np.uint8]
    lines: tuple[Line, ...]
    cap_px: float


def random_document(cap_px: float, rng: Generator, *, with_mrz: bool) -> Document:
    """Draw a passport's page, a card or a visa; at times only its lower part."""
    (width_mm, height_mm), shape = SHEETS_MM[str(rng.choice(list(SHEETS_MM)))]
    per_mm = cap_px / CAP_MM
    pitch = PITCH_MM * per_mm * rng.uniform(0.9, 1.16)
    width = int(max(width_mm * per_mm, pitch * shape[1] + rng.uniform(0.5, 8) * cap_px))
    height = int(height_mm * per_mm * rng.uniform(0.8, 1.15))
    spacing = cap_px * rng.uniform(1.55, 2.75)
    zone = spacing * shape[0] + rng.uniform(0.5, 2.5) * cap_px
    if rng.random() < 0.15:
        height = int(zone + rng.uniform(0.2, 6) * cap_px)
    ink = np.zeros((height, width), np.uint8)
    left = rng.uniform(0.1, 0.9) * (width - pitch * shape[1])
    bottom = height - rng.uniform(0.4, 2.5) * cap_px
    top = bottom - zone if with_mrz else height
    _other_print(ink, max(0, int(top)), cap_px, rng)
    if not with_mrz:
        return Document(ink, (), cap_px)
    lines = tuple(Line(left, left + pitch * shape[1], bottom - spacing * (shape[0] - 0.5 - i)) for i in range(shape[0]))
    font = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    for line, text in zip(lines, random_lines(shape, rng), strict=True):
        _print_mrz(ink, text, font, line, pitch, cap_px)
    weight = rng.random()
    if weight < 0.2 and cap_px > 6:
        ink = np.asarray(cv2.dilate(ink, np.ones((2, 2), np.uint8)), np.uint8)
    return Document(ink, lines, cap_px)


def _print_mrz(ink: NDArray[np.uint8], text: str, font: str, line: Line, pitch: float, cap_px: float) -> None:
    letters = _small(font, round(cap_px * 2) / 2)
    for i, letter in enumerate(text):
        glyph = letters[letter]
        y, x = round(line.middle - glyph.shape[0] / 2), round(line.start + (i + 0.5) * pitch - glyph.shape[1] / 2)
        if y >= 0 and x >= 0:
            cell = ink[y : y + glyph.shape[0], x : x + glyph.shape[1]]
            np.maximum(cell, glyph[: cell.shape[0], : cell.shape[1]], out=cell)


@cache
def _small(font: str, cap_px: float) -> dict[str, NDArray[np.uint8]]:
    size = tuple(max(2, round(side * cap_px / CAP_PX)) for side in CELL_PX)
    return {
        letter: np.asarray(cv2.resize(glyph, size, interpolation=cv2.INTER_AREA), np.uint8)
        for letter, glyph in glyphs(font).items()
    }


def _other_print(ink: NDArray[np.uint8], height: int, cap_px: float, rng: Generator) -> None:
    """Fill the part above the MRZ with what documents have there."""
    width = ink.shape[1]
    if height < cap_px:
        return
    page = Image.fromarray(ink[:height])
    pen = ImageDraw.Draw(page)
    for _ in range(int(rng.integers(0, 26))):
        size = max(5, int(cap_px * np.exp(rng.uniform(-0.7, 1.1)) * 1.35))
        text = _random_print(rng)
        at = float(rng.uniform(-0.1, 0.8) * width), float(rng.uniform(0, 1) * height)
        face = _face(str(rng.choice(PRINT_FONTS)), size)
        for row in range(int(rng.integers(1, 5)) if rng.random() < 0.2 else 1):
            pen.text((at[0], at[1] + row * size * 1.3), text if row == 0 else _random_print(rng), fill=255, font=face)
        if rng.random() < 0.15:
            pen.line((at[0], at[1] + size * 1.2, at[0] + size * 12, at[1] + size * 1.2), fill=200, width=1)
    if rng.random() < 0.25:
        _barcode(pen, width, height, cap_px, rng)
    if rng.random() < 0.3:
        _rules(pen, width, height, cap_px, rng)
    ink[:height] = np.asarray(page)
    if rng.random() < 0.5:
        _portrait(ink[:height], cap_px, rng)


def _random_print(rng: Generator) -> str:
    kind = rng.random()
    if kind < 0.4:
        return " ".join(str(rng.choice(WORDS)) for _ in range(rng.integers(1, 4)))
    if kind < 0.6:
        return random_name(rng)
    alphabet = str(rng.choice([DIGITS, LETTERS, LETTERS + DIGITS, DIGITS + "./-", ALPHABET[:-1] + "   "]))
    length = int(rng.integers(3, 14)) if rng.random() < 0.7 else int(rng.integers(20, 60))
    text = "".join(alphabet[k] for k in rng.integers(0, len(alphabet), length))
    return text.lower() if rng.random() < 0.2 else text


@cache
def _face(font: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / font, size)


def _barcode(pen: ImageDraw.ImageDraw, width: int, height: int, cap_px: float, rng: Generator) -> None:
    x, y = rng.uniform(0, width * 0.7), rng.uniform(0, height * 0.8)
    tall = cap_px * rng.uniform(1, 6)
    for _ in range(int(rng.integers(20, 70))):
        bar = cap_px * rng.uniform(0.08, 0.35)
        pen.rectangle((x, y, x + bar, y + tall), fill=255)
        x += bar + cap_px * rng.uniform(0.1, 0.4)


def _rules(pen: ImageDraw.ImageDraw, width: int, height: int, cap_px: float, rng: Generator) -> None:
    step = cap_px * rng.uniform(1.2, 4)
    for y in np.arange(rng.uniform(0, step), height, step):
        pen.line((0, y, width, y), fill=int(rng.integers(60, 255)), width=max(1, int(cap_px * 0.1)))
    if rng.random() < 0.4:
        for x in np.arange(rng.uniform(0, step), width, step * rng.uniform(1, 4)):
            pen.line((x, 0, x, height), fill=160, width=1)


def _portrait(ink: NDArray[np.uint8], cap_px: float, rng: Generator) -> None:
    height, width = ink.shape
    tall = int(min(height * 0.9, cap_px * rng.uniform(8, 18)))
    wide = int(min(width * 0.5, tall * 0.78))
    if tall < 8 or wide < 8:
        return
    y, x = int(rng.integers(0, max(1, height - tall))), int(rng.integers(0, max(1, width - wide)))
    coarse = rng.uniform(0, 255, (int(rng.integers(4, 14)), int(rng.integers(4, 12)))).astype(np.float32)
    ink[y : y + tall, x : x + wide] = np.clip(cv2.resize(coarse, (wide, tall), interpolation=cv2.INTER_CUBIC), 0, 255)
