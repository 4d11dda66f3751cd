"""Pictures as callers send them, made in memory, and the parts that their files are made of."""

import io
import struct
import zlib
from collections.abc import Iterator

import pillow_heif
from PIL import Image

MARKERS_WITHOUT_SEGMENT = frozenset({0x01, *range(0xD0, 0xDA)})  # TEM, restarts, start and end of image
PNG_START = b"\x89PNG\r\n\x1a\n"


def encoded(kind: str = "JPEG", size: tuple[int, int] = (120, 80), mode: str = "RGB", **options: object) -> bytes:
    """Draw a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    picture.convert(mode).save(written, kind, **options)
    return written.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Make EXIF as a phone writes it: orientation, owner, place."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x013B] = "PRIVATE OWNER"
    made.get_ifd(0x8825)[1] = "N"
    made.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    return made


def heic(size: tuple[int, int] = (120, 80), **options: object) -> bytes:
    """Encode the picture as a phone does."""
    written = io.BytesIO()
    pillow_heif.from_pillow(Image.open(io.BytesIO(encoded("PNG", size)))).save(written, **options)
    return written.getvalue()


def pixels(payload: bytes) -> bytes:
    """Decode to RGB."""
    return Image.open(io.BytesIO(payload)).convert("RGB").tobytes()


def segment(marker: int, content: bytes) -> bytes:
    """Frame a segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def segments(jpeg: bytes) -> list[bytes]:
    """Cut a JPEG of Pillow's into its segments, each scan with its coded data; without the two ends."""
    cut, at = [], 2
    while jpeg[at + 1] != 0xD9:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] == 0xDA:
            while jpeg[end] != 0xFF or jpeg[end + 1] in (0, *range(0xD0, 0xD8)):
                end += 1
        cut.append(jpeg[at:end])
        at = end
    return cut


def jpeg_of(cut: list[bytes]) -> bytes:
    """Put a JPEG together again."""
    return b"\xff\xd8" + b"".join(cut) + b"\xff\xd9"


def of_scans(count: int, size: tuple[int, int] = (120, 80)) -> bytes:
    """Make a progressive JPEG that refines its last scan again and again."""
    cut = segments(encoded(size=size, progressive=True))
    scans = sum(each[1] == 0xDA for each in cut)
    return jpeg_of([*cut, *[cut[-1]] * (count - scans)])


def chunk(kind: bytes, content: bytes) -> bytes:
    """Frame a chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def chunks(png: bytes) -> list[bytes]:
    """Cut a PNG into its chunks."""
    cut, at = [], len(PNG_START)
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4], "big")
        cut.append(png[at:end])
        at = end
    return cut


def riff_chunk(kind: bytes, content: bytes) -> bytes:
    """Frame a chunk of a WebP."""
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def riff_chunks(webp: bytes) -> Iterator[bytes]:
    """Cut a WebP into its chunks."""
    at = 12
    while at < len(webp):
        length = int.from_bytes(webp[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        yield webp[at:end]
        at = end


def webp_of(cut: list[bytes]) -> bytes:
    """Put a WebP together again."""
    body = b"WEBP" + b"".join(cut)
    return b"RIFF" + struct.pack("<I", len(body)) + body
