"""One upright crop of a face, made once, from which everything about its pixels is measured."""

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

SIDE_PX = 160  # from the middle of the forehead to the chin, and from ear to ear
EYE_PLACES_PX = np.array([[48.0, 56.0], [112.0, 56.0]])  # x and y in the crop
EYE_DISTANCE_PX = 64.0  # in the crop
POINT_BLUR_PX = 5  # side of the square over which a point's brightness is averaged


@dataclass(frozen=True)
class FaceView:
    """A face turned upright, with its eyes at EYE_PLACES_PX; `eye_distance_px` is their distance in the picture."""

    gray: NDArray[np.uint8]  # SIDE_PX×SIDE_PX
    brightness: NDArray[np.float64]  # at each of the mesh's 468 points, 0..255
    eye_distance_px: float


def cut_view(image: Image, mesh: NDArray[np.float32]) -> FaceView:
    """Cut out the face that the mesh (468×3, in pixels) lies on; the picture is RGB, H×W×3 uint8."""
    transform = fit_similarity(eye_centres(mesh), EYE_PLACES_PX)
    gray = np.asarray(cv2.cvtColor(warp(image, transform, SIDE_PX), cv2.COLOR_RGB2GRAY), np.uint8)
    return FaceView(
        gray, _sampled(gray, apply(transform, mesh[:, :2].astype(float))), EYE_DISTANCE_PX / scale_of(transform)
    )


def _sampled(gray: NDArray[np.uint8], points: Points) -> NDArray[np.float64]:
    columns, rows = np.clip(np.rint(points), 0, SIDE_PX - 1).astype(int).T
    return np.asarray(cv2.blur(gray, (POINT_BLUR_PX, POINT_BLUR_PX))[rows, columns], float)
