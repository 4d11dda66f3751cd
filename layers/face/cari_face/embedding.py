"""dlib's face recognition network: a face as a direction in 128 dimensions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from cari_face.geometry import fit_similarity, warp
from cari_face.weights import weights_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_imaging import Image

_SIDE = 150
_PADDING = 0.25  # dlib's get_face_chip_details for this network
# Eye corners (outer, inner, of the right eye in the picture, then of the left) and the base of the nose, as
# dlib's five-point chips have them, 0..1 before padding.
_CHIP_POINTS = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)
_MESH_POINTS = [263, 362, 33, 133, 2]


def embed(image: Image, mesh: NDArray[np.float32]) -> NDArray[np.float32]:
    """Embed the face that the mesh lies on: a unit vector of 128.

    The face and its mirror image are averaged, which cancels part of what light and pose do.
    """
    chip = _chip(image, mesh)
    blob = np.stack([chip, chip[:, ::-1]]).astype(np.float32).transpose(0, 3, 1, 2)
    network().setInput(np.ascontiguousarray(blob))
    mean = network().forward().mean(axis=0)
    return cast("NDArray[np.float32]", mean / np.linalg.norm(mean))


@cache
def network() -> cv2.dnn.Net:
    """Load the network, once."""
    return cv2.dnn.readNetFromONNX(weights_path("dlib_face_recognition_resnet_v1.onnx"))


def _chip(image: Image, mesh: NDArray[np.float32]) -> Image:
    wanted = (_CHIP_POINTS + _PADDING) / (1 + 2 * _PADDING) * _SIDE
    return warp(image, fit_similarity(mesh[_MESH_POINTS, :2].astype(float), wanted), _SIDE)
