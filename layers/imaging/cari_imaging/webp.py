"""WebP (RFC 9649): size and orientation from its RIFF chunks."""

from __future__ import annotations

import struct

from cari_imaging.exif import orientation
from cari_imaging.layout import UPRIGHT, Header, Incomplete

_RIFF_HEADER = 12  # "RIFF", size, "WEBP"
_CHUNK_HEADER = 8
_EXIF = b"Exif\x00\x00"
_14_BITS = 0x3FFF


def read_header(payload: bytes) -> Header | None:
    """Read the size and the EXIF orientation; None when this is no WebP."""
    if payload[:4] != b"RIFF" or payload[8:_RIFF_HEADER] != b"WEBP":
        return None
    (riff_bytes,) = struct.unpack_from("<I", payload, 4)
    if riff_bytes + _CHUNK_HEADER > len(payload):
        raise Incomplete
    width, height = _size(payload)
    return Header(width, height, _orientation(payload, riff_bytes + _CHUNK_HEADER))


def _size(payload: bytes) -> tuple[int, int]:
    """Read the canvas, or the only frame, from the first chunk."""
    kind = payload[_RIFF_HEADER : _RIFF_HEADER + 4]
    body = payload[_RIFF_HEADER + _CHUNK_HEADER : _RIFF_HEADER + _CHUNK_HEADER + 10]
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & _14_BITS, height & _14_BITS
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", body, 1)
        return (bits & _14_BITS) + 1, (bits >> 14 & _14_BITS) + 1
    raise Incomplete


def _orientation(payload: bytes, end: int) -> int:
    at = _RIFF_HEADER
    while at + _CHUNK_HEADER <= end:
        kind, length = struct.unpack_from("<4sI", payload, at)
        if kind == b"EXIF":
            content = payload[at + _CHUNK_HEADER : at + _CHUNK_HEADER + length]
            return orientation(content.removeprefix(_EXIF))  # some writers keep JPEG's prefix
        at += _CHUNK_HEADER + length + length % 2
    return UPRIGHT
