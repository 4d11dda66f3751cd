"""PNG (ISO/IEC 15948): its header, palette and pixels, of which none is kept beyond what the header promises."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from cari_core.containers import exif
from cari_core.containers.bounds import MAX_SEGMENTS, check_size, too_many
from cari_core.containers.plain import UPRIGHT, Fault, Plain, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

START = b"\x89PNG\r\n\x1a\n"
_CHUNK_FRAME = 12  # length, kind and CRC around each chunk's content
_HEADER_BYTES = 13
_BITS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}  # colour type → bits a sample
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # colour type → samples a pixel
_PALETTE = 3  # the colour type whose samples are numbers of colours
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))  # Adam7's
_WHOLE = ((0, 0, 1, 1),)  # column and row of the first pixel, columns and rows from each to the next
_BLOCK = 1 << 16  # bytes of compressed data that are looked at in one go
_MOST_MADE = 1 << 20  # bytes that are inflated in one go, only to be counted
_IDAT_BYTES = 1 << 20  # libpng takes up to 8 MB in a chunk


def rewrite(payload: bytes) -> Plain:
    """Write a PNG's header, palette, pixels and orientation anew. Raises Fault.

    Transparency goes, as no engine reads it: whoever looks at the stored picture sees what they saw.
    """
    header, palette, turned, coded = b"", b"", None, list[bytes]()
    for number, (kind, content) in enumerate(_chunks(payload)):
        if (kind == b"IHDR") != (number == 0):
            raise damaged()
        if kind == b"IHDR":
            header = content
            check_size(*_size(header))
        elif kind == b"PLTE":
            palette = content
        elif kind == b"IDAT":
            coded.append(content)
        elif kind == b"eXIf" and turned is None:
            turned = exif.orientation(content)
    width, height, bits, color, _, _, _ = struct.unpack(">IIBBBBB", header)
    orientation = turned or UPRIGHT
    written = [START, _chunk(b"IHDR", header)]
    if orientation != UPRIGHT:
        written.append(_chunk(b"eXIf", exif.least(orientation)))
    if color == _PALETTE:
        written.append(_chunk(b"PLTE", _colors(palette, 1 << bits)))
    stream = _stream(b"".join(coded), _pixel_bytes(header))
    written += (_chunk(b"IDAT", stream[at : at + _IDAT_BYTES]) for at in range(0, len(stream), _IDAT_BYTES))
    written.append(_chunk(b"IEND", b""))
    return Plain(b"".join(written), "png", width, height, orientation)


def _chunks(payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give each chunk's kind and content, up to IEND; of those that are kept, only where the sum agrees."""
    position = len(START)
    for _ in range(MAX_SEGMENTS):
        length, kind = struct.unpack_from(">I4s", payload, position)
        content = payload[position + 8 : position + 8 + length]
        (crc,) = struct.unpack_from(">I", payload, position + 8 + length)
        if kind in (b"IHDR", b"PLTE", b"IDAT") and crc != zlib.crc32(content, zlib.crc32(kind)):
            raise damaged()
        if kind == b"IEND":
            return
        yield kind, content
        position += _CHUNK_FRAME + length
    raise too_many("chunks", MAX_SEGMENTS)


def _size(header: bytes) -> tuple[int, int]:
    """Read width and height of a header that makes sense."""
    if len(header) != _HEADER_BYTES:
        raise damaged()
    width, height, bits, color, compression, filtering, interlacing = struct.unpack(">IIBBBBB", header)
    if bits not in _BITS.get(color, ()) or compression or filtering or interlacing > 1:
        raise damaged()
    return width, height


def _colors(palette: bytes, most: int) -> bytes:
    """Cut a palette to the colours that its pixels can name."""
    if not palette or len(palette) % 3:
        raise damaged()
    return palette[: 3 * most]


def _pixel_bytes(header: bytes) -> int:
    """Count the bytes that the pixels take before they are compressed: each row of each pass has one for its filter."""
    width, height, bits, color, _, _, is_interlaced = struct.unpack(">IIBBBBB", header)
    count = 0
    for left, top, across, down in _PASSES if is_interlaced else _WHOLE:
        columns, rows = max(0, -(-(width - left) // across)), max(0, -(-(height - top) // down))
        if columns:
            count += rows * (1 + -(-columns * bits * _SAMPLES[color] // 8))
    return count


def _stream(coded: bytes, pixel_bytes: int) -> bytes:
    """Cut the compressed pixels out of the IDATs, and see that they inflate to no less and no more than was promised.

    libpng inflates the surplus too, after the last row: 5 MB of it, compressed, take 17 s.
    """
    inflating, left, end = zlib.decompressobj(), pixel_bytes, 0
    try:
        while end < len(coded) and not inflating.eof:
            block = coded[end : end + _BLOCK]
            end += len(block)
            while block and not inflating.eof:
                left -= len(inflating.decompress(block, _MOST_MADE))
                if left < 0:
                    raise Fault("holds more data than pixels. Save it again with an ordinary program.")
                block = inflating.unconsumed_tail
    except zlib.error as error:
        raise damaged() from error
    if left or not inflating.eof:
        raise damaged()
    return coded[: end - len(inflating.unused_data)]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))
