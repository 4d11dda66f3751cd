"""JPEG (ITU-T T.81): size and orientation from its marker segments."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cari_imaging.exif import orientation
from cari_imaging.layout import UPRIGHT, Header, Incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

_START = b"\xff\xd8\xff"
_END_OF_IMAGE = b"\xff\xd9"
_EXIF = b"Exif\x00\x00"
_FILL = 0xFF
_APP1 = 0xE1
_START_OF_SCAN = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0..15 without DHT, JPG and DAC


def read_header(payload: bytes) -> Header | None:
    """Read the frame's size and the EXIF orientation; None when this is no JPEG."""
    if not payload.startswith(_START):
        return None
    size: tuple[int, int] | None = None
    held = UPRIGHT
    for marker, segment in _segments(payload):
        if marker in _FRAMES:
            size = struct.unpack_from(">HH", segment, 1)
        elif marker == _APP1 and segment.startswith(_EXIF):
            held = orientation(segment[len(_EXIF) :])
    if size is None:
        raise Incomplete
    height, width = size
    return Header(width, height, held)


def _segments(payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk the segments before the first scan, and check that the scans reach the end of the image."""
    at = len(_START) - 1
    while True:
        if payload[at] != _FILL:
            raise Incomplete
        marker = payload[at + 1]
        if marker == _FILL:  # any number of fill bytes may stand before a marker's code
            at += 1
            continue
        if marker == _START_OF_SCAN:
            break
        (length,) = struct.unpack_from(">H", payload, at + 2)
        yield marker, payload[at + 4 : at + 2 + length]
        at += 2 + length
    # Coded data never holds this pair of bytes, so without it the upload stopped half-way. Decoders let that
    # pass when something else fills the file up to its length: they paint the missing part grey.
    if payload.find(_END_OF_IMAGE, at) < 0:
        raise Incomplete
