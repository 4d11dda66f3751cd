"""Draw the PDF417 of a payload, for specimens and tests. No module that reads imports this."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import zxingcpp

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS = 13  # of data, about as wide as licences have it
ERROR_CORRECTION_LEVEL = 5  # the standard asks for 3 at least and recommends 5


def render(payload: bytes, module_px: int, *, columns: int = COLUMNS) -> NDArray[np.uint8]:
    """Draw a payload with its quiet zone, black (0) on white (255), H×W uint8."""
    symbol = zxingcpp.create_barcode(
        payload, zxingcpp.PDF417, ec_level=str(ERROR_CORRECTION_LEVEL), columns=columns, rows=0
    )
    return np.array(symbol.to_image(scale=module_px, add_quiet_zones=True), dtype=np.uint8)
