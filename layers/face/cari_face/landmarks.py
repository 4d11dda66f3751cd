"""Rekognition's landmark names on MediaPipe's mesh. Left and right are the picture's, as Rekognition has them.

`leftPupil` and `rightPupil` are missing: this mesh has no irises.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cari_face.face import Point

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cari_face.geometry import Points

MESH_POINTS = 468
LEFT_EYE = (33, 133, 159, 145)  # outer corner, inner corner, upper lid, lower lid
RIGHT_EYE = (263, 362, 386, 374)

_MESH_INDICES = {
    "eyeLeft": LEFT_EYE,
    "eyeRight": RIGHT_EYE,
    "nose": (1,),
    "mouthLeft": (61,),
    "mouthRight": (291,),
    "leftEyeBrowLeft": (70,),
    "leftEyeBrowUp": (105,),
    "leftEyeBrowRight": (107,),
    "rightEyeBrowLeft": (336,),
    "rightEyeBrowUp": (334,),
    "rightEyeBrowRight": (300,),
    "leftEyeLeft": (33,),
    "leftEyeRight": (133,),
    "leftEyeUp": (159,),
    "leftEyeDown": (145,),
    "rightEyeLeft": (362,),
    "rightEyeRight": (263,),
    "rightEyeUp": (386,),
    "rightEyeDown": (374,),
    "noseLeft": (98,),
    "noseRight": (327,),
    "mouthUp": (0,),
    "mouthDown": (17,),
    "upperJawlineLeft": (234,),
    "midJawlineLeft": (172,),
    "chinBottom": (152,),
    "midJawlineRight": (397,),
    "upperJawlineRight": (454,),
}


def read_landmarks(mesh: NDArray[np.float32]) -> dict[str, Point]:
    """Give Rekognition's landmarks, name → place, of a mesh, 468×3 in pixels of the picture."""
    places = (_averaging_matrix() @ mesh[:, :2].astype(float)).tolist()
    return {name: Point(x, y) for name, (x, y) in zip(_MESH_INDICES, places, strict=True)}


def eye_centres(mesh: NDArray[np.float32]) -> Points:
    """Give both eyes' centres, 2×2, the one on the picture's left first."""
    return mean_places(mesh, (LEFT_EYE, RIGHT_EYE))


def mean_places(mesh: NDArray[np.float32], groups: Iterable[tuple[int, ...]]) -> Points:
    """Give the middle of each group of vertices, N×2 in pixels of the picture."""
    return np.array([mesh[list(group), :2].mean(axis=0) for group in groups], float)


@cache
def _averaging_matrix() -> Points:
    """Write every landmark as a mean of mesh points, 28×468: one product is ten times as fast as many means."""
    matrix = np.zeros((len(_MESH_INDICES), MESH_POINTS))
    for row, indices in zip(matrix, _MESH_INDICES.values(), strict=True):
        row[list(indices)] = 1 / len(indices)
    return matrix
