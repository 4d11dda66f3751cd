"""The HTTP API: post a verification, get it back, and the description of both."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn, Server
from aws_lambda_powertools.event_handler.openapi.params import File, Form, UploadFile

from cari_common import cloud, http, ids, store
from cari_common.contract import Verification
from cari_common.errors import NotFound
from cari_common.evidence import DocumentType
from cari_common.observability import logger
from cari_common.verification import Request, verify
from cari_intake import intake

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = http.create_app()


@app.post("/identity/verify", responses=http.problem_responses(400, 401, 403, 413, 415, 422, 429, 500, 504))
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
    verification = verify(request, cloud.steps(), time_left_s=app.lambda_context.get_remaining_time_in_millis() / 1000)
    logger.info("verified", extra={"verification": verification.id, "decision": verification.status})
    return verification


@app.get("/identity/verify/<id>", responses=http.problem_responses(401, 403, 404, 429, 500))
def get_verification(id: str) -> Verification:  # noqa: A002  # the path's name
    """Read a verification back."""
    verification = store.find(cloud.verifications_table(), *_caller(), id)
    if verification is None:
        raise NotFound(f"No verification '{id}' among this key's.", field="id")
    return verification


@app.get("/openapi.json", include_in_schema=False)
def get_openapi() -> Response[str]:
    """Describe the API in OpenAPI 3.1."""
    return Response(200, "application/json", _openapi())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return http.resolve(app, event, context)


def _caller() -> tuple[str, str]:
    authorizer = app.current_event.raw_event["requestContext"]["authorizer"]
    return authorizer["tenant"], authorizer["mode"]


@cache
def _openapi() -> str:
    return app.get_openapi_json_schema(
        title="Cari",
        version="0.1.0",
        description="Identity verification: reads the document, compares the faces, answers at once.",
        servers=[Server(url="/")],
        security_schemes={"ApiKey": APIKey.model_validate({"name": "Authorization", "in": APIKeyIn.header})},
        security=[{"ApiKey": []}],
    )
