"""The route of annotated pictures. functions/annotated serves it; the description of the whole service tells of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools.event_handler import Response

from cari_api import http, jpeg_answer
from cari_api.resolver import Api
from cari_aws.clients import PATIENCE
from cari_core.errors import NotFound, PictureNotKept, StillProcessing
from cari_core.settings import annotated_settings
from cari_decision.evidence import Side
from cari_verification.aws import bucket, verifications
from cari_verification.contract import Verification

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ROUTE = "/identity/verify/<id>/annotated/<side>"
RETRY_AFTER_S = "2"  # as POST says of a verification that is under way
FAILURES = (400, 401, 403, 404, 406, 409, 413, 422, 429, 500, 502, 504)

Draw = Callable[[bytes, Verification, Side], bytes]


def serve(app: Api, draw: Draw) -> None:
    """Add the route to an app; `draw` makes a JPEG of a stored picture and what was found in it."""

    @app.get(
        ROUTE,
        scope="read",
        summary="See what was found",
        operation_id="get_annotated",
        responses={**jpeg_answer.DESCRIBED, **http.problem_responses(*FAILURES)},
    )
    def get_annotated(id: str, side: Side) -> Response[str]:  # noqa: A002  # the path's name
        """Get a picture with what was found drawn on it, as JPEG for people. Say `Accept: image/jpeg`.

        The selfie shows every face; the front and the back show the portrait, the MRZ with what was read beside it,
        characters in doubt, and the barcode. Below are this side's checks and the reasons.
        """
        jpeg_answer.check_accepted(app.current_event.headers.get("accept", ""))
        context = app.current_event.raw_event["requestContext"]["authorizer"]
        verification, payload = _found(context["tenant"], context["mode"], id, side)
        return jpeg_answer.answer(draw(payload, verification, side), {"Cache-Control": "no-store"})


def _found(tenant: str, mode: str, identifier: str, side: Side) -> tuple[Verification, bytes]:
    """Find a verification and one of its pictures. Raises NotFound, StillProcessing, PictureNotKept."""
    verification = _verification(tenant, mode, identifier)
    if verification.status == "processing":
        raise StillProcessing(retry_after_s=RETRY_AFTER_S)
    prefix = bucket.images_prefix(tenant, mode, identifier)
    payload = bucket.read_picture(bucket.s3_client(), annotated_settings().bucket, prefix, side)
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
    item = verifications.find_item(_table(), tenant, mode, identifier, consistent=True)
    if item is None:
        raise NotFound(f"No verification '{identifier}' among this key's.", field="id")
    return Verification.model_validate_json(str(item["verification"]))


@cache
def _table() -> Table:
    return boto3.resource("dynamodb", config=PATIENCE).Table(annotated_settings().verifications_table)
