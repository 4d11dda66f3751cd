"""How usable a face's pixels are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face.face import Quality
from cari_face.geometry import fit_similarity, warp
from cari_face.landmarks import eye_centres

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_imaging import Image

_SIDE = 128
_EYES_AT = np.array([[32.0, 40.0], [96.0, 40.0]])
_BLUR = 11  # pixels; Crété's own filter
# Blur effect (Crété et al. 2007) in such a view: 0.25 for a crisp close-up, 0.65 for hardly a face at all.
CRISP, SMEARED = 0.25, 0.65


def read_quality(image: Image, mesh: NDArray[np.float32]) -> Quality:
    """Measure sharpness and brightness where the face is, each 0..1."""
    view = warp(image, fit_similarity(eye_centres(mesh), _EYES_AT), _SIDE)
    gray = cv2.cvtColor(view, cv2.COLOR_RGB2GRAY).astype(np.float32)
    sharpness = (SMEARED - _blur_effect(gray)) / (SMEARED - CRISP)
    return Quality(sharpness=float(np.clip(sharpness, 0, 1)), brightness=float(gray.mean() / 255))


def _blur_effect(gray: NDArray[np.float32]) -> float:
    """Say how much of the picture's variation outlives a strong blur: little in a sharp one, most in a blurred one."""
    return max(_blur_along(gray, 0, (1, _BLUR)), _blur_along(gray, 1, (_BLUR, 1)))


def _blur_along(gray: NDArray[np.float32], axis: int, kernel: tuple[int, int]) -> float:
    before = np.abs(np.diff(gray, axis=axis))
    after = np.abs(np.diff(cv2.blur(gray, kernel), axis=axis))
    lost = np.maximum(0, before - after).sum()
    total = float(before.sum())
    return 1 - float(lost) / total if total else 1.0
