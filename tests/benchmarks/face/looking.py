"""The embedding of the face in the middle of a picture, which is whom the label is about."""

from __future__ import annotations

import zlib
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from cari_face import find_faces
from cari_face.embedding import EmbeddedFace
from cari_face.models import PictureKind
from cari_imaging import decode
from tests.benchmarks.face.parallel import for_each
from tools.face_calibration.calibrate_pictures import central

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.random import Generator

    from cari_imaging import Image

    Vary: TypeAlias = Callable[[Image, Generator], Image]

Embeddings: TypeAlias = NDArray[np.float32]
"""N×dimensions, unit vectors; a row of NaN stands for a picture without a face."""


def embeddings_of(
    paths: Sequence[Path], vary: Vary, what: str, processes: int, kind: PictureKind = PictureKind.PHOTO
) -> Embeddings:
    """Embed every picture as `vary` changes it, with a generator that the picture's name seeds."""
    found = for_each(paths, partial(_embedding, vary, kind), what, processes)
    size = next(len(each) for each in found if each is not None)
    return np.stack([np.full(size, np.nan, np.float32) if each is None else each for each in found])


def opened(path: Path) -> Image:
    """Open a picture, RGB."""
    return decode(path.read_bytes())


def seeded(path: Path) -> Generator:
    """Give the same generator for the same picture, wherever it lies."""
    return np.random.default_rng(zlib.crc32(path.name.encode()))


def as_it_is(image: Image, _: Generator) -> Image:
    """Change nothing."""
    return image


def with_face_of(width_px: float, image: Image, _: Generator) -> Image:
    """Shrink a picture until the face in its middle is so wide."""
    faces = find_faces(image)
    if not faces:
        return image
    scale = min(1.0, width_px / central(image, faces).box.width)
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _embedding(vary: Vary, kind: PictureKind, path: Path) -> NDArray[np.float32] | None:
    image = vary(opened(path), seeded(path))
    faces = find_faces(image)
    return EmbeddedFace(image, central(image, faces).mesh).careful(kind) if faces else None
