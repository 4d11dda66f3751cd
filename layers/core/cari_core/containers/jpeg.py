"""JPEG (ITU-T T.81): its frame, and its scans with the tables that each needs.

What a decoder needs is read into values and written from them, so that nothing else is carried along. Coded data is
copied as it is: where it ends within a scan only a decoder knows.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cari_core.containers import exif
from cari_core.containers.bounds import MAX_SCANS, MAX_SEGMENTS, check_size, too_many
from cari_core.containers.plain import UPRIGHT, Fault, Plain, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

START = b"\xff\xd8\xff"
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # but stuffed bytes, restarts and fill
_FILL = b"\xff"

_TEM, _SOI_CODE, _EOI_CODE = 0x01, 0xD8, 0xD9  # markers without a segment
_SOF0, _SOF1, _SOF2 = 0xC0, 0xC1, 0xC2  # baseline, extended, progressive: Huffman-coded all
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0..15 without DHT, JPG and DAC
_DHT, _SOS, _DQT, _DRI, _APP0, _APP1, _APP14 = 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xE1, 0xEE

_JFIF, _ADOBE, _EXIF = b"JFIF\x00", b"Adobe", b"Exif\x00\x00"
_JFIF_BYTES, _ADOBE_BYTES = 14, 12  # the least that libjpeg believes
_PLAIN_JFIF = _JFIF + struct.pack(">HBHHBB", 0x0101, 0, 1, 1, 0, 0)  # version 1.01, square pixels, no thumbnail
_COMPONENTS = frozenset({1, 3, 4})  # grey, YCbCr or RGB, CMYK or YCCK
_SAMPLE_BITS = 8
_LAST_TABLE = 3  # tables are numbered 0 to 3
_DC, _AC = 0, 1


def rewrite(payload: bytes) -> Plain:
    """Write a JPEG's frame, its scans and their tables anew, and its orientation. Raises Fault."""
    frame: _Frame | None = None
    head, tables, scans, written = _Head(), _Tables(), 0, list[bytes]()
    for marker, content, coded in _segments(payload):
        if marker == _SOS:
            scans += 1
            if scans > MAX_SCANS:
                raise too_many("scans", MAX_SCANS)
            written += _scan(frame, tables, content, coded, is_first=scans == 1)
        elif marker in _FRAMES:
            if frame is not None:
                raise damaged()
            frame = _frame(marker, content)
        elif marker in _READERS:
            tables.defined.update(_READERS[marker](content))
        elif not scans:
            head.take(marker, content)
    if frame is None or not scans:
        raise damaged()
    rewritten = b"".join([_SOI, *head.written(), *written, _EOI])
    return Plain(rewritten, "jpeg", frame.width, frame.height, head.orientation or UPRIGHT)


@dataclass
class _Frame:
    """The SOF segment, and what of it the scans refer to."""

    marker: int
    content: bytes
    width: int
    height: int
    quantization: dict[int, int]  # component → its table


@dataclass
class _Tables:
    """Segments that define tables: the newest of each, and which of them are written already."""

    defined: dict[tuple[int, int, int], bytes] = field(default_factory=dict)  # marker, class, number
    written: dict[tuple[int, int, int], bytes] = field(default_factory=dict)

    def needed(self, keys: list[tuple[int, int, int]]) -> Iterator[bytes]:
        """Give the segments of those tables that are defined and not written as they are now."""
        for key in keys:
            content = self.defined.get(key)
            if content is not None and self.written.get(key) != content:
                self.written[key] = content
                yield _segment(key[0], content)


@dataclass
class _Head:
    """What the applications' segments before the first scan say of how to show the picture."""

    is_jfif: bool = False
    adobe_transform: int | None = None
    orientation: int | None = None

    def take(self, marker: int, content: bytes) -> None:
        """Read a segment; whatever else it says is not kept."""
        if marker == _APP0:
            self.is_jfif |= content.startswith(_JFIF) and len(content) >= _JFIF_BYTES
        elif marker == _APP14 and content.startswith(_ADOBE) and len(content) >= _ADOBE_BYTES:
            self.adobe_transform = content[11]
        elif marker == _APP1 and content.startswith(_EXIF) and self.orientation is None:
            self.orientation = exif.orientation(content[len(_EXIF) :])

    def written(self) -> Iterator[bytes]:
        """Write it anew, each segment in one form only."""
        if self.is_jfif:
            yield _segment(_APP0, _PLAIN_JFIF)
        if self.orientation is not None and self.orientation != UPRIGHT:
            yield _segment(_APP1, _EXIF + exif.least(self.orientation))
        if self.adobe_transform is not None:
            yield _segment(_APP14, _ADOBE + struct.pack(">HHHB", 100, 0, 0, self.adobe_transform))


def _segments(payload: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Give each segment's marker, its content, and the coded data behind it, up to the end of the image."""
    position = len(_SOI)
    for _ in range(MAX_SEGMENTS):
        found = _MARKER.search(payload, position)
        if found is None:
            raise damaged()
        marker, start = payload[found.end() - 1], found.end()
        if marker == _EOI_CODE:
            return
        if marker == _SOI_CODE:
            raise damaged()
        if marker == _TEM:
            position = start
            continue
        (length,) = struct.unpack_from(">H", payload, start)
        position = start + length
        coded = _coded(payload, position) if marker == _SOS else b""
        yield marker, payload[start + 2 : position], coded
        position += len(coded)
    raise too_many("segments", MAX_SEGMENTS)


def _coded(payload: bytes, start: int) -> bytes:
    """Cut out a scan's coded data; fill bytes before the next marker are none of it."""
    found = _MARKER.search(payload, start)
    if found is None:
        raise damaged()
    return payload[start : found.start()].rstrip(_FILL)


def _frame(marker: int, content: bytes) -> _Frame:
    if marker not in {_SOF0, _SOF1, _SOF2}:
        raise Fault("is a lossless, hierarchical or arithmetic-coded JPEG. Save it as an ordinary JPEG.")
    bits, height, width, count = struct.unpack_from(">BHHB", content)
    if bits != _SAMPLE_BITS:
        raise Fault(f"is a JPEG of {bits} bits a sample. Save it with 8.")
    if count not in _COMPONENTS:
        raise Fault(f"is a JPEG of {count} components. Save it in grey, colour or CMYK.")
    if len(content) != 6 + 3 * count:
        raise damaged()
    check_size(width, height)
    return _Frame(marker, content, width, height, {content[at]: content[at + 2] for at in range(6, len(content), 3)})


def _scan(frame: _Frame | None, tables: _Tables, content: bytes, coded: bytes, *, is_first: bool) -> Iterator[bytes]:
    """Write a scan, before it the tables that it needs, and the frame before the first."""
    count = content[0]
    if frame is None or not count or len(content) != 4 + 2 * count:
        raise damaged()
    components = {content[at]: content[at + 1] for at in range(1, 1 + 2 * count, 2)}
    if not components.keys() <= frame.quantization.keys():
        raise damaged()
    first, last, precision = content[-3:]
    yield from tables.needed([(_DQT, 0, frame.quantization[component]) for component in components])
    if is_first:
        yield _segment(frame.marker, frame.content)
    is_progressive = frame.marker == _SOF2
    for coding in components.values():
        if not is_progressive or (first == 0 and precision < 0x10):  # noqa: PLR2004  # high half: bits sent before
            yield from tables.needed([(_DHT, _DC, coding >> 4)])
        if not is_progressive or last > 0:
            yield from tables.needed([(_DHT, _AC, coding & 15)])
    yield from tables.needed([(_DRI, 0, 0)])
    yield _segment(_SOS, content) + coded


def _quantization(content: bytes) -> dict[tuple[int, int, int], bytes]:
    found, at = {}, 0
    while at < len(content):
        precision, number = divmod(content[at], 16)
        end = at + 1 + 64 * (1 + precision)
        if precision > 1 or number > _LAST_TABLE or end > len(content):
            raise damaged()
        found[_DQT, 0, number] = content[at:end]
        at = end
    return found


def _huffman(content: bytes) -> dict[tuple[int, int, int], bytes]:
    found, at = {}, 0
    while at < len(content):
        coding, number = divmod(content[at], 16)
        end = at + 17 + sum(content[at + 1 : at + 17])
        if coding > _AC or number > _LAST_TABLE or end > len(content):
            raise damaged()
        found[_DHT, coding, number] = content[at:end]
        at = end
    return found


def _restart_interval(content: bytes) -> dict[tuple[int, int, int], bytes]:
    if len(content) != 2:  # noqa: PLR2004  # one 16-bit number
        raise damaged()
    return {(_DRI, 0, 0): content}


_READERS = {_DQT: _quantization, _DHT: _huffman, _DRI: _restart_interval}


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
