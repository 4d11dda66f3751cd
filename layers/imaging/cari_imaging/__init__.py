"""Bytes in, a checked upright picture out."""

from cari_imaging.decode import MAX_PIXELS, decode
from cari_imaging.image import Image

__all__ = ["MAX_PIXELS", "Image", "decode"]
