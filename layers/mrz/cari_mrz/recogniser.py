"""The net that reads strips: for every four columns, how likely each character stands there, or none."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lines import Floats, Gray

WEIGHTS = Path(__file__).with_name("weights") / "mrz_recogniser.onnx"
STRIDE = 4  # columns of a strip for each answer
STEP = 64  # strips are padded to a multiple of it, so that several go through the net at once
INK_PERCENTILES = (3, 97)
LEAST_CONTRAST = 12.0


def recognise(strips: Sequence[Gray]) -> list[Floats]:
    """Give each strip's probabilities, columns×38: none first, then the characters of the alphabet."""
    widths = [-(-strip.shape[1] // STEP) * STEP for strip in strips]
    answers: dict[int, Floats] = {}
    for width in sorted(set(widths)):
        these = [k for k, each in enumerate(widths) if each == width]
        net = _net()
        net.setInput(np.stack([_padded(strips[k], width) for k in these])[:, None])
        logits = net.forward()[:, :, 0]
        power = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = power / power.sum(axis=1, keepdims=True)
        answers |= {k: share.T for k, share in zip(these, shares, strict=True)}
    return [answers[k] for k in range(len(strips))]


@cache
def _net() -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(str(WEIGHTS))


def _padded(strip: Gray, width: int) -> Floats:
    """Bring ink and paper to about -1 and 1, and fill up with paper."""
    low, high = np.percentile(strip, INK_PERCENTILES)
    even = (strip.astype(np.float32) - (low + high) / 2) * (2 / max(LEAST_CONTRAST, high - low))
    page = np.full((strip.shape[0], width), np.median(even[:, -6:]), np.float32)
    page[:, : strip.shape[1]] = even
    return page
