"""Pictures as they arrive: judged by their bytes, and stored without what they tell about their owner.

No pixel is decoded here (but of HEIC, which nothing behind us reads): the files themselves say kind and size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_core import containers
from cari_core.containers import Fault
from cari_core.errors import BodyMangled, ImageRejected, UnsupportedImage
from cari_core.picture import Picture
from cari_intake.heic import to_jpeg

if TYPE_CHECKING:
    from cari_core.containers import Plain

MIN_SIDE = 64  # pixels; nothing can be read or compared below
SIDEWAYS_ORIENTATIONS = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
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
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def intake(payload: bytes, *, field: str, filename: str | None = None) -> Picture:
    """Check an upload and strip its metadata; HEIC becomes JPEG.

    Raises ImageRejected, UnsupportedImage or BodyMangled, each naming `field`.
    """
    if not payload:
        raise ImageRejected(f"The part '{field}' is empty. Send the picture's bytes in it.", field=field)
    try:
        plain = containers.rewrite(to_jpeg(payload) if sniff(payload) == "heic" else payload)
        if plain is None:
            raise _unsupported(payload, field)
        return _picture(plain, filename)
    except Fault as fault:
        raise ImageRejected(f"The picture in '{field}' {fault}", field=field) from fault


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


def _picture(plain: Plain, filename: str | None) -> Picture:
    """Say how large a picture is when it is held upright. Raises Fault for one that is too small."""
    width, height = plain.width, plain.height
    if min(width, height) < MIN_SIDE:
        raise Fault(f"is {width} by {height} pixels; at least {MIN_SIDE} on each side are needed.")
    if plain.orientation in SIDEWAYS_ORIENTATIONS:
        width, height = height, width
    return Picture(plain.payload, f"image/{plain.kind}", width, height, filename)


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
