"""One upright picture of a face, cut once, that everything about its pixels is read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face.geometry import apply, fit_similarity, scale_of, warp
from cari_face.landmarks import eye_centres

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_face.geometry import Points
    from cari_imaging import Image

SIDE = 160  # pixels: from the middle of the forehead to the chin, and from ear to ear
EYES_AT = np.array([[48.0, 56.0], [112.0, 56.0]])
EYES_APART = 64.0
POINT = 5  # pixels that the brightness of a point is averaged over


@dataclass(frozen=True)
class FaceView:
    """A face turned upright, with its eyes at EYES_AT, and how many pixels apart these are in the picture."""

    gray: NDArray[np.uint8]  # SIDE×SIDE
    brightness: NDArray[np.float64]  # at each of the mesh's 468 points, 0..255
    eyes_apart: float


def cut_view(image: Image, mesh: NDArray[np.float32]) -> FaceView:
    """Cut the view of the face that the mesh lies on out of a picture, RGB, H×W×3 uint8."""
    transform = fit_similarity(eye_centres(mesh), EYES_AT)
    gray = np.asarray(cv2.cvtColor(warp(image, transform, SIDE), cv2.COLOR_RGB2GRAY), np.uint8)
    return FaceView(gray, _sampled(gray, apply(transform, mesh[:, :2].astype(float))), EYES_APART / scale_of(transform))


def _sampled(gray: NDArray[np.uint8], points: Points) -> NDArray[np.float64]:
    columns, rows = np.clip(np.rint(points), 0, SIDE - 1).astype(int).T
    return np.asarray(cv2.blur(gray, (POINT, POINT))[rows, columns], float)
