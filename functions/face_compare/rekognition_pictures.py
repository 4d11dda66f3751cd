"""Pictures as Amazon Rekognition takes them: JPEG or PNG, up to 5 MB, no side below 80 pixels.

Source: "Guidelines and quotas in Amazon Rekognition". Boxes are shares of the picture, so that no size changes them.
"""

from __future__ import annotations

import cv2
import numpy as np

from cari_aws.engine_requests import MAX_INLINE_BYTES, NotAPicture
from cari_core.errors import ImageRejected
from cari_imaging import decode

TAKEN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
LEAST_SIDE_PX, MOST_SIDE_PX = 80, 4096
JPEG_QUALITY = 92
SHRINKING = 0.7  # of both sides, until the picture fits


def as_taken(payload: bytes, name: str) -> bytes:
    """Give a picture's bytes as they are where Rekognition takes them, or written anew. Raises NotAPicture."""
    try:
        image = decode(payload)
    except ImageRejected as rejected:
        raise NotAPicture(f"{name}: {rejected.detail}") from None
    shortest, longest = sorted(image.shape[:2])
    if payload.startswith(TAKEN) and len(payload) <= MAX_INLINE_BYTES and shortest >= LEAST_SIDE_PX:
        return payload
    scale = min(MOST_SIDE_PX / longest, max(1.0, LEAST_SIDE_PX / shortest))
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    while True:
        method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        sized = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=method) if scale != 1 else bgr
        written = np.asarray(cv2.imencode(".jpg", sized, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]).tobytes()
        if len(written) <= MAX_INLINE_BYTES:
            return written
        scale *= SHRINKING
