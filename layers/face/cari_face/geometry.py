"""Similarity transforms: turning, scaling and moving, never shearing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from cari_imaging import Image

Points: TypeAlias = NDArray[np.float64]  # N×2
Transform: TypeAlias = NDArray[np.float64]  # 2×3, as OpenCV takes it


def fit_similarity(source: Points, target: Points) -> Transform:
    """Find the similarity that brings `source` closest to `target`, by least squares."""
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    a, b = source - source_mean, target - target_mean
    size = (a * a).sum()
    along = (a * b).sum() / size
    across = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / size
    turn = np.array([[along, -across], [across, along]])
    return np.column_stack([turn, target_mean - turn @ source_mean])


def square_view(centre: Points, side: float, angle: float, size: int) -> Transform:
    """Map a square of the picture, leaning by `angle` radians, onto a size×size crop."""
    scale = size / side
    cosine, sine = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.array([[cosine, sine], [-sine, cosine]])
    return np.column_stack([turn, size / 2 - turn @ centre])


def apply(transform: Transform, points: Points) -> Points:
    """Move points by a transform."""
    return points @ transform[:, :2].T + transform[:, 2]


def inverse(transform: Transform) -> Transform:
    """Undo a transform."""
    return cast("Transform", cv2.invertAffineTransform(transform))


def scale_of(transform: Transform) -> float:
    """Say how much longer lengths become."""
    return float(np.sqrt(abs(np.linalg.det(transform[:, :2]))))


def warp(image: Image, transform: Transform, size: int) -> Image:
    """Cut a size×size crop out of a picture; what lies outside is black.

    A picture that shrinks is halved first, until it is at most twice as fine as the crop: sampling it directly then
    skips no pixel.
    """
    left, top, part = _needed_part(image, inverse(transform), size)
    shifted = np.column_stack([transform[:, :2], apply(transform, np.array([left, top], float))])
    while scale_of(shifted) <= 1 / 2 and min(part.shape[:2]) > 1:
        part = halved(part)
        shifted[:, :2] *= 2
    return cast("Image", cv2.warpAffine(part, shifted, (size, size), flags=cv2.INTER_LINEAR))


def halved(image: Image) -> Image:
    """Average a picture down two by two, leaving out an odd last row or column.

    This is ten times as fast as averaging down by any other factor.
    """
    height, width = (side // 2 for side in image.shape[:2])
    return cast("Image", cv2.resize(image[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA))


def _needed_part(image: Image, back: Transform, size: int) -> tuple[int, int, Image]:
    """Crop to what the warp reads, with a pixel to spare, so that only that much is averaged down."""
    corners = apply(back, np.array([[0, 0], [size, 0], [0, size], [size, size]], float))
    height, width = image.shape[:2]
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int) - 1, 0, (width - 1, height - 1))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 2, (left + 1, top + 1), (width, height))
    return int(left), int(top), image[top:bottom, left:right]
