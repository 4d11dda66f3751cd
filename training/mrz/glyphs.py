"""The letters, drawn large: OCR-B as Debian has it, and fonts that some issuers and makers of specimens use instead."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .text import ALPHABET

if TYPE_CHECKING:
    from numpy.typing import NDArray

FONTS = Path(os.environ.get("MRZ_FONTS", "/usr/share/fonts"))
CAP_PX = 48  # height of a capital letter as drawn
CELL_PX = (64, 88)  # width and height of the picture of one letter; its middle is the middle of an H
SHARES = {
    "opentype/ocr-b/OCRB.otf": 0.50,
    "opentype/ocr-b/OCRBS.otf": 0.34,
    "opentype/ocr-b/OCRBL.otf": 0.03,
    "truetype/ocr-a/OCRA.ttf": 0.02,
    "truetype/liberation2/LiberationMono-Regular.ttf": 0.04,
    "truetype/liberation2/LiberationMono-Bold.ttf": 0.02,
    "truetype/dejavu/DejaVuSansMono.ttf": 0.05,
}
"""Which share of all lines each font prints."""


@cache
def glyphs(font: str) -> dict[str, NDArray[np.uint8]]:
    """Draw every letter of a font, ink 255 on 0, capitals CAP_PX high."""
    trial = ImageFont.truetype(FONTS / font, 400)
    _, top, _, bottom = _ink_box("H", trial)
    size = round(400 * CAP_PX / (bottom - top))
    face = ImageFont.truetype(FONTS / font, size)
    left, top, right, bottom = _ink_box("H", face)
    shift = CELL_PX[0] / 2 - (left + right) / 2, CELL_PX[1] / 2 - (top + bottom) / 2
    return {letter: _draw(letter, face, shift) for letter in ALPHABET}


def _draw(letter: str, face: ImageFont.FreeTypeFont, shift: tuple[float, float]) -> NDArray[np.uint8]:
    cell = Image.new("L", CELL_PX, 0)
    ImageDraw.Draw(cell).text(shift, letter, font=face, fill=255)
    return np.asarray(cell)


def _ink_box(letter: str, face: ImageFont.FreeTypeFont) -> tuple[int, int, int, int]:
    page = Image.new("L", (face.size * 2, face.size * 2), 0)
    ImageDraw.Draw(page).text((0, 0), letter, font=face, fill=255)
    box = page.getbbox()
    if box is None:
        raise ValueError("the font has no such letter")
    return box
