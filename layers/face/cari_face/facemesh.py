"""MediaPipe's face mesh (Kartynnik et al. 2019): 468 points in 3-D on a face whose place is roughly known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from cari_face.geometry import apply, inverse, scale_of, square_view, warp
from cari_face.landmarks import eye_centres
from cari_face.weights import weights_path
from cari_imaging.network import Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_face.geometry import Points
    from cari_imaging import Image

_SIDE_PX = 192
_OUTPUTS = ("conv2d_21", "conv2d_31")  # the points, and whether there is a face at all
_CLEANING_BLUR_PX = 2.5  # sigma, in pixels of the network's view
_CLEANED_PERCENTILES, _CLEANED_GREYS = (2, 98), (10, 245)  # these percentiles become these greys
_BOX_MARGIN = 1.5  # times; MediaPipe's: the network was trained on boxes widened by half


@dataclass(frozen=True)
class Mesh:
    """468 points, x y z in pixels of the picture, and how likely there is a face there at all (0..1)."""

    points: NDArray[np.float32]
    presence: float


def fit_mesh(image: Image, box: NDArray[np.float64], eyes: Points, *, cleaned: bool = False) -> Mesh:
    """Fit the mesh to a face inside `box` (left, top, right, bottom), turned upright by its two eyes, 2×2, in pixels.

    `cleaned` removes the raster, tint and paleness of print first, in which the network sees no face.
    """
    angle = float(np.arctan2(*(eyes[1] - eyes[0])[::-1]))
    centre, side = (box[:2] + box[2:]) / 2, _BOX_MARGIN * max(box[2:] - box[:2])
    view = square_view(centre, side, angle, _SIDE_PX)
    face = warp(image, view, _SIDE_PX)
    blob = (_clean(face) if cleaned else face).astype(np.float32).transpose(2, 0, 1)[np.newaxis] / 255
    points, logit = network().run_for(np.asarray(blob, np.float32), _OUTPUTS)
    points = points.reshape(468, 3)
    in_picture = apply(inverse(view), points[:, :2].astype(float))
    depth = points[:, 2:] / scale_of(view)
    return Mesh(np.hstack([in_picture, depth]).astype(np.float32), float(1 / (1 + np.exp(-logit.item()))))


def refit_mesh(image: Image, mesh: Mesh, *, cleaned: bool = False) -> Mesh:
    """Fit the mesh again from where it lies now, as MediaPipe does from one frame of a film to the next."""
    eyes = eye_centres(mesh.points)
    upright = _upright(eyes)
    placed = mesh.points[:, :2].astype(float) @ upright.T
    low, high = placed.min(axis=0), placed.max(axis=0)
    centre, half = (low + high) / 2 @ upright, (high - low).max() / 2
    return fit_mesh(image, np.concatenate([centre - half, centre + half]), eyes, cleaned=cleaned)


def _clean(face: Image) -> Image:
    """Blur a view lightly, drop its colours, and spread its greys over nearly the whole range."""
    grey = np.asarray(cv2.cvtColor(cv2.GaussianBlur(face, (0, 0), _CLEANING_BLUR_PX), cv2.COLOR_RGB2GRAY), np.float32)
    darkest, lightest = np.percentile(grey, _CLEANED_PERCENTILES)
    low, high = _CLEANED_GREYS
    spread = (grey - darkest) * ((high - low) / max(lightest - darkest, 1)) + low
    return cast("Image", np.repeat(np.clip(spread, 0, 255).astype(np.uint8)[..., np.newaxis], 3, axis=2))


def _upright(eyes: Points) -> NDArray[np.float64]:
    """Give the 2×2 rotation that makes the line between the eyes level."""
    cosine, sine = (eyes[1] - eyes[0]) / np.linalg.norm(eyes[1] - eyes[0])
    return np.array([[cosine, sine], [-sine, cosine]])


@cache
def network() -> Network:
    """Load the network, once."""
    return Network(cv2.dnn.readNetFromTFLite(weights_path("face_landmark.tflite")))
