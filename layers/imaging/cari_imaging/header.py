"""What a picture says about itself before a pixel of it is decoded."""

from __future__ import annotations

import struct

from cari_common.errors import ImageRejected
from cari_imaging import jpeg, png, webp
from cari_imaging.layout import Header, Incomplete

_READERS = (jpeg.read_header, png.read_header, webp.read_header)


def read_header(payload: bytes) -> Header:
    """Read size and orientation of a JPEG, PNG or WebP.

    Raises ImageRejected when the bytes are none of these, or end before the picture does.
    """
    if not payload:
        raise ImageRejected("The picture is empty.")
    try:
        header = next(filter(None, (read(payload) for read in _READERS)), None)
    except (Incomplete, struct.error, IndexError) as fault:
        raise ImageRejected("The picture is cut short or damaged. Send the whole file.") from fault
    if header is None:
        raise ImageRejected("The file is not a JPEG, PNG or WebP picture.")
    if not header.width or not header.height:
        raise ImageRejected("The picture has no pixels.")
    return header
