"""The HTTP API: upload pictures, post a verification, get it back, and the description of all that."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn, Server
from aws_lambda_powertools.event_handler.openapi.params import Body, File, Form, Header, UploadFile

from cari_common import cloud, http, idempotency, processing
from cari_common.contract import Uploads, UploadsRequest, Verification, VerifyUploaded
from cari_common.errors import NotFound
from cari_common.evidence import DocumentType
from cari_common.verification import Request
from cari_intake import intake
from functions.verify import description, posting, uploads

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = http.create_app()
VERIFIED = {
    200: {"description": "The decision"},
    202: {
        "description": "Under way: asked for, or too slow to wait for. Read it back at Location",
        "content": {http.JSON: {"model": Verification}},
    },
    **http.problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 504),
}

Prefer = Annotated[str | None, Header(alias="Prefer", description="`respond-async`: answer 202 at once")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,255}$",
        description="Makes repeating this request safe for a day: any text that no other request has",
    ),
]


@app.post("/identity/verify", responses=VERIFIED)
def verify_identity(
    selfie: Annotated[UploadFile, File(description="The person, now: JPEG, PNG, WebP or HEIC")],
    front: Annotated[UploadFile, File(description="The document's side with the portrait")],
    back: Annotated[UploadFile | None, File(description="The document's other side, where it has one")] = None,
    type: Annotated[DocumentType, Form(description="What the document is")] = "card",  # noqa: A002  # the contract's name
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Verification]:
    """Verify that a document reads true and that the selfie shows its holder."""
    other_side = back if back and (back.filename or back.content) else None
    body = {
        "type": type,
        "selfie": selfie.content,
        "front": front.content,
        "back": other_side.content if other_side else None,
    }

    def request(identifier: str) -> Request:
        return Request(
            identifier,
            *_caller(),
            type,
            selfie=intake(selfie.content, field="selfie", filename=selfie.filename),
            front=intake(front.content, field="front", filename=front.filename),
            back=intake(other_side.content, field="back", filename=other_side.filename) if other_side else None,
        )

    return posting.answer(_attempt(idempotency_key, body), request, prefer, _location())


@app.post(http.JSON_ROUTES["/identity/verify"], responses=VERIFIED)
def verify_uploaded(
    uploaded: Annotated[VerifyUploaded, Body()],
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Verification]:
    """Verify pictures that were uploaded before."""

    def request(identifier: str) -> Request:
        tenant, mode = _caller()
        return Request(
            identifier,
            tenant,
            mode,
            uploaded.type,
            selfie=uploads.collect(tenant, mode, uploaded.selfie, "selfie"),
            front=uploads.collect(tenant, mode, uploaded.front, "front"),
            back=uploads.collect(tenant, mode, uploaded.back, "back") if uploaded.back else None,
        )

    return posting.answer(
        _attempt(idempotency_key, uploaded.model_dump()),
        request,
        prefer,
        _location(),
        stored=lambda: uploads.discard(*_caller(), filter(None, (uploaded.selfie, uploaded.front, uploaded.back))),
    )


@app.post(
    "/identity/uploads",
    status_code=201,
    responses={
        201: {"description": "Where the pictures go"},
        **http.problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 504),
    },
)
def offer_uploads(
    asked: Annotated[UploadsRequest, Body()], idempotency_key: IdempotencyKey = None
) -> Response[Uploads]:
    """Say where pictures go that are too large for a request: 15 MB each, by a signed POST to the bucket."""
    attempt = _attempt(idempotency_key, {"json": asked.model_dump_json()}, route="uploads")
    made, replayed = idempotency.once(attempt, lambda: {"names": [uploads.name_for(file) for file in asked.files]})
    offers = [uploads.offer(*_caller(), name, file.side) for name, file in zip(made["names"], asked.files, strict=True)]
    return Response(201, http.JSON, Uploads(uploads=offers), headers=posting.replay_header(replayed=replayed))


@app.get("/identity/verify/<id>", responses=http.problem_responses(401, 403, 404, 429, 500))
def get_verification(id: str) -> Verification:  # noqa: A002  # the path's name
    """Read a verification back."""
    verification = processing.find(cloud.verifications_table(), *_caller(), id, datetime.now(UTC))
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


def _attempt(key: str | None, body: dict[str, Any], route: str = "verify") -> idempotency.Attempt:
    return idempotency.Attempt(*_caller(), route, key, idempotency.fingerprint(body), app.lambda_context)


def _location() -> str:
    """Say where verifications are read back: the path that was posted to, which a stage or a domain may lengthen."""
    event = app.current_event.raw_event
    return str(event["requestContext"].get("path") or event["path"])


@cache
def _openapi() -> str:
    described = app.get_openapi_json_schema(
        title="Cari",
        version="0.1.0",
        description="Identity verification: reads the document, compares the faces, answers at once.",
        servers=[Server(url="/")],
        security_schemes={"ApiKey": APIKey.model_validate({"name": "Authorization", "in": APIKeyIn.header})},
        security=[{"ApiKey": []}],
    )
    return description.as_callers_see_it(described)
