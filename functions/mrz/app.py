"""Read a picture's machine-readable zone with the project's own reader, and its barcode where asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from snapshot_restore_py import register_before_snapshot

from cari_aws.engine_requests import as_engine
from cari_aws.mrz_request import MrzRequest
from cari_core.engine_api import MrzAnswer
from cari_imaging import decode
from cari_mrz import as_answer, engine, load, read
from functions.mrz.barcode import barcode_part

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

register_before_snapshot(load)


@as_engine
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Read the MRZ of the picture that the event carries or names; printed text is the fallback function's to read."""
    started = time.monotonic()
    request = MrzRequest.of(event)
    image = decode(request.picture)
    barcode = barcode_part(image, is_asked_for=request.barcode, time_budget_s=request.time_budget_s)
    answer = as_answer(read(image), filename=request.filename, walltime_s=time.monotonic() - started)
    return MrzAnswer.model_validate({**answer, **barcode, "engine": engine.identity()}).plain()
