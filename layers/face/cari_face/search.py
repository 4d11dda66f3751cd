"""Detect faces over a whole picture, at a few sizes, turned by quarter turns.

BlazeFace was trained on faces that fill a tenth to all of 128 pixels. Nothing in it but its input's declared size
says that a picture ends there, so a larger picture goes through it whole, at the cost of its pixels, and its small
faces are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from cari_face import blazeface
from cari_face.geometry import halved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cari_face.blazeface import Candidates
    from cari_face.geometry import Points
    from cari_imaging import Image

SAME_FACE_IOU = 0.3  # at one size; MediaPipe's min_suppression_threshold
SAME_FACE_OVERLAP = 0.5  # share of the smaller box, between sizes

Corners: TypeAlias = NDArray[np.float64]  # 4 or N×4: left, top, right, bottom


@dataclass(frozen=True)
class Detection:
    """Where a face may be: score 0..1, box (left, top, right, bottom) and two eyes, 2×2, in pixels of the picture."""

    score: float
    box: Corners
    eyes: Points


def halvings(image: Image, smallest: int) -> list[Image]:
    """Halve a picture while its longer side stays at or above `smallest` pixels; largest first."""
    sizes = [image]
    while max(image.shape[:2]) >= 2 * smallest and min(image.shape[:2]) > 1:
        image = halved(image)
        sizes.append(image)
    return sizes


def detections(sizes: Sequence[Image], side: int, turns: int) -> list[Detection]:
    """Search a picture, given as its `halvings`, with its longer side at `side` pixels.

    It is turned anticlockwise by quarter turns first; the detections are in the unturned picture.
    """
    shrunk = _shrunk(sizes, side)
    turned, offset = _framed(np.rot90(shrunk, turns))
    scale = side / max(sizes[0].shape[:2])
    return [
        _to_picture(detection, offset, (shrunk.shape[0], shrunk.shape[1]), turns, scale)
        for detection in _merge(blazeface.detect(turned))
    ]


def show_same_face(one: Detection, other: Detection) -> bool:
    """Say whether two detections, at any two sizes, overlap so much that they are of one face."""
    smaller = min(_area(one.box), _area(other.box))
    return bool(_common(one.box, other.box) >= SAME_FACE_OVERLAP * smaller)


def _shrunk(sizes: Sequence[Image], side: int) -> Image:
    height, width = sizes[0].shape[:2]
    nearest = next((size for size in reversed(sizes) if max(size.shape[:2]) >= side), sizes[0])
    scale = side / max(height, width)
    wanted = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if max(nearest.shape[:2]) > side else cv2.INTER_LINEAR
    return cast("Image", cv2.resize(nearest, wanted, interpolation=method))


def _framed(image: Image) -> tuple[Image, Points]:
    """Put a picture in the middle of a black one whose sides the network's grids divide; and say where."""
    height, width = image.shape[:2]
    rows, columns = (-(-side // blazeface.SIDE_STEP_PX) * blazeface.SIDE_STEP_PX for side in (height, width))
    top, left = (rows - height) // 2, (columns - width) // 2
    framed = np.zeros((rows, columns, 3), np.uint8)
    framed[top : top + height, left : left + width] = image
    return framed, np.array([left, top], float)


def _merge(candidates: Candidates) -> Iterator[Detection]:
    """Average the candidates for each face, weighted by score, as BlazeFace's authors advise over suppression."""
    left = np.argsort(-candidates.scores)
    while len(left):
        together = _iou(candidates.boxes[left[0]], candidates.boxes[left]) > SAME_FACE_IOU
        together[0] = True
        group, left = left[together], left[~together]
        weights = candidates.scores[group] / candidates.scores[group].sum()
        yield Detection(
            float(candidates.scores[group[0]]),
            np.tensordot(weights, candidates.boxes[group], axes=1),
            np.tensordot(weights, candidates.keypoints[group, :2], axes=1),
        )


def _iou(box: Corners, boxes: Corners) -> NDArray[np.float64]:
    """Intersection over union of one box with each of N."""
    common = _common(box, boxes)
    return cast("NDArray[np.float64]", common / np.maximum(_area(box) + _area(boxes) - common, np.finfo(float).tiny))


def _common(a: Corners, b: Corners) -> NDArray[np.float64]:
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    return cast("NDArray[np.float64]", np.prod(np.clip(sides, 0, None), axis=-1))


def _area(box: Corners) -> NDArray[np.float64]:
    return cast("NDArray[np.float64]", np.prod(np.clip(box[..., 2:] - box[..., :2], 0, None), axis=-1))


def _to_picture(detection: Detection, offset: Points, shape: tuple[int, int], turns: int, scale: float) -> Detection:
    """Undo the frame, the turn and the shrinking; `shape` is the shrunk picture's before it was turned."""
    corners = _turned_back(detection.box.reshape(2, 2) - offset, shape, turns) / scale
    return Detection(
        detection.score,
        np.concatenate([corners.min(axis=0), corners.max(axis=0)]),
        _turned_back(detection.eyes - offset, shape, turns) / scale,
    )


def _turned_back(points: Points, shape: tuple[int, int], turns: int) -> Points:
    height, width = shape
    x, y = points[:, 0], points[:, 1]
    return np.column_stack(((x, y), (width - y, x), (width - x, height - y), (y, height - x))[turns])
