"""How usable a face's pixels are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face.face import Quality

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_face.face import EyesReading, OcclusionReading, Pose
    from cari_face.view import FaceView

_FACE = np.s_[16:144, 16:144]  # of the view: eyebrows to lips, cheek to cheek
_BLUR = 11  # pixels; Crété's own filter
# Blur effect (Crété et al. 2007) in such a view: 0.25 for a crisp close-up, 0.65 for hardly a face at all.
CRISP, SMEARED = 0.25, 0.65
CLIPPED_DARK, CLIPPED_BRIGHT = 8, 247  # grey levels from which no detail is left
_DYNAMIC_RANGE = (0.05, 0.95)  # shares of the pixels
FLAT, LIVELY = 16, 128  # grey levels between the 5th and the 95th percentile
EYES_APART_BEST = 90.0  # pixels; ISO/IEC 19794-5 asks for as many in a full frontal picture
PROFILE = 60.0  # degrees off the front at which half the face is gone


def read_quality(view: FaceView, pose: Pose, eyes: EyesReading, occlusion: OcclusionReading) -> Quality:
    """Measure every part, and sum them up."""
    gray = view.gray[_FACE]
    levels = np.cumsum(np.bincount(gray.ravel(), minlength=256)) / gray.size
    low, high = np.searchsorted(levels, _DYNAMIC_RANGE).tolist()
    clipped = float(levels[CLIPPED_DARK] + 1 - levels[CLIPPED_BRIGHT - 1])
    off_front = float(np.hypot(pose.yaw, pose.pitch))
    parts = {
        "sharpness": _share(SMEARED - _blur_effect(gray.astype(np.float32)), SMEARED - CRISP),
        "exposure": 1 - clipped,
        "contrast": _share(high - low - FLAT, LIVELY - FLAT),
        "size": _share(view.eyes_apart, EYES_APART_BEST),
        "frontality": _share(PROFILE - off_front, PROFILE),
        "visibility": 1 - occlusion.confidence if occlusion.covered else occlusion.confidence,
        "eye_openness": eyes.confidence if eyes.open else 1 - eyes.confidence,
    }
    return Quality(overall=min(parts.values()), brightness=float(gray.mean() / 255), **parts)


def _share(value: float, best: float) -> float:
    return float(np.clip(value / best, 0, 1))


def _blur_effect(gray: NDArray[np.float32]) -> float:
    """Say how much of the picture's variation outlives a strong blur: little in a sharp one, most in a blurred one."""
    return max(_blur_along(gray, 0, (1, _BLUR)), _blur_along(gray, 1, (_BLUR, 1)))


def _blur_along(gray: NDArray[np.float32], axis: int, kernel: tuple[int, int]) -> float:
    before = np.abs(np.diff(gray, axis=axis))
    after = np.abs(np.diff(cv2.blur(gray, kernel), axis=axis))
    lost = np.maximum(0, before - after).sum()
    total = float(before.sum())
    return 1 - float(lost) / total if total else 1.0
