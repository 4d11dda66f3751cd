"""Draw a barcode on its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from functions.annotated.legend import Row
from functions.annotated.palette import FAILED, NEUTRAL, PASSED, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_verification.reports import MrzReport
    from functions.annotated.pen import Pen


def mark_barcode(pen: Pen, report: MrzReport) -> Iterator[Row]:
    """Outline a barcode, and say why it was not read where it was not. Nothing, where none was looked for."""
    barcode = report.barcode
    if barcode is None:
        return
    mark = (FAILED if barcode.corners else NEUTRAL) if barcode.reason else WARNING if barcode.warnings else PASSED
    corners = np.asarray(barcode.corners or [], np.float64)
    if corners.shape == (4, 2):
        pen.outline(corners, mark)
        pen.plate(corners, barcode.reason or "barcode", mark)
    result = barcode.reason or ", ".join(barcode.warnings) or "read"
    yield Row(f"Barcode {barcode.format or ''}".strip() + f": {result}", mark)
