"""The barcode's part of an answer. Whatever happens to it, the MRZ's part is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_aws.observability import log_unexpected
from cari_barcode import TIME_BUDGET_S, as_answer, read_licence

if TYPE_CHECKING:
    from cari_imaging import Image


SHARE_OF_TIME = 0.25  # of a request's seconds; the rest is the MRZ's


def barcode_part(image: Image, *, is_asked_for: bool, time_budget_s: float) -> dict[str, Any]:
    """Read the barcode of a picture (upright RGB, H×W×3 uint8); null where reading failed, nothing unless asked for."""
    if not is_asked_for:
        return {}
    budget_s = min(TIME_BUDGET_S, SHARE_OF_TIME * time_budget_s)
    try:
        return {"barcode": as_answer(read_licence(image, time_budget_s=budget_s))}
    except Exception as error:  # noqa: BLE001 - OpenCV and zxing-cpp raise what they like; the MRZ is still to be read
        log_unexpected(error, step="barcode")
        return {"barcode": None}
