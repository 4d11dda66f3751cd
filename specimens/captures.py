"""What goes wrong between a document and its picture."""

from __future__ import annotations

import numpy as np
from PIL import Image

TABLE = (92, 78, 64)


HEAD = (0.12, 0.0, 0.88, 0.66)  # left, top, right and bottom, of a selfie


def from_far(document: Image.Image, share: float) -> Image.Image:
    """Photograph a document on a table, so far away that it takes this share of the picture's width."""
    picture = Image.new("RGB", document.size, TABLE)
    small = document.resize((round(document.width * share), round(document.height * share)), Image.Resampling.LANCZOS)
    picture.paste(small, ((picture.width - small.width) // 2, (picture.height - small.height) // 2))
    return picture


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


def under_a_photograph(document: Image.Image, photograph: Image.Image) -> Image.Image:
    """Lay a photograph of a head on a document, larger than a portrait would be, and above the lines at its foot."""
    left, top, right, bottom = HEAD
    width, height = photograph.size
    head = photograph.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))
    tall = round(document.height * 0.76)
    size = (round(head.width * tall / head.height), tall)
    covered = document.copy()
    covered.paste(head.resize(size, Image.Resampling.LANCZOS), (round(document.width * 0.5), 8))
    return covered


def damaged(jpeg: bytes) -> bytes:
    """Break a JPEG's first Huffman table: it stays as long as it was, yet its codes are more than there can be."""
    at = jpeg.index(b"\xff\xc4") + 5
    return jpeg[:at] + bytes([sum(jpeg[at : at + 16]), *[0] * 15]) + jpeg[at + 16 :]
