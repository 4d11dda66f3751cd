"""JPEG, PNG and WebP files: bounded, and written anew with nothing but what decodes the picture."""

from cari_core.containers.bounds import MAX_ASPECT, MAX_PIXELS, MAX_SCANS, MAX_SEGMENTS, MAX_SIDE, check_size
from cari_core.containers.plain import Fault, Plain, damaged
from cari_core.containers.rewrite import rewrite

__all__ = [
    "MAX_ASPECT",
    "MAX_PIXELS",
    "MAX_SCANS",
    "MAX_SEGMENTS",
    "MAX_SIDE",
    "Fault",
    "Plain",
    "check_size",
    "damaged",
    "rewrite",
]
