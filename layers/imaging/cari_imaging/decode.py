"""Decode an upload: nothing is allocated before its file says that it is a picture of a sane size."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from cari_core import containers
from cari_core.errors import ImageRejected
from cari_imaging.orientation import upright

if TYPE_CHECKING:
    from cari_core.containers import Plain
    from cari_imaging.image import Image

# OpenCV turns JPEG and PNG by their EXIF tag but not WebP, so it turns none and `upright` turns all.
_FLAGS = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION


def decode(payload: bytes) -> Image:
    """Decode JPEG, PNG or WebP to upright RGB, HxWx3 uint8.

    Raises ImageRejected for anything empty, truncated, not such a picture, or beyond a bound of `containers`: engines
    are asked directly too, for pictures that no intake has seen.
    """
    plain = _plain(payload)
    return upright(_pixels(plain.payload), plain.orientation)


def _plain(payload: bytes) -> Plain:
    if not payload:
        raise ImageRejected("The picture is empty.")
    try:
        plain = containers.rewrite(payload)
    except containers.Fault as fault:
        raise ImageRejected(f"The picture {fault}") from fault
    if plain is None:
        raise ImageRejected("The file is not a JPEG, PNG or WebP picture.")
    return plain


def _pixels(payload: bytes) -> Image:
    try:
        pixels = cv2.imdecode(np.frombuffer(payload, np.uint8), _FLAGS)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise ImageRejected("The picture is damaged or incomplete. Save it again, or take another.")
    return cast("Image", pixels)
