"""WebP (RFC 9649): the one image chunk of a still picture.

It is copied as it is: where its codes end only a decoder knows.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cari_core.containers import exif
from cari_core.containers.bounds import MAX_SEGMENTS, check_size, too_many
from cari_core.containers.plain import UPRIGHT, Fault, Plain, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

START = b"RIFF"
_FORM = b"WEBP"
_RIFF_HEADER = 12  # "RIFF", size, "WEBP"
_CHUNK_HEADER = 8
_EXIF = b"Exif\x00\x00"  # some writers keep JPEG's prefix
_14_BITS = 0x3FFF
_KEY_FRAME = b"\x9d\x01\x2a"  # RFC 6386, 9.1
_LOSSLESS = 0x2F
_HAS_EXIF, _HAS_ALPHA, _IS_ANIMATED = 0b1000, 0b10000, 0b10  # of VP8X's flags
_ALPHA_USED = 1 << 28  # of VP8L's header


def rewrite(payload: bytes) -> Plain | None:
    """Write a WebP's image and orientation anew; None where the RIFF is no WebP. Raises Fault.

    Transparency beside the image (ALPH) goes, as no engine reads it: whoever looks at the stored picture sees what
    they saw.
    """
    if payload[8:_RIFF_HEADER] != _FORM:
        return None
    canvas: tuple[int, int] | None = None
    image, orientation = b"", None
    for kind, content in _chunks(payload):
        if kind in (b"ANIM", b"ANMF") or (kind == b"VP8X" and content[0] & _IS_ANIMATED):
            raise Fault("is an animation. Send a single picture.")
        if kind == b"VP8X":
            canvas = _uint24(content, 4) + 1, _uint24(content, 7) + 1
            check_size(*canvas)
        elif kind in (b"VP8 ", b"VP8L") and not image:
            size = _lossy_size(content) if kind == b"VP8 " else _lossless_size(content)
            check_size(*size)
            image = _chunk(kind, content)
        elif kind == b"EXIF" and orientation is None:
            orientation = exif.orientation(content.removeprefix(_EXIF))
    if not image or canvas not in (None, size):
        raise damaged()
    orientation = orientation or UPRIGHT
    return Plain(_riff(image, size, orientation), "webp", *size, orientation)


def _chunks(payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give each chunk's kind and content, up to where the container says that it ends."""
    (riff_bytes,) = struct.unpack_from("<I", payload, 4)
    position, end = _RIFF_HEADER, riff_bytes + _CHUNK_HEADER
    if end > len(payload):
        raise damaged()
    for _ in range(MAX_SEGMENTS):
        if position + _CHUNK_HEADER > end:
            return
        kind, length = struct.unpack_from("<4sI", payload, position)
        start, position = position + _CHUNK_HEADER, position + _CHUNK_HEADER + length
        if position > end:
            raise damaged()
        yield kind, payload[start:position]
        position += length % 2
    raise too_many("chunks", MAX_SEGMENTS)


def _lossy_size(content: bytes) -> tuple[int, int]:
    if content[0] & 1 or content[3:6] != _KEY_FRAME:
        raise damaged()
    width, height = struct.unpack_from("<HH", content, 6)
    return width & _14_BITS, height & _14_BITS


def _lossless_size(content: bytes) -> tuple[int, int]:
    signature, bits = struct.unpack_from("<BI", content)
    if signature != _LOSSLESS:
        raise damaged()
    return (bits & _14_BITS) + 1, (bits >> 14 & _14_BITS) + 1


def _riff(image: bytes, size: tuple[int, int], orientation: int) -> bytes:
    """Frame an image; only a turned one needs the extended form."""
    chunks = [image]
    if orientation != UPRIGHT:
        is_lossless = image.startswith(b"VP8L")
        has_alpha = is_lossless and struct.unpack_from("<I", image, _CHUNK_HEADER + 1)[0] & _ALPHA_USED
        flags = _HAS_EXIF | (_HAS_ALPHA if has_alpha else 0)
        canvas = b"".join((side - 1).to_bytes(3, "little") for side in size)
        chunks = [_chunk(b"VP8X", struct.pack("<I", flags) + canvas), image, _chunk(b"EXIF", exif.least(orientation))]
    body = _FORM + b"".join(chunks)
    return START + struct.pack("<I", len(body)) + body


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _uint24(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 3], "little")
