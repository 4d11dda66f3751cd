"""What goes wrong between a document and its picture."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

TABLE = (92, 78, 64)
SKIN = (214, 164, 136)
NAIL = (236, 200, 184)


def from_far(document: Image.Image, share: float) -> Image.Image:
    """Photograph a document on a table, so far away that it takes this share of the picture's width."""
    picture = Image.new("RGB", document.size, TABLE)
    small = document.resize((round(document.width * share), round(document.height * share)), Image.Resampling.LANCZOS)
    picture.paste(small, ((picture.width - small.width) // 2, (picture.height - small.height) // 2))
    return picture


def out_of_focus(document: Image.Image, radius: float) -> Image.Image:
    """Blur it, by so many pixels."""
    return document.filter(ImageFilter.GaussianBlur(radius))


def in_the_dark(document: Image.Image, light: float) -> Image.Image:
    """Leave so much of the light, and the sensor's noise."""
    noise = np.random.default_rng(9).normal(0, 4, (document.height, document.width, 1))
    return Image.fromarray(np.clip(np.asarray(document) * light + 4 + noise, 0, 255).astype(np.uint8))


def with_glare(document: Image.Image, center: tuple[float, float], reach: tuple[float, float]) -> Image.Image:
    """Let a lamp shine back from an ellipse; `center` and `reach` in shares of width and height."""
    rows, columns = np.mgrid[: document.height, : document.width]
    across = (columns / document.width - center[0]) / reach[0]
    down = (rows / document.height - center[1]) / reach[1]
    glare = np.clip(1.6 - np.hypot(across, down), 0, 1)[..., None] ** 0.7
    lit = np.asarray(document) * (1 - glare) + 255 * glare
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def cropped(document: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """Leave parts out of the picture; all in shares of width and height."""
    width, height = document.size
    return document.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))


def under_a_finger(picture: Image.Image, tip: tuple[float, float], width: float) -> Image.Image:
    """Lay a finger over it from below, up to `tip`; all in shares of the picture's width and height."""
    touched = picture.copy()
    draw = ImageDraw.Draw(touched)
    x, y, half = tip[0] * picture.width, tip[1] * picture.height, width * picture.width / 2
    draw.rounded_rectangle((x - half, y, x + half, picture.height + 2 * half), half, fill=SKIN)
    draw.rounded_rectangle((x - half * 0.6, y + half * 0.2, x + half * 0.6, y + half * 1.5), half * 0.5, fill=NAIL)
    return touched


def beside(document: Image.Image, photograph: Image.Image) -> Image.Image:
    """Lay a photograph on the table beside a document."""
    height = document.height
    print_ = photograph.resize((round(photograph.width * height / photograph.height), height), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", (document.width + print_.width + 60, height + 40), TABLE)
    picture.paste(document, (20, 20))
    picture.paste(print_, (document.width + 40, 20))
    return picture


def damaged(jpeg: bytes) -> bytes:
    """Break a JPEG's Huffman tables: its header and its end stay, yet nothing decodes it."""
    at = jpeg.index(b"\xff\xc4") + 5
    return jpeg[:at] + b"\xff" * 16 + jpeg[at + 16 :]
