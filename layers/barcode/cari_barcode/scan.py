"""Scan a picture with zxing-cpp; no other module that reads imports it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import zxingcpp

from cari_barcode.symbol import Symbol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PDF417 = "PDF417"
_PDF417 = zxingcpp.BarcodeFormats([zxingcpp.PDF417])
_OTHER_FORMATS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.QRCode,
        zxingcpp.DataMatrix,
        zxingcpp.Aztec,
        zxingcpp.MicroPDF417,
        zxingcpp.Code128,
        zxingcpp.Code39,
    ]
)


def scan_pdf417(gray: NDArray[np.uint8]) -> list[Symbol]:
    """Look for PDF417 whose rows run along the picture's rows or columns, mirrored or not; damaged ones come too."""
    found = zxingcpp.read_barcodes(gray, formats=_PDF417, try_downscale=False, try_invert=False, return_errors=True)
    return [_symbol(barcode) for barcode in found]


def scan_others(gray: NDArray[np.uint8]) -> list[Symbol]:
    """Look for other formats that documents carry. Only what decodes counts: noise is easily taken for a barcode."""
    found = zxingcpp.read_barcodes(gray, formats=_OTHER_FORMATS, try_downscale=False, try_invert=False)
    return [_symbol(barcode) for barcode in found]


def _symbol(barcode: zxingcpp.Barcode) -> Symbol:
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return Symbol(
        format=barcode.format.name,
        payload=barcode.bytes if barcode.valid else None,
        corners=tuple((float(corner.x), float(corner.y)) for corner in corners),
    )
