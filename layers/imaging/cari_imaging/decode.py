"""Decode an upload: nothing is allocated before its header says that it is a picture of a sane size."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from cari_common.errors import ImageRejected
from cari_imaging.header import read_header
from cari_imaging.orientation import upright

if TYPE_CHECKING:
    from cari_imaging.image import Image
    from cari_imaging.layout import Header

MAX_PIXELS = 50_000_000  # the public contract's limit; 150 MB as RGB, which a 1 GB function holds twice

# OpenCV turns JPEG and PNG by their EXIF tag but not WebP, so it turns none and `upright` turns all.
_FLAGS = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION


def decode(payload: bytes) -> Image:
    """Decode JPEG, PNG or WebP to upright RGB, HxWx3 uint8.

    Raises ImageRejected for anything empty, truncated, over MAX_PIXELS or not such a picture.
    """
    header = read_header(payload)
    _refuse_bomb(header)
    return upright(_pixels(payload), header.orientation)


def _refuse_bomb(header: Header) -> None:
    if header.width * header.height > MAX_PIXELS:
        raise ImageRejected(
            f"The picture is {header.width} x {header.height} pixels; at most "
            f"{MAX_PIXELS // 1_000_000} megapixels are read. Send a smaller one."
        )


def _pixels(payload: bytes) -> Image:
    try:
        pixels = cv2.imdecode(np.frombuffer(payload, np.uint8), _FLAGS)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise ImageRejected("The picture is damaged or incomplete. Save it again, or take another.")
    return cast("Image", pixels)
