"""Bytes in, a checked upright picture out."""

from cari_imaging.decode import decode
from cari_imaging.image import Image
from cari_imaging.network import Network

__all__ = ["Image", "Network", "decode"]
