"""The network that reads strips: for every four columns, how likely each character stands there, or none."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_imaging.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .text_line import Floats, Gray

WEIGHTS_FILE = Path(__file__).with_name("weights") / "mrz_recogniser.onnx"
COLUMN_STRIDE_PX = 4  # of a strip, for each column of the answer
WIDTH_MULTIPLE_PX = 64  # strips are padded to a multiple of it, so that several go through the network at once
INK_AND_PAPER_PERCENTILES = (3, 97)  # of a strip's grey levels
MIN_CONTRAST = 12.0  # grey levels, 0..255; less is not stretched further


def recognise(strips: Sequence[Gray]) -> list[Floats]:
    """Give each strip (32×W uint8) its probabilities, columns×38: no character first, then those of ALPHABET."""
    widths = [-(-strip.shape[1] // WIDTH_MULTIPLE_PX) * WIDTH_MULTIPLE_PX for strip in strips]
    answers: dict[int, Floats] = {}
    for width in sorted(set(widths)):
        these = [k for k, each in enumerate(widths) if each == width]
        logits = network().run(np.stack([_padded(strips[k], width) for k in these])[:, None])[:, :, 0]
        power = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities = power / power.sum(axis=1, keepdims=True)
        answers |= {k: each.T for k, each in zip(these, probabilities, strict=True)}
    return [answers[k] for k in range(len(strips))]


@cache
def network() -> Network:
    """Load the network, once."""
    return Network(cv2.dnn.readNetFromONNX(str(WEIGHTS_FILE)))


def _padded(strip: Gray, width: int) -> Floats:
    """Bring ink and paper to about -1 and 1, and fill up with paper."""
    low, high = np.percentile(strip, INK_AND_PAPER_PERCENTILES)
    even = (strip.astype(np.float32) - (low + high) / 2) * (2 / max(MIN_CONTRAST, high - low))
    page = np.full((strip.shape[0], width), np.median(even[:, -6:]), np.float32)
    page[:, : strip.shape[1]] = even
    return page
