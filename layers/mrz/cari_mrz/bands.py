"""The net that finds MRZ lines: where their middles run, which way they are read, how high their letters are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from .lines import Floats, Gray

WEIGHTS = Path(__file__).with_name("weights") / "mrz_locator.onnx"
STRIDE = 4  # pixels for each cell of the answer
MULTIPLE = 8  # the sides of what the net is given
UNIT_PX = 8.0  # heights are powers of two of this
LEAST_DEVIATION = 8.0
MAX_ENLARGED = 3.0


@dataclass(frozen=True, eq=False)
class BandMap:
    """How likely each cell is on the middle of an MRZ line (0..1), with its unit direction and letter height.

    Cells are STRIDE pixels of the scaled picture; `scale` is that picture's size to the original's.
    """

    likely: Floats
    direction: Floats
    height: Floats
    scale: float


def map_bands(gray: Gray, long_side_px: int) -> BandMap:
    """Run the net on a picture scaled to the given long side."""
    scale = min(MAX_ENLARGED, long_side_px / max(gray.shape))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = max(MULTIPLE, round(gray.shape[1] * scale)), max(MULTIPLE, round(gray.shape[0] * scale))
    small = np.asarray(cv2.resize(gray, size, interpolation=method), np.float32)
    even = (small - small.mean()) / max(LEAST_DEVIATION, float(small.std()))
    padded = np.pad(even, [(0, -side % MULTIPLE) for side in even.shape])
    net = _net()
    net.setInput(padded[None, None])
    band, cosine, sine, power = net.forward()[0]
    length = np.maximum(np.hypot(cosine, sine), 1e-6)
    return BandMap(
        likely=1 / (1 + np.exp(-band)),
        direction=np.stack([cosine, sine], axis=-1) / length[..., None],
        height=np.asarray(UNIT_PX * np.exp2(power), np.float32),
        scale=scale,
    )


@cache
def _net() -> cv2.dnn.Net:
    return cv2.dnn.readNetFromONNX(str(WEIGHTS))
