"""Bytes in, a checked upright picture out."""

from cari_imaging.decode import decode
from cari_imaging.image import Image

__all__ = ["Image", "decode"]
