"""What the mouth does and what is worn on the eyes, each with how sure the reading is.

The bounds were set by eye on 2,320 pictures of Labeled Faces in the Wild. Glasses: few are claimed that are not
there, many thin frames are missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face.face import Glasses, GlassesReading, Lips, LipsReading
from cari_face.geometry import fit_similarity, warp
from cari_face.landmarks import eye_centres

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_imaging import Image

_UPPER_LIP, _LOWER_LIP = 13, 14  # inner edges
_MOUTH_CORNERS = (78, 308)
LIPS_APART = 0.10  # gap between the lips, in mouth widths; agrees with dlib's 68 points on 85 % of LFW
LIPS_SPREAD = 0.06  # gaps this far from the bound are hardly ever misjudged

_VIEW = 144  # pixels: a square in which the eyes stand at the places below
_EYES_AT = np.array([[40.0, 32.0], [104.0, 32.0]])
SUNGLASSES_DARKER = 0.20  # eye region against cheek; bare eyes in deep shade reach 0.22
FRAME_ON_BRIDGE = 1.3  # edge strength between the eyes, in spreads of the region's brightness
DARKNESS_SPREAD, BRIDGE_SPREAD = 0.08, 0.4


def read_lips(mesh: NDArray[np.float32]) -> LipsReading:
    """Judge the gap between the lips against the mouth's width."""
    gap = float(np.linalg.norm(mesh[_UPPER_LIP, :2] - mesh[_LOWER_LIP, :2]))
    width = float(np.linalg.norm(mesh[_MOUTH_CORNERS[0], :2] - mesh[_MOUTH_CORNERS[1], :2]))
    opening = gap / max(width, 1e-6)
    value = Lips.APART if opening > LIPS_APART else Lips.TOGETHER
    return LipsReading(value, _sureness(opening - LIPS_APART, LIPS_SPREAD))


def read_glasses(image: Image, mesh: NDArray[np.float32]) -> GlassesReading:
    """Look for dark lenses over the eyes, then for a frame's edge on the bridge of the nose."""
    view = warp(image, fit_similarity(eye_centres(mesh), _EYES_AT), _VIEW)
    gray = cv2.cvtColor(view, cv2.COLOR_RGB2GRAY)[: _VIEW // 2].astype(np.float32)
    darkness = _eyes_against_cheeks(gray)
    if darkness < SUNGLASSES_DARKER:
        return GlassesReading(Glasses.SUN, _sureness(SUNGLASSES_DARKER - darkness, DARKNESS_SPREAD))
    bridge = _edge_on_bridge(gray)
    value = Glasses.EYE if bridge > FRAME_ON_BRIDGE else Glasses.NONE
    return GlassesReading(value, _sureness(bridge - FRAME_ON_BRIDGE, BRIDGE_SPREAD))


def _eyes_against_cheeks(gray: NDArray[np.float32]) -> float:
    eyes = np.concatenate([gray[24:42, 28:52], gray[24:42, 92:116]])
    cheeks = np.concatenate([gray[54:70, 30:54], gray[54:70, 90:114]])
    return float(np.median(eyes) / (np.median(cheeks) + 1))


def _edge_on_bridge(gray: NDArray[np.float32]) -> float:
    edges = np.abs(cv2.Sobel(gray, cv2.CV_32F, 0, 1, ksize=3))[24:38, 66:78]
    return float(edges.mean() / (gray[8:64].std() + 8))  # 8 grey levels: noise of a flat picture is no frame


def _sureness(distance: float, spread: float) -> float:
    """Turn a distance from a bound into 0.5 (on it) to 1 (far beyond)."""
    return float(0.5 + 0.5 * np.tanh(abs(distance) / spread))
