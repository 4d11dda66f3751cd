"""The HTTP API: post a verification and get it back. What it says of itself is in `about.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import File, Form, UploadFile

from cari_common import cloud, http, ids, store
from cari_common.contract import Verification
from cari_common.errors import NotFound
from cari_common.evidence import DocumentType
from cari_common.observability import logger
from cari_common.stopwatch import Stopwatch
from cari_common.verification import Request, verify
from cari_intake import intake
from functions.verify import about

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = http.create_app()
about.serve(app)


@app.post(
    "/identity/verify",
    summary="Verify a person",
    operation_id="verify",
    responses={
        **http.answer(Verification, "The decision, every check behind it, and the reasons"),
        **http.problem_responses(400, 401, 403, 413, 415, 422, 429, 500, 502, 504),
    },
)
def verify_identity(
    selfie: Annotated[UploadFile, File(description="The person, now: JPEG, PNG, WebP or HEIC")],
    front: Annotated[UploadFile, File(description="The document's side with the portrait")],
    back: Annotated[UploadFile | None, File(description="The document's other side, where it has one")] = None,
    type: Annotated[DocumentType, Form(description="What the document is")] = "card",  # noqa: A002  # the contract's name
) -> Verification:
    """Verify that a document reads true and that the selfie shows its holder."""
    tenant, mode = _caller()
    request = Request(
        ids.new_id(),
        tenant,
        mode,
        type,
        selfie=intake(selfie.content, field="selfie", filename=selfie.filename),
        front=intake(front.content, field="front", filename=front.filename),
        back=intake(back.content, field="back", filename=back.filename)
        if back and (back.filename or back.content)
        else None,
    )
    _stopwatch().so_far("intake")
    verification = verify(
        request,
        cloud.steps(),
        time_left_s=app.lambda_context.get_remaining_time_in_millis() / 1000,
        stopwatch=_stopwatch(),
    )
    logger.info("verified", extra={"verification": verification.id, "decision": verification.status})
    return verification


@app.get(
    "/identity/verify/<id>",
    summary="Read a verification back",
    operation_id="get_verification",
    responses={
        **http.answer(Verification, "The verification, as it was answered"),
        **http.problem_responses(400, 401, 403, 404, 413, 429, 500, 502, 504),
    },
)
def get_verification(id: str) -> Verification:  # noqa: A002  # the path's name
    """Read a verification back, for as long as it is kept."""
    verification = _stopwatch().timed("find", store.find, cloud.verifications_table(), *_caller(), id)
    if verification is None:
        raise NotFound(f"No verification '{id}' among this key's.", field="id")
    return verification


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return http.resolve(app, event, context)


def _stopwatch() -> Stopwatch:
    running: Stopwatch = app.context["stopwatch"]
    return running


def _caller() -> tuple[str, str]:
    authorizer = app.current_event.raw_event["requestContext"]["authorizer"]
    return authorizer["tenant"], authorizer["mode"]
