"""Each labelled picture as it is, turned, tilted, halved, blurred, squeezed, and as two phones might see it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np

from tests.benchmarks.mrz import optics
from tests.benchmarks.mrz.surroundings import background

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.benchmarks.mrz.optics import Picture
    from tests.benchmarks.mrz.specimens import Specimen

ORIGINAL = "original"
PAPER = (255, 255, 255)  # what a tilted scan shows in its corners


@dataclass(frozen=True)
class Variant:
    """How a picture is changed and what it is saved as."""

    change: Callable[[Picture, int], Picture]  # the second argument is a seed
    suffix: str = ".png"
    jpeg_quality: int = 95


def turned(picture: Picture, _seed: int, *, quarters: int) -> Picture:
    """Turn by quarters of a circle, counter-clockwise."""
    return np.ascontiguousarray(np.rot90(picture, quarters))


def tilted(picture: Picture, _seed: int, *, degrees: float) -> Picture:
    """Turn by an angle on a canvas that has room for it."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(height * sin + width * cos), round(height * cos + width * sin)
    to_the_middle = np.array([[0, 0, (size[0] - width) / 2], [0, 0, (size[1] - height) / 2]])
    turned_picture = cv2.warpAffine(picture, matrix + to_the_middle, size, flags=cv2.INTER_CUBIC, borderValue=PAPER)
    return np.asarray(turned_picture, np.uint8)


def halved(picture: Picture, _seed: int) -> Picture:
    """Halve both sides."""
    return np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


def blurred(picture: Picture, _seed: int) -> Picture:
    """Blur by a Gaussian of two pixels."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 2), np.uint8)


def unchanged(picture: Picture, _seed: int) -> Picture:
    """Change nothing but what saving does."""
    return picture


def phone_like(picture: Picture, seed: int) -> Picture:
    """Lay it askew on a table and light, move and disturb it a little of everything."""
    rng = np.random.default_rng(seed)
    height, width = picture.shape[:2]
    room = 0.18
    canvas = round(width * (1 + 2 * room)), round(height * (1 + 2 * room))
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    reach = 0.07 * np.array([width, height])
    placed = corners + room * np.array([width, height]) + rng.uniform(-1, 1, (4, 2)) * reach
    matrix = cv2.getPerspectiveTransform(corners, placed.astype(np.float32))
    warp = partial(cv2.warpPerspective, M=matrix, dsize=canvas)
    page = warp(picture.astype(np.float32), flags=cv2.INTER_LINEAR)
    mask = warp(np.ones((height, width, 1), np.float32), flags=cv2.INTER_LINEAR)[..., None]
    scene = np.asarray(page + background(canvas, rng) * (1 - mask), np.float32)
    (left, top), (right, bottom) = placed.min(axis=0), placed.max(axis=0)
    scene = optics.light_gradient(scene, rng, 0.7)
    scene = optics.glare(scene, rng, (float(left), float(top), float(right), float(bottom)), 0.5)
    scene = optics.motion_blur(scene, rng, rng.uniform(1, 1 + width / 400))
    return optics.exposed(optics.noise(scene, rng, rng.uniform(2, 7)))


CONDITIONS: Mapping[str, Variant] = {
    "rotated 90°": Variant(partial(turned, quarters=1)),
    "rotated 180°": Variant(partial(turned, quarters=2)),
    "rotated 270°": Variant(partial(turned, quarters=3)),
    "+10°": Variant(partial(tilted, degrees=10)),
    "-10°": Variant(partial(tilted, degrees=-10)),
    "half size": Variant(halved),
    "Gaussian sigma 2": Variant(blurred),
    "JPEG 30": Variant(unchanged, ".jpg", 30),
    "phone-like 1": Variant(phone_like, ".jpg", 80),
    "phone-like 2": Variant(phone_like, ".jpg", 60),
}


def save_variant(specimen: Specimen, condition: str, folder: Path) -> Path:
    """Make a variant of a specimen; the same every time."""
    variant = CONDITIONS[condition]
    stored = np.fromfile(specimen.path, np.uint8)
    picture = np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR_RGB), np.uint8)
    seed = zlib.crc32(f"{condition} {specimen.path.name}".encode())
    return save(variant.change(picture, seed), folder / f"{seed:08x}{variant.suffix}", variant.jpeg_quality)


def save(picture: Picture, path: Path, jpeg_quality: int) -> Path:
    """Save RGB as JPEG or PNG, as the name says."""
    options = [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality, cv2.IMWRITE_PNG_COMPRESSION, 1]
    if not cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options):
        raise OSError(f"{path} could not be written")
    return path
