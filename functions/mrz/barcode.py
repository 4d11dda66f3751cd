"""The barcode's part of an answer. Where it fails, the MRZ's part is answered all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_aws.observability import log_unexpected
from cari_barcode import TIME_BUDGET_S, as_answer, read_licence

if TYPE_CHECKING:
    from cari_imaging import Image


TIME_SHARE = 0.25  # of a request's seconds; the rest is the MRZ's


def barcode_part(image: Image, *, is_asked_for: bool, time_budget_s: float) -> dict[str, Any]:
    """Read the barcode of a picture (upright RGB, H×W×3 uint8) as {"barcode": a BarcodeAnswer's fields}.

    Null where reading failed, nothing unless asked for.
    """
    if not is_asked_for:
        return {}
    budget_s = min(TIME_BUDGET_S, TIME_SHARE * time_budget_s)
    try:
        return {"barcode": as_answer(read_licence(image, time_budget_s=budget_s))}
    except Exception as error:  # noqa: BLE001 - OpenCV and zxing-cpp raise what they like; the MRZ is answered all the same
        log_unexpected(error, step="barcode")
        return {"barcode": None}
