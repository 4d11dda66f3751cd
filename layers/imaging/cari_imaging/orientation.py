"""Turn stored pixels the way their EXIF orientation says a person held the camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cari_imaging.image import Image

# EXIF 2.32, tag 0x0112: is the stored picture mirrored left to right, and how many quarter turns
# anticlockwise make it upright after that mirror is undone.
_MIRRORED_AND_TURNS = {
    1: (False, 0),
    2: (True, 0),
    3: (False, 2),
    4: (True, 2),
    5: (True, 1),
    6: (False, 3),
    7: (True, 3),
    8: (False, 1),
}


def upright(pixels: Image, orientation: int) -> Image:
    """Undo an EXIF orientation; the result is contiguous, as OpenCV wants it."""
    mirrored, turns = _MIRRORED_AND_TURNS[orientation]
    unmirrored = pixels[:, ::-1] if mirrored else pixels
    return np.ascontiguousarray(np.rot90(unmirrored, turns))
