"""Read a picture's machine-readable zone with Tesseract and PassportEye too, and its printed text where asked for.

Asked only where the project's own reader saw an MRZ and is not sure of it, or where printed text is wanted.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from cari_aws.engine_requests import as_engine
from cari_aws.mrz_request import MrzRequest
from cari_core.engine_api import MrzAnswer
from cari_imaging import decode
from cari_mrz import as_answer, read_with_fallbacks
from functions.mrz_fallback.engine_identity import identity_of
from functions.mrz_fallback.passporteye_engine import read_with_passporteye
from functions.mrz_fallback.printed_text import printed_part
from functions.mrz_fallback.tesseract_engine import read_with_tesseract

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

FALLBACK_ENGINES = (read_with_tesseract, read_with_passporteye)  # the quicker first


@as_engine
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Read the MRZ of the picture that the event carries or names, within its time budget; no barcode is read."""
    started = time.monotonic()
    request = MrzRequest.of(event)
    image = decode(request.picture)
    spent_s = time.monotonic() - started
    reading = read_with_fallbacks(image, FALLBACK_ENGINES, time_budget_s=request.time_budget_s - spent_s)
    spent_s = time.monotonic() - started
    printed = printed_part(
        image, reading, is_asked_for=request.printed_text, time_left_s=request.time_budget_s - spent_s
    )
    answer = as_answer(reading, filename=request.filename, walltime_s=time.monotonic() - started)
    return MrzAnswer.model_validate({**answer, **printed, "engine": identity_of(reading.method)}).plain()
