"""Pictures as callers send them, made in memory."""

import io

from PIL import Image


def encoded(kind: str = "JPEG", size: tuple[int, int] = (120, 80), **options: object) -> bytes:
    """Draw a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Make EXIF as a phone writes it: orientation, owner, place."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x013B] = "PRIVATE OWNER"
    made.get_ifd(0x8825)[1] = "N"
    made.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    return made
