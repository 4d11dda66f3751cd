"""Look for faces over a whole picture: coarse to fine, upright first, then turned.

BlazeFace sees 128×128 pixels and wants a face to fill a tenth of them or more. So the picture is shrunk to
128, 256 and 512 pixels a side, and each size is searched window by window.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from cari_face import blazeface

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_face.blazeface import Candidates
    from cari_face.geometry import Points
    from cari_imaging import Image

LEVELS = (1, 2, 4)  # windows along the longer side, before overlap
QUARTER_TURNS = (0, 1, 3, 2)  # anticlockwise; upside down is the rarest
SAME_FACE_IOU = 0.3  # within a window; MediaPipe's min_suppression_threshold
SAME_FACE_SHARE = 0.5  # between windows and levels

Corners: TypeAlias = NDArray[np.float64]  # left, top, right, bottom


@dataclass(frozen=True)
class Sighting:
    """A face, roughly: score 0..1, box (left, top, right, bottom) and the two eyes in pixels of the picture."""

    score: float
    box: Corners
    eyes: Points


def sightings(image: Image, level: int, turns: int) -> list[Sighting]:
    """Search one size of the picture, turned anticlockwise by quarter turns; a face is seen in several windows."""
    shrunk, scale = _shrink(image, blazeface.SIDE * level)
    turned = np.ascontiguousarray(np.rot90(shrunk, turns))
    return [
        _to_picture(_moved(sighting, left, top), (shrunk.shape[0], shrunk.shape[1]), turns, scale)
        for left, top, window in _windows(turned)
        for sighting in _merge(blazeface.detect(window))
    ]


def show_same_face(one: Sighting, other: Sighting) -> bool:
    """Say whether two sightings, of any two windows, overlap so much that they are of one face."""
    return _shared(one.box, other.box) >= SAME_FACE_SHARE


def _shared(a: Corners, b: Corners) -> float:
    """How much of the smaller box lies inside the other: a face cut by a window's edge is part of the whole one."""
    smaller = min(_area(a), _area(b))
    return _common(a, b) / smaller if smaller else 1.0


def _shrink(image: Image, side: int) -> tuple[Image, float]:
    height, width = image.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cast("Image", cv2.resize(image, size, interpolation=method)), scale


def _windows(image: Image) -> Iterator[tuple[int, int, Image]]:
    """Cut windows that overlap by half, so that a face of up to half a window is whole in one of them."""
    height, width = image.shape[:2]
    for top in _offsets(height):
        for left in _offsets(width):
            yield left, top, _window(image, left, top)


def _offsets(length: int) -> list[int]:
    """Spread the windows evenly; one that is longer than the picture has it in its middle."""
    spare = length - blazeface.SIDE
    if spare <= 0:
        return [spare // 2]
    count = -(-spare // (blazeface.SIDE // 2)) + 1
    return [round(offset) for offset in np.linspace(0, spare, count)]


def _window(image: Image, left: int, top: int) -> Image:
    part = image[max(0, top) : top + blazeface.SIDE, max(0, left) : left + blazeface.SIDE]
    height, width = part.shape[:2]
    window = np.zeros((blazeface.SIDE, blazeface.SIDE, 3), np.uint8)
    y, x = max(0, -top), max(0, -left)
    window[y : y + height, x : x + width] = part
    return window


def _merge(candidates: Candidates) -> Iterator[Sighting]:
    """Average the candidates for each face, weighted by score, as BlazeFace's authors advise over suppression."""
    left = np.argsort(-candidates.scores)
    while len(left):
        best = left[0]
        together = np.array([_iou(candidates.boxes[best], candidates.boxes[other]) > SAME_FACE_IOU for other in left])
        together[0] = True
        group, left = left[together], left[~together]
        weights = candidates.scores[group] / candidates.scores[group].sum()
        yield Sighting(
            float(candidates.scores[best]),
            np.tensordot(weights, candidates.boxes[group], axes=1),
            np.tensordot(weights, candidates.keypoints[group, :2], axes=1),
        )


def _iou(a: Corners, b: Corners) -> float:
    """Intersection over union of two boxes."""
    common = _common(a, b)
    union = _area(a) + _area(b) - common
    return common / union if union else 0.0


def _common(a: Corners, b: Corners) -> float:
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    return float(np.prod(np.clip(sides, 0, None)))


def _area(box: Corners) -> float:
    return float(np.prod(np.clip(box[2:] - box[:2], 0, None)))


def _moved(sighting: Sighting, left: int, top: int) -> Sighting:
    offset = np.array([left, top], float)
    return replace(sighting, box=sighting.box + np.tile(offset, 2), eyes=sighting.eyes + offset)


def _to_picture(sighting: Sighting, shape: tuple[int, int], turns: int, scale: float) -> Sighting:
    """Undo the turn and the shrinking; `shape` is the shrunk picture's before it was turned."""
    corners = _turned_back(sighting.box.reshape(2, 2), shape, turns) / scale
    return Sighting(
        sighting.score,
        np.concatenate([corners.min(axis=0), corners.max(axis=0)]),
        _turned_back(sighting.eyes, shape, turns) / scale,
    )


def _turned_back(points: Points, shape: tuple[int, int], turns: int) -> Points:
    height, width = shape
    x, y = points[:, 0], points[:, 1]
    return np.column_stack(((x, y), (width - y, x), (width - x, height - y), (y, height - x))[turns])
