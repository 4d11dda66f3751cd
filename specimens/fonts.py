"""Free fonts that are already here: DejaVu as matplotlib carries it, OCR-B as Debian packages it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

OCR_B = Path("/usr/share/fonts/opentype/ocr-b/OCRB.otf")
OCR_B_ADVANCE = 0.723  # width of a character in sizes of the font


@cache
def dejavu(face: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Load a face of DejaVu, such as "Sans-Bold", without importing matplotlib."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("matplotlib, which carries the DejaVu fonts, is not installed")
    return ImageFont.truetype(Path(spec.origin).parent / f"mpl-data/fonts/ttf/DejaVu{face}.ttf", size_px)


@cache
def ocr_b(pitch_px: float) -> ImageFont.FreeTypeFont:
    """Load OCR-B at the size whose characters stand so far apart."""
    if not OCR_B.exists():
        raise FileNotFoundError(f"{OCR_B} is missing: apt-get install fonts-ocr-b")
    return ImageFont.truetype(OCR_B, pitch_px / OCR_B_ADVANCE)
