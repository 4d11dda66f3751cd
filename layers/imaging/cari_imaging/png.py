"""PNG (ISO/IEC 15948): size and orientation from its chunks."""

from __future__ import annotations

import struct

from cari_imaging.exif import orientation
from cari_imaging.layout import UPRIGHT, Header

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHUNK_FRAME = 12  # length, kind and CRC around each chunk's content


def read_header(payload: bytes) -> Header | None:
    """Read the size and the EXIF orientation; None when this is no PNG."""
    if not payload.startswith(_SIGNATURE):
        return None
    width, height = struct.unpack_from(">II", payload, len(_SIGNATURE) + 8)
    return Header(width, height, _orientation(payload))


def _orientation(payload: bytes) -> int:
    """Walk the chunks to IEND, so that a file without one is found out."""
    held = UPRIGHT
    at = len(_SIGNATURE)
    while True:
        length, kind = struct.unpack_from(">I4s", payload, at)
        if kind == b"IEND":
            return held
        if kind == b"eXIf":
            held = orientation(payload[at + 8 : at + 8 + length])
        at += _CHUNK_FRAME + length
