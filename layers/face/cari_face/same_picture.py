"""Tell whether two faces are one photograph, however it was cropped, enlarged, mirrored, lit, printed or compressed.

Two photographs of one person agree in eyes, nose and mouth, and differ in hair, light, look and background; two copies
of one photograph agree in all of it. So both are cut out alike, with hair and shoulders; coarse and very fine detail is
left out, for light changes the one and print the other; one is fitted to the other, to a fraction of a pixel; and what
is left is how well they correlate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face.geometry import fit_similarity, warp
from cari_face.landmarks import LEFT_EYE, RIGHT_EYE, mean_places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_imaging import Image

    Floats = NDArray[np.float32]

SIDE_PX = 96  # of the view: as much as a passport's portrait shows
POINTS = (LEFT_EYE, RIGHT_EYE, (1,), (61,), (291,), (152,))  # of the mesh: eyes, tip of the nose, mouth, chin
PLACES_PX = np.array([[34, 40], [62, 40], [48, 56], [38, 67], [58, 67], [48, 86]], float)  # of these, in the view
# Bands of detail, each between two Gaussians' deviations in pixels, with the fit's own Gaussian: coarse, then fine.
COARSE_BAND, COARSE_FIT_PX = (2.0, 8.0), 5
FINE_BAND, FINE_FIT_PX = (1.0, 4.0), 3
CONTRAST_REACH = 1.5  # over what the band's strength is evened out, in deviations of its wider Gaussian
NOISE_GREYS = 3.0
FIT_STEPS, FIT_GAIN = 12, 1e-3
MAX_STRETCH, MAX_SHIFT_PX = 0.3, 20.0  # a fit that goes further is of nothing
EDGE_PX = 3  # along the picture's own edge, in the view: that both end there says nothing
MIN_COMMON_SHARE = 0.5  # of the view, for both pictures to show


def picture_agreement(
    one: Image, one_mesh: NDArray[np.float32], other: Image, other_mesh: NDArray[np.float32]
) -> float:
    """Say how well two faces' pixels agree, 0..1. Both RGB, H×W×3 uint8; the meshes are 468×3, in pixels."""
    first, second = _View.of(one, one_mesh), _View.of(other, other_mesh)
    tried = []
    for probe in (second, second.mirrored()):
        pair = first.band(COARSE_BAND), probe.band(COARSE_BAND)
        move = _fitted(*pair, np.eye(2, 3, dtype=np.float32), COARSE_FIT_PX)
        tried.append((_correlation(*pair, first.shown, probe.shown, move), probe, move))
    _, probe, move = max(tried, key=lambda each: each[0])
    pair = first.band(FINE_BAND), probe.band(FINE_BAND)
    return max(0.0, _correlation(*pair, first.shown, probe.shown, _fitted(*pair, move, FINE_FIT_PX)))


@dataclass(frozen=True)
class _View:
    """A face with its surroundings, grey, SIDE_PX square, and where in it the picture is (1) and where beyond (0)."""

    gray: Floats
    shown: NDArray[np.uint8]

    @classmethod
    def of(cls, image: Image, mesh: NDArray[np.float32]) -> _View:
        move = fit_similarity(mean_places(mesh, POINTS), PLACES_PX)
        inside = np.ones(image.shape[:2], np.uint8)
        shown = cv2.warpAffine(inside, move, (SIDE_PX, SIDE_PX), flags=cv2.INTER_NEAREST)
        margin = np.ones((2 * EDGE_PX + 1, 2 * EDGE_PX + 1), np.uint8)
        gray = cv2.cvtColor(warp(image, move, SIDE_PX), cv2.COLOR_RGB2GRAY)
        return cls(np.asarray(gray, np.float32), np.asarray(cv2.erode(shown, margin), np.uint8))

    def mirrored(self) -> _View:
        return _View(np.ascontiguousarray(self.gray[:, ::-1]), np.ascontiguousarray(self.shown[:, ::-1]))

    def band(self, deviations: tuple[float, float]) -> Floats:
        """Keep the detail of one size, everywhere equally strong."""
        narrow, wide = (cv2.GaussianBlur(self.gray, (0, 0), deviation) for deviation in deviations)
        detail = np.asarray(narrow - wide, np.float32)
        strength = np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), CONTRAST_REACH * deviations[1]))
        return np.asarray(detail / (strength + NOISE_GREYS), np.float32)


def _fitted(one: Floats, other: Floats, move: Floats, fit_px: int) -> Floats:
    """Fit the other to the one (Evangelidis and Psarakis 2008) from `move`, 2×3, which stays where nothing fits."""
    enough = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, FIT_STEPS, FIT_GAIN)
    try:
        _, fitted = cv2.findTransformECC(one, other, move.copy(), cv2.MOTION_AFFINE, enough, None, fit_px)  # type: ignore[call-overload]  # its stubs know no None
    except cv2.error:
        return move
    return np.asarray(fitted, np.float32)


def _correlation(
    one: Floats, other: Floats, one_shown: NDArray[np.uint8], other_shown: NDArray[np.uint8], move: Floats
) -> float:
    """Correlate, -1..1; what only one of the two shows agrees with nothing, for a part of a face is like many."""
    if np.abs(move[:, :2] - np.eye(2)).max() > MAX_STRETCH or np.abs(move[:, 2]).max() > MAX_SHIFT_PX:
        return 0.0
    back = cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(other, move, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR | back)
    moved_shown = cv2.warpAffine(other_shown, move, (SIDE_PX, SIDE_PX), flags=cv2.INTER_NEAREST | back) > 0
    shown = one_shown > 0
    both = shown & moved_shown
    if both.mean() < MIN_COMMON_SHARE:
        return 0.0
    a, b = one - one[both].mean(), moved - moved[both].mean()
    strength = (a[shown] ** 2).sum() * (b[moved_shown] ** 2).sum()
    return float((a[both] * b[both]).sum() / (np.sqrt(strength) + np.finfo(np.float32).eps))
