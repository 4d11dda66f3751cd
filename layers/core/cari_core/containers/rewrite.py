"""Bytes of any kind in, a plain picture out."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cari_core.containers import jpeg, png, webp
from cari_core.containers.plain import damaged

if TYPE_CHECKING:
    from cari_core.containers.plain import Plain


def rewrite(payload: bytes) -> Plain | None:
    """Write a JPEG, PNG or WebP anew with only what decodes its picture; None where it is none of these.

    No pixel is decoded. Raises Fault for a picture that is damaged, or that would take too long to decode.
    """
    try:
        if payload.startswith(jpeg.START):
            return jpeg.rewrite(payload)
        if payload.startswith(png.START):
            return png.rewrite(payload)
        if payload.startswith(webp.START):
            return webp.rewrite(payload)
    except (struct.error, IndexError) as error:
        raise damaged() from error
    return None
