"""How large a picture may be, in every way that costs time or memory to decode."""

from __future__ import annotations

from cari_core.containers.plain import Fault

MAX_PIXELS = 50_000_000  # 150 MB as RGB, which a 1 GB function holds twice
MAX_SIDE = 16_384  # pixels, one more than WebP's longest; OpenCV warps no picture of 32,767 or more
MAX_ASPECT = 100  # longer side to shorter; a line of an MRZ has 25, and engines shrink the longer side to some hundreds
# Encoders write 10 for colour (libjpeg's jpeg_simple_progression, which mozjpeg and jpegrescan no more than double).
# A scan of a few bytes takes 1.3 ns a pixel to decode, so that this many of 50 megapixels take 2 s.
MAX_SCANS = 32
MAX_SEGMENTS = 10_000  # of a JPEG, chunks of a PNG or a WebP; 20 MB in libpng's IDATs of 8 kB are 2,500


def check_size(width: int, height: int) -> None:
    """Raise Fault for a picture that is too large to be decoded, or has no pixels."""
    if not width or not height:
        raise Fault("has no pixels. Take or export it again.")
    if width * height > MAX_PIXELS:
        raise Fault(
            f"is {width} by {height} pixels; at most {MAX_PIXELS // 1_000_000} megapixels are read. Send a smaller one."
        )
    if max(width, height) > MAX_SIDE:
        raise Fault(f"is {width} by {height} pixels; at most {MAX_SIDE} on a side are read. Cut or shrink it.")
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise Fault(f"is {width} by {height} pixels; at most {MAX_ASPECT} times as long as wide are read. Cut it.")


def too_many(parts: str, most: int) -> Fault:
    """Say that a file is made of more parts than any camera or editor makes."""
    return Fault(f"is made of more than {most} {parts}. Save it again with an ordinary program.")
