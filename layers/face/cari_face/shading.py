"""Scores for covered eyes and mouth, from the light and dark of the face: high where something covers them.

Lips are darker than the skin around them, eyes darker than the bags below; a cover, whatever its colour, is not.
Each score is a linear discriminant (Fisher) of the brightness at points of the mesh, in spreads of the face's own
brightness. The weights were fitted to half of the people of 774 pictures of Labeled Faces in the Wild and to what
tests/benchmarks/face/occlusions.py drew on them, then rounded. All that is said of them was measured on the other half.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cari_face.landmarks import MESH_POINTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Groups = Mapping[tuple[int, ...], float]

_NOISE_GREYS = 8.0  # the noise of a flat picture is no shading

# Points of the mesh, each with its mirror image → how much their brightness speaks for a cover.
# fmt: off
_MOUTH_WEIGHTS: Groups = {
    # nose
    (4, 4): -0.2, (1, 1): -0.1, (5, 5): -0.1, (195, 195): 0.1, (19, 19): 0.1, (94, 94): 0.1, (2, 2): 0.1,
    (45, 275): -0.2, (51, 281): -0.1, (64, 294): -0.1, (97, 326): 0.1, (98, 327): -0.2,
    # lips
    (0, 0): -0.2, (37, 267): -0.2, (39, 269): 0.1, (40, 270): 0.3, (185, 409): 0.4, (61, 291): 0.3, (146, 375): 0.1,
    (181, 405): -0.1, (84, 314): -0.1, (78, 308): 0.3, (191, 415): 0.3, (80, 310): 0.3, (81, 311): 0.2, (82, 312): 0.1,
    (95, 324): 0.2, (88, 318): 0.2, (178, 402): 0.1,
    # skin around them
    (92, 322): -0.1, (165, 391): -0.3, (187, 411): -0.2, (205, 425): -0.1, (50, 280): -0.1, (117, 346): 0.1,
    (118, 347): 0.4, (43, 273): -0.1, (106, 335): -0.2, (182, 406): -0.2, (83, 313): -0.1, (18, 18): 0.1,
    (194, 418): -0.3, (201, 421): -0.2, (200, 200): -0.2, (208, 428): -0.2,
}
_EYE_WEIGHTS: tuple[Groups, Groups] = (
    {
        (70, 63, 105, 66): 0.1, (27, 29, 28, 56): -0.2, (33, 133, 159, 145, 158, 153): 1.3, (23, 24, 22, 110): -0.8,
        (229, 230, 231, 118): -1.6, (50, 101, 36): 0.9, (139,): 0.1, (193, 122): -0.3, (6, 168): -0.5,
        (108, 69, 104): 0.7, (5, 195): 0.2,
    },
    {
        (300, 293, 334, 296): 0.1, (257, 259, 258, 286): -0.2, (263, 362, 386, 374, 385, 380): 1.3,
        (253, 254, 252, 339): -0.8, (449, 450, 451, 347): -1.6, (280, 330, 266): 0.9, (368,): 0.1, (417, 351): -0.3,
        (6, 168): -0.5, (337, 299, 333): 0.7, (5, 195): 0.2,
    },
)
# fmt: on


def mouth_cover_score(brightness: NDArray[np.float64]) -> float:
    """Score the mouth by the brightness (0..255) at the mesh's 468 points: about -3 on a bare face, 0 under a mask."""
    return _score(brightness, _mouth())


def eye_cover_score(brightness: NDArray[np.float64]) -> float:
    """Score both eyes together: about -0.8 on a bare face, 2.5 behind dark lenses."""
    return _score(brightness, _eyes())


def _score(brightness: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    return float(weights @ brightness / (brightness.std() + _NOISE_GREYS))


@cache
def _mouth() -> NDArray[np.float64]:
    return _weights(_MOUTH_WEIGHTS)


@cache
def _eyes() -> NDArray[np.float64]:
    return (_weights(_EYE_WEIGHTS[0]) + _weights(_EYE_WEIGHTS[1])) / 2


def _weights(groups: Groups) -> NDArray[np.float64]:
    """Spread each group's weight over its points; together they sum up to 0, so that light does not count."""
    weights, level = np.zeros(MESH_POINTS), sum(groups.values()) / len(groups)
    for points, weight in groups.items():
        for point in points:
            weights[point] += (weight - level) / len(points)
    return weights
