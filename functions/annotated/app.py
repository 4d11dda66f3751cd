"""A verification's pictures with what was found drawn on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from cari_api import describe, gateway, jpeg_answer
from cari_core.errors import NotFound, PictureNotKept, StillProcessing
from cari_decision.evidence import Side
from cari_verification.aws import bucket, verifications
from cari_verification.contract import Verification, public
from functions.annotated.answer import drawn

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = gateway.create_app()
RETRY_AFTER_S = "2"  # as POST says of a verification that is under way
FAILURES = (400, 401, 403, 404, 406, 409, 413, 422, 429, 500, 502, 503, 504)


@app.get(
    "/identity/verify/<id>/annotated/<side>",
    scope="read",
    summary="See what was found",
    operation_id="get_annotated",
    responses={**jpeg_answer.DESCRIBED, **describe.problem_responses(*FAILURES)},
)
def get_annotated(id: str, side: Side) -> Response[str]:  # noqa: A002  # the path's name
    """Get a picture with what was found drawn on it, as JPEG for people. Say `Accept: image/jpeg`.

    The selfie shows every face; the front and the back show the portrait, the MRZ with what was read beside it,
    characters in doubt, and the barcode. Below are this side's checks and the reasons.
    """
    jpeg_answer.check_accepted(app.current_event.headers.get("accept", ""))
    verification, payload = _found(app.caller.tenant, app.caller.mode, id, side)
    return jpeg_answer.answer(drawn(payload, verification, side), {"Cache-Control": "no-store"})


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return gateway.resolve(app, event, context)


def _found(tenant: str, mode: str, identifier: str, side: Side) -> tuple[Verification, bytes]:
    """Find a verification and one of its pictures. Raises NotFound, StillProcessing, PictureNotKept."""
    verification = _verification(tenant, mode, identifier)
    if verification.status == "processing":
        raise StillProcessing(retry_after_s=RETRY_AFTER_S)
    payload = bucket.read_picture(bucket.images_prefix(tenant, mode, identifier), side)
    if payload is not None:
        return verification, payload
    _verification(tenant, mode, identifier)  # it may have been erased just now, the picture with it
    if side == "back" and verification.back is None:
        raise NotFound(f"Verification '{identifier}' has no back: none was sent.", field="side")
    raise PictureNotKept(
        f"The picture '{side}' is kept no longer. The verification itself is: GET /identity/verify/{identifier}.",
        field="side",
    )


def _verification(tenant: str, mode: str, identifier: str) -> Verification:
    found = verifications.find(tenant, mode, identifier)
    if found is None:
        raise NotFound(f"No verification '{identifier}' among this key's.", field="id")
    return public(found)
