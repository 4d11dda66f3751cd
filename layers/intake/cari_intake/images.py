"""Pictures as they arrive: judged by their bytes, stripped of what they tell about their owner.

No pixel is decoded here (but of HEIC, which nothing behind us reads): headers say the kind and the size.
Sources: JPEG ITU-T T.81 annex B, PNG (W3C) chunk layout, WebP container specification, EXIF 2.32 (orientation).
"""

from __future__ import annotations

import contextlib
import io
import re
import struct
import warnings
from typing import TYPE_CHECKING

from PIL import Image as Pillow

from cari_common.errors import BodyMangled, ImageRejected, UnsupportedImage
from cari_common.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PIXELS = 50_000_000  # the engines' own bound; a 100-megapixel PNG may be a few kilobytes
MIN_SIDE = 64  # pixels; nothing can be read or compared below
HEIC_QUALITY = 92  # JPEG quality of a converted HEIC: visually lossless, about the same size
ORIENTATION_TAG = 0x0112
TURNED = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
REPLACEMENT = b"\xef\xbf\xbd"  # U+FFFD in UTF-8: what a text decoder leaves where it met bytes

_KINDS = {  # leading bytes → what a person would call it
    b"%PDF": "PDF",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"PK\x03\x04": "ZIP archive",
    b"<svg": "SVG",
    b"<?xml": "XML",
}
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # but stuffed bytes, restarts and fill
_EOI = 0xD9
# APP0 says JFIF and APP14 (Adobe) the colour transform; other APPn and COM only tell stories.
_STORIES = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def intake(payload: bytes, *, field: str, filename: str | None = None) -> Picture:
    """Check an upload and strip its metadata; HEIC becomes JPEG.

    Raises ImageRejected, UnsupportedImage or BodyMangled, each naming `field`.
    """
    if not payload:
        raise ImageRejected(f"The part '{field}' is empty. Send the picture's bytes in it.", field=field)
    kind = sniff(payload)
    if kind is None:
        raise _unsupported(payload, field)
    if kind == "heic":
        payload, kind = _heic_to_jpeg(payload, field), "jpeg"
    width, height, orientation = _header(payload, field)
    strip = {"jpeg": _strip_jpeg, "png": _strip_png, "webp": _strip_webp}[kind]
    try:
        stripped = strip(payload, orientation)
    except (struct.error, IndexError, ValueError) as error:
        raise _truncated(field) from error
    if orientation in TURNED:
        width, height = height, width
    return Picture(stripped, f"image/{kind}", width, height, filename)


def sniff(payload: bytes) -> str | None:
    """Name the kind of picture by its first bytes: jpeg, png, webp or heic; None for anything else."""
    if payload[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if payload[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if payload[:4] == b"RIFF" and payload[8:12] == b"WEBP":
        return "webp"
    if payload[4:8] == b"ftyp" and payload[8:12] in _HEIF_BRANDS:
        return "heic"
    return None


def _unsupported(payload: bytes, field: str) -> BodyMangled | UnsupportedImage:
    if payload[:1024].count(REPLACEMENT) >= 3:  # noqa: PLR2004  # no file format starts so; a text decoder did this
        return BodyMangled(
            f"The bytes of '{field}' were decoded as text on the way here (U+FFFD stands where data was). "
            "Send them as binary: check the client's encoding, and any proxy's binary media types.",
            field=field,
        )
    detected = next((name for start, name in _KINDS.items() if payload.startswith(start)), None)
    if payload[4:8] == b"ftyp":
        detected = "AVIF" if payload[8:12] in (b"avif", b"avis") else "video"
    if detected is None and payload[:512].isascii():
        detected = "text"
    return UnsupportedImage(
        f"'{field}' is {'of an unknown kind' if detected is None else f'{detected}, whatever its name says'}. "
        "Send JPEG, PNG, WebP or HEIC.",
        field=field,
        detected=detected,
    )


def _truncated(field: str) -> ImageRejected:
    return ImageRejected(f"The picture in '{field}' is cut off or damaged. Take or export it again.", field=field)


def _header(payload: bytes, field: str) -> tuple[int, int, int]:
    """Read stored width, height and EXIF orientation (1 where there is none) without decoding a pixel."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own, lower, bomb warning: ours is the check below
            with Pillow.open(io.BytesIO(payload), formats=("JPEG", "PNG", "WEBP")) as picture:
                width, height = picture.size
                exif = _png_exif(payload) if picture.format == "PNG" else picture.getexif()
    except Pillow.DecompressionBombError as error:
        raise _too_large(field) from error
    except Exception as error:  # Pillow raises whatever a damaged header made its parser raise
        raise _truncated(field) from error
    if width * height > MAX_PIXELS:
        raise _too_large(field)
    if min(width, height) < MIN_SIDE:
        raise ImageRejected(
            f"The picture in '{field}' is {width} by {height} pixels; at least {MIN_SIDE} on each side are needed.",
            field=field,
        )
    orientation = exif.get(ORIENTATION_TAG, 1)
    return width, height, orientation if orientation in range(1, 9) else 1


def _png_exif(payload: bytes) -> Pillow.Exif:
    """Read a PNG's EXIF chunk ourselves: Pillow would decode all pixels, a bomb's too, to look behind them."""
    exif = Pillow.Exif()
    with contextlib.suppress(struct.error, ValueError):  # a cut-off PNG is told so when it is stripped
        for name, chunk in _png_chunks(payload):
            if name == b"eXIf":
                exif.load(b"Exif\0\0" + chunk[8:-4])
    return exif


def _too_large(field: str) -> ImageRejected:
    return ImageRejected(
        f"The picture in '{field}' has more than {MAX_PIXELS // 1_000_000} megapixels. Send a smaller one.",
        field=field,
    )


def _heic_to_jpeg(payload: bytes, field: str) -> bytes:
    import pillow_heif  # noqa: PLC0415  # 30 ms and 10 MB that only HEIC is worth

    try:
        heif = pillow_heif.open_heif(payload, convert_hdr_to_8bit=True)
        if heif.size[0] * heif.size[1] > MAX_PIXELS:
            raise _too_large(field)
        converted = io.BytesIO()
        heif.to_pillow().convert("RGB").save(converted, "JPEG", quality=HEIC_QUALITY)
    except (ValueError, RuntimeError, OSError, EOFError) as error:
        raise _truncated(field) from error
    return converted.getvalue()


def _orientation_exif(orientation: int, *, big_endian: bool = False) -> bytes:
    """Write the least EXIF that says how to turn the picture: one IFD of one entry."""
    order, mark = (">", b"MM\0*") if big_endian else ("<", b"II*\0")
    return mark + struct.pack(f"{order}IHHHIHHI", 8, 1, ORIENTATION_TAG, 3, 1, orientation, 0, 0)


def _strip_jpeg(payload: bytes, orientation: int) -> bytes:
    """Keep what decodes the picture, and orientation; drop EXIF, XMP, IPTC, comments, and all after its end."""
    kept = [b"\xff\xd8"]
    if orientation != 1:
        exif = b"Exif\0\0" + _orientation_exif(orientation)
        kept.append(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    position = 2
    while True:
        found = _MARKER.search(payload, position)
        if found is None:
            raise ValueError("no end of image")
        kept.append(payload[position : found.start()])  # a scan's entropy-coded data; nothing between other segments
        marker = payload[found.end() - 1]
        if marker == _EOI:
            return b"".join([*kept, b"\xff\xd9"])
        (length,) = struct.unpack_from(">H", payload, found.end())
        position = found.end() + length
        if marker not in _STORIES:
            kept.append(b"\xff" + payload[found.end() - 1 : position])


def _strip_png(payload: bytes, orientation: int) -> bytes:
    """Keep what makes the pixels and their colours; drop text, time, EXIF and unknown chunks."""
    kept = [payload[:8]]
    for name, chunk in _png_chunks(payload):
        if name in (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB"):
            kept.append(chunk)
        if name == b"IHDR" and orientation != 1:
            kept.append(_png_chunk(b"eXIf", _orientation_exif(orientation, big_endian=True)))
    return b"".join(kept)


def _png_chunks(payload: bytes) -> Iterator[tuple[bytes, bytes]]:
    position, name = 8, b""
    while name != b"IEND":
        (length,) = struct.unpack_from(">I", payload, position)
        name, end = payload[position + 4 : position + 8], position + 12 + length
        if end > len(payload):
            raise ValueError("a chunk runs past the end")
        yield name, payload[position:end]
        position = end


def _png_chunk(name: bytes, content: bytes) -> bytes:
    import zlib  # noqa: PLC0415  # only turned PNGs come here

    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _strip_webp(payload: bytes, orientation: int) -> bytes:
    """Drop EXIF, XMP and ICC chunks, put orientation back, and clear the flags of what is gone."""
    (size,) = struct.unpack_from("<I", payload, 4)
    if size + 8 > len(payload):
        raise ValueError("the container runs past the end")
    kept, position = [], 12
    while position + 8 <= size + 8:
        name = payload[position : position + 4]
        (length,) = struct.unpack_from("<I", payload, position + 4)
        end = position + 8 + length + length % 2
        chunk = payload[position:end]
        if name == b"VP8X":
            flags = chunk[8] & ~0b00101100 | (0b00001000 if orientation != 1 else 0)  # ICC, EXIF, XMP
            chunk = chunk[:8] + bytes([flags]) + chunk[9:]
        if name not in (b"EXIF", b"XMP ", b"ICCP"):
            kept.append(chunk)
        position = end
    if orientation != 1:
        exif = _orientation_exif(orientation)
        kept.append(b"EXIF" + struct.pack("<I", len(exif)) + exif)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
