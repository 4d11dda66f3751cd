"""The network that locates MRZ lines: where their middles run, which way they are read, how high their letters are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_imaging.network import Network

if TYPE_CHECKING:
    from .text_line import Floats, Gray

WEIGHTS_FILE = Path(__file__).with_name("weights") / "mrz_locator.onnx"
BAND_STRIDE_PX = 4  # of the scaled picture, for each cell of the answer
SIDE_MULTIPLE_PX = 8  # of both sides of the network's input
HEIGHT_UNIT_PX = 8.0  # the network gives a letter's height as a power of two times this
MIN_STANDARD_DEVIATION = 8.0  # grey levels, 0..255; a flat picture is not stretched beyond it
MAX_SCALE = 3.0  # no picture is enlarged more


@dataclass(frozen=True, eq=False)
class BandMap:
    """For each cell, H×W: how likely it lies on the middle of an MRZ line, the line's direction, its letters' height.

    `likely` is H×W, 0..1; `direction` H×W×2, unit vectors (x, y); `height` H×W, pixels of the scaled picture. A cell
    has BAND_STRIDE_PX pixels of the scaled picture; `scale` is that picture's size by the original's.
    """

    likely: Floats
    direction: Floats
    height: Floats
    scale: float


def map_bands(gray: Gray, long_side_px: int) -> BandMap:
    """Run the network on a picture (H×W uint8) scaled to the given long side."""
    scale = min(MAX_SCALE, long_side_px / max(gray.shape))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = max(SIDE_MULTIPLE_PX, round(gray.shape[1] * scale)), max(SIDE_MULTIPLE_PX, round(gray.shape[0] * scale))
    small = np.asarray(cv2.resize(gray, size, interpolation=method), np.float32)
    even = (small - small.mean()) / max(MIN_STANDARD_DEVIATION, float(small.std()))
    padded = np.pad(even, [(0, -side % SIDE_MULTIPLE_PX) for side in even.shape])
    band, cosine, sine, power = network().run(padded[None, None])[0]
    length = np.maximum(np.hypot(cosine, sine), 1e-6)
    return BandMap(
        likely=1 / (1 + np.exp(-band)),
        direction=np.stack([cosine, sine], axis=-1) / length[..., None],
        height=np.asarray(HEIGHT_UNIT_PX * np.exp2(power), np.float32),
        scale=scale,
    )


@cache
def network() -> Network:
    """Load the network, once."""
    return Network(cv2.dnn.readNetFromONNX(str(WEIGHTS_FILE)))
