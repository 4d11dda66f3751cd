"""A stored picture's bytes in, the drawing's bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_core.errors import ImageRejected
from cari_imaging import Image, decode
from functions.annotated import lettering
from functions.annotated.drawing import draw
from functions.annotated.palette import GREY, PAPER

if TYPE_CHECKING:
    from cari_decision.evidence import Side
    from cari_verification.contract import Verification

MAX_BYTES = 1_000_000
JPEG_QUALITIES = (90, 82, 74, 64, 50)
UNREADABLE_PX = (600, 900)  # height and width of what stands for a picture that cannot be opened


def drawn(payload: bytes, verification: Verification, side: Side) -> bytes:
    """Draw on a stored JPEG, PNG or WebP what was found in it; give a JPEG of at most MAX_BYTES."""
    return encoded(draw(_opened(payload), verification, side))


def encoded(picture: Image) -> bytes:
    """Encode as JPEG, as well as MAX_BYTES allow: noise is given up first, then size."""
    for quality in JPEG_QUALITIES:
        _, jpeg = cv2.imencode(".jpg", picture[:, :, ::-1], (cv2.IMWRITE_JPEG_QUALITY, quality))
        if jpeg.size <= MAX_BYTES:
            return jpeg.tobytes()
    smaller = cv2.resize(picture, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    return encoded(np.asarray(smaller, np.uint8))


def _opened(payload: bytes) -> Image:
    """Decode; for what cannot be, which the verification says too, give a grey sheet that says so."""
    try:
        return decode(payload)
    except ImageRejected:
        sheet = np.full((*UNREADABLE_PX, 3), GREY, np.uint8)
        lettering.write(sheet, (40, UNREADABLE_PX[0] // 2), "This picture cannot be opened", 40, PAPER)
        return sheet
