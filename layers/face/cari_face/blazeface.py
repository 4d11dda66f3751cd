"""BlazeFace short range (Bazarevsky et al. 2019): the faces in one small picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face.weights import weights_path
from cari_imaging.network import Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_imaging import Image

SIDE_STEP_PX = 16  # a picture's sides are multiples of it
_ANCHOR_GRIDS = ((8, 2), (16, 6))  # pixels between cells, anchors a cell: MediaPipe's options for this network
_OUTPUTS = ("classificators", "regressors")
_MIN_SCORE = 0.5  # MediaPipe's own default
_SCORE_LIMIT = 100.0  # MediaPipe's score_clipping_thresh; keeps exp() in range


@dataclass(frozen=True)
class Candidates:
    """What may be faces: N scores 0..1, N boxes (left, top, right, bottom) and N×6 keypoints, in pixels.

    Keypoints are the eye on the picture's left, the other eye, nose, mouth and the two ears.
    """

    scores: NDArray[np.float64]
    boxes: NDArray[np.float64]
    keypoints: NDArray[np.float64]


def detect(picture: Image) -> Candidates:
    """Find candidates, many for each face, in RGB, H×W×3 uint8, whose sides are multiples of SIDE_STEP_PX."""
    blob = picture.astype(np.float32).transpose(2, 0, 1)[np.newaxis] / 127.5 - 1
    logits, regressions = network().run_for(blob, _OUTPUTS)
    scores = 1 / (1 + np.exp(-np.clip(logits.ravel().astype(float), -_SCORE_LIMIT, _SCORE_LIMIT)))
    kept = scores > _MIN_SCORE
    anchors = _anchors(*picture.shape[:2])[kept]
    values = regressions.reshape(-1, 16)[kept].astype(float)
    centres, half_sizes = anchors + values[:, :2], values[:, 2:4] / 2
    return Candidates(
        scores[kept],
        np.hstack([centres - half_sizes, centres + half_sizes]),
        anchors[:, np.newaxis] + values[:, 4:].reshape(-1, 6, 2),
    )


@cache
def network() -> Network:
    """Load the network, once."""
    return Network(cv2.dnn.readNetFromTFLite(weights_path("face_detection_short_range.tflite")))


@lru_cache(maxsize=16)
def _anchors(height: int, width: int) -> NDArray[np.float64]:
    """Lay out the cell centres that the network's outputs are relative to, row by row: N×2, x and y in pixels."""
    grids = []
    for step, per_cell in _ANCHOR_GRIDS:
        x, y = np.meshgrid(np.arange(step / 2, width, step), np.arange(step / 2, height, step))
        grids.append(np.repeat(np.column_stack([x.ravel(), y.ravel()]), per_cell, axis=0))
    return np.concatenate(grids)
