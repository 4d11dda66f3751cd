"""EXIF (a TIFF file inside the picture): the one tag that says which way up the picture is."""

from __future__ import annotations

import struct

from cari_core.containers.plain import UPRIGHT

_ORIENTATION = 0x0112
_SHORT = 3
_ENTRY_BYTES = 12
_BYTE_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
_DIRECTORY_AT = 8  # right behind the header


def orientation(tiff: bytes) -> int:
    """Read the orientation, 1..8, of the main picture; 1 where the tag is missing or makes no sense.

    A damaged tag is no reason to refuse a picture: it is shown as stored, as every viewer does.
    """
    order = _BYTE_ORDERS.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        return _main_directory_orientation(tiff, order)
    except struct.error:
        return UPRIGHT


def least(orientation: int) -> bytes:
    """Write the least EXIF that says how to turn the picture: one directory of one entry."""
    return b"MM\x00*" + struct.pack(">IHHHIHHI", _DIRECTORY_AT, 1, _ORIENTATION, _SHORT, 1, orientation, 0, 0)


def _main_directory_orientation(tiff: bytes, order: str) -> int:
    (directory,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, directory)
    for entry in range(count):
        at = directory + 2 + entry * _ENTRY_BYTES
        tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, at)
        if tag == _ORIENTATION and kind == _SHORT and 1 <= value <= 8:  # noqa: PLR2004 - EXIF's eight values
            return int(value)
    return UPRIGHT
