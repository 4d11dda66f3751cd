"""The HTTP API: upload pictures, post a verification, get it back. What it says of itself is in `about.py`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, File, Form, Header, UploadFile

from cari_common import caller, cloud, http, idempotency, processing, quota
from cari_common.contract import Uploads, UploadsRequest, Verification, VerifyUploaded
from cari_common.errors import NotFound
from cari_common.evidence import DocumentType
from cari_common.stopwatch import Stopwatch
from cari_common.verification import Request
from cari_intake import intake
from functions.verify import about, posting, uploads

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = http.create_app()
about.serve(app)
PROBLEMS = http.problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 504)
VERIFIED = {
    **http.answer(Verification, "The decision, every check behind it, and the reasons"),
    **http.answer(Verification, "Under way: asked for, or too slow to wait for. Read it back at Location", status=202),
    **PROBLEMS,
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


@app.post("/identity/verify", summary="Verify a person", operation_id="verify", responses=VERIFIED)
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

    return posting.answer(
        _attempt(idempotency_key, body), request, prefer, _location(), _stopwatch(), admitted=_count_verification
    )


@app.post(http.JSON_ROUTES["/identity/verify"], operation_id="verify_uploaded", responses=VERIFIED)
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
        _stopwatch(),
        admitted=_count_verification,
        stored=lambda: uploads.discard(*_caller(), filter(None, (uploaded.selfie, uploaded.front, uploaded.back))),
    )


@app.post(
    "/identity/uploads",
    status_code=201,
    summary="Ask where large pictures go",
    operation_id="offer_uploads",
    responses={**http.answer(Uploads, "Where the pictures go", status=201), **PROBLEMS},
)
def offer_uploads(
    asked: Annotated[UploadsRequest, Body()], idempotency_key: IdempotencyKey = None
) -> Response[Uploads]:
    """Say where pictures go that are too large for a request: 15 MB each, by a signed POST to the bucket."""
    attempt = _attempt(idempotency_key, {"json": asked.model_dump_json()}, route="uploads")
    made, replayed = idempotency.once(attempt, lambda: {"names": [uploads.name_for(file) for file in asked.files]})
    offers = [uploads.offer(*_caller(), name, file.side) for name, file in zip(made["names"], asked.files, strict=True)]
    return Response(201, http.JSON, Uploads(uploads=offers), headers=posting.replay_header(replayed=replayed))


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
    verification = _stopwatch().timed(
        "find", processing.find, cloud.verifications_table(), *_caller(), id, datetime.now(UTC)
    )
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


def _count_verification() -> None:
    if calling := caller.of(app.current_event.raw_event):
        quota.count_verification(calling, time.time())


def _attempt(key: str | None, body: dict[str, Any], route: str = "verify") -> idempotency.Attempt:
    return idempotency.Attempt(*_caller(), route, key, idempotency.fingerprint(body), app.lambda_context)


def _location() -> str:
    """Say where verifications are read back: the path that was posted to, which a stage or a domain may lengthen."""
    event = app.current_event.raw_event
    return str(event["requestContext"].get("path") or event["path"])
