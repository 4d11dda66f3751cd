"""A picture in, the reading of its machine-readable zone out; its barcode and its text where they are asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from cari_aws.engine_requests import answer_refusals
from cari_core.engine_api import MrzAnswer
from cari_imaging import decode
from cari_mrz import as_answer, climb
from functions.mrz.barcode import barcode_part
from functions.mrz.engine import identity_of
from functions.mrz.printed_text import printed_part
from functions.mrz.request import MrzRequest
from functions.mrz.rungs.passporteye_rung import read_with_passporteye
from functions.mrz.rungs.tesseract_rung import read_with_tesseract

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

RUNGS = (read_with_tesseract, read_with_passporteye)


@answer_refusals
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Read the MRZ of the picture that the event carries or names, within its time budget."""
    started = time.monotonic()
    request = MrzRequest.of(event)
    image = decode(request.picture)
    barcode = barcode_part(image, is_asked_for=request.barcode, time_budget_s=request.time_budget_s)
    spent_s = time.monotonic() - started
    reading = climb(image, RUNGS, time_budget_s=request.time_budget_s - spent_s)
    spent_s = time.monotonic() - started
    printed = printed_part(
        image, reading, is_asked_for=request.printed_text, time_left_s=request.time_budget_s - spent_s
    )
    answer = as_answer(reading, filename=request.filename, walltime_s=time.monotonic() - started)
    told = {**answer, **barcode, **printed, "engine": identity_of(reading.method)}
    return MrzAnswer.model_validate(told).plain()
