"""The HTTP API: upload pictures, post a verification, get it back. What it says of itself is in `about.py`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, File, Form, Path, Query, UploadFile

from cari_api import http, links
from cari_api.auth import caller, quota
from cari_api.headers import IdempotencyKey, Prefer, replay_header
from cari_aws import idempotency
from cari_core.errors import NotFound
from cari_core.stopwatch import Stopwatch
from cari_decision.evidence import DocumentType
from cari_decision.options import NAME_PATTERN, PolicyName, ReferenceText, RetentionDays, Wishes, metadata_of
from cari_decision.policy import parse_policy
from cari_evidence import bundle
from cari_intake import intake
from cari_verification import processing
from cari_verification.aws import listing, wiring
from cari_verification.aws.policy_contexts import terms_of
from cari_verification.contract import (
    Deleted,
    EvaluateRequest,
    Evaluation,
    Moment,
    PolicyList,
    PolicyReport,
    ReviewRequest,
    Stage,
    Uploads,
    UploadsRequest,
    Verification,
    VerificationList,
    VerifyUploaded,
)
from cari_verification.verification import Request
from functions.records import erasing, evidence, pages, policies, reviewing
from functions.verify import about, posting, uploads

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = http.create_app()
about.serve(app)
PROBLEMS = http.problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 504)
PROBLEMS_OF_READING = http.problem_responses(400, 401, 403, 413, 422, 429, 500, 502, 504)
PROBLEMS_OF_JSON = http.problem_responses(400, 401, 403, 413, 415, 422, 429, 500, 502, 504)
VERIFIED = {
    **http.answer(Verification, "The decision, every check behind it, and the reasons"),
    **http.answer(Verification, "Under way: asked for, or too slow to wait for. Read it back at Location", status=202),
    **PROBLEMS,
    **http.problem_responses(503),
}

MAX_PAGE = 100
MAX_CURSOR = 200  # characters; ours have about 75
REFERENCE = "Your own name for what this is about: the list finds it"
METADATA = "A JSON object of texts, kept with the verification: up to 20, names of 40 and values of 500 characters"
RETENTION = "Days until it is erased; 0 erases the pictures before the answer is given, and the result after a day"
POLICY = "Which of your policies decides: a name that PUT /identity/policies/{name} gave, `default` if none is said"

PolicyPath = Annotated[str, Path(pattern=NAME_PATTERN, description="`default` decides where none is named")]


@app.post("/identity/verify", scope="verify", summary="Verify a person", operation_id="verify", responses=VERIFIED)
def verify_identity(
    selfie: Annotated[UploadFile, File(description="The person, now: JPEG, PNG, WebP or HEIC")],
    front: Annotated[UploadFile, File(description="The document's side with the portrait")],
    back: Annotated[UploadFile | None, File(description="The document's other side, where it has one")] = None,
    type: Annotated[DocumentType, Form(description="What the document is")] = "card",  # noqa: A002  # the contract's name
    reference: Annotated[ReferenceText | None, Form(description=REFERENCE)] = None,
    metadata: Annotated[str | None, Form(description=METADATA)] = None,
    retention_days: Annotated[RetentionDays | None, Form(description=RETENTION)] = None,
    policy: Annotated[PolicyName | None, Form(description=POLICY)] = None,
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Verification]:
    """Verify that a document reads true and that the selfie shows its holder."""
    wishes = Wishes(reference=reference, metadata=metadata_of(metadata), retention_days=retention_days, policy=policy)
    other_side = back if back and (back.filename or back.content) else None
    body = {
        "type": type,
        "selfie": selfie.content,
        "front": front.content,
        "back": other_side.content if other_side else None,
        **wishes.as_parts(),
    }

    def request(identifier: str) -> Request:
        return Request(
            identifier,
            *_caller(),
            type,
            selfie=intake(selfie.content, field="selfie", filename=selfie.filename),
            front=intake(front.content, field="front", filename=front.filename),
            back=intake(other_side.content, field="back", filename=other_side.filename) if other_side else None,
            wishes=wishes,
            terms=terms_of(*_caller(), wishes),
        )

    return posting.answer(
        _attempt(idempotency_key, body), request, prefer, _location(), _stopwatch(), admitted=_count_verification
    )


@app.post(http.JSON_ROUTES["/identity/verify"], scope="verify", operation_id="verify_uploaded", responses=VERIFIED)
def verify_uploaded(
    uploaded: Annotated[VerifyUploaded, Body()],
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Verification]:
    """Verify pictures that were uploaded before."""
    wishes = Wishes(**uploaded.model_dump(include=set(Wishes.model_fields)))
    claimed = uploads.Claimed(
        *_caller(), {"selfie": uploaded.selfie, "front": uploaded.front, "back": uploaded.back}, app.lambda_context
    )

    def request(identifier: str) -> Request:
        terms, pictures = terms_of(*_caller(), wishes), claimed.pictures()
        return Request(
            identifier,
            *_caller(),
            uploaded.type,
            selfie=pictures["selfie"],
            front=pictures["front"],
            back=pictures.get("back"),
            wishes=wishes,
            terms=terms,
        )

    return posting.answer(
        _attempt(idempotency_key, {"json": uploaded.model_dump_json()}),
        request,
        prefer,
        _location(),
        _stopwatch(),
        admitted=_count_verification,
        uploads=claimed,
    )


@app.post(
    "/identity/uploads",
    scope="verify",
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
    return Response(201, http.JSON, Uploads(uploads=offers), headers=replay_header(replayed=replayed))


@app.get(
    "/identity/verify",
    scope="read",
    summary="List verifications",
    operation_id="list_verifications",
    responses={
        **http.answer(VerificationList, "A page of this key's verifications, newest first"),
        **PROBLEMS_OF_READING,
    },
)
def list_verifications(
    status: Annotated[Stage | None, Query(description="Only those with this status")] = None,
    type: Annotated[DocumentType | None, Query(description="Only those of this type")] = None,  # noqa: A002  # the contract's name
    reference: Annotated[ReferenceText | None, Query(description="Only those that you called so")] = None,
    created_after: Annotated[Moment | None, Query(description="Only later ones, by RFC 3339 with its offset")] = None,
    created_before: Annotated[Moment | None, Query(description="Only earlier ones")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Of how many at most")] = 20,
    cursor: Annotated[
        str | None, Query(max_length=MAX_CURSOR, description="`next_cursor` of the page before, with the same filters")
    ] = None,
) -> VerificationList:
    """List the verifications of this key's tenant and mode, newest first."""
    wanted = listing.Wanted(status, type, reference, created_after, created_before)
    return pages.page(*_caller(), wanted, limit=limit, cursor=cursor)


@app.delete(
    "/identity/verify/<id>",
    scope="delete",
    summary="Erase a verification",
    operation_id="delete_verification",
    responses={
        **http.answer(Deleted, "All of it is erased, and the proof of it"),
        **http.problem_responses(400, 401, 403, 404, 413, 429, 500, 502, 503, 504),
    },
)
def delete_verification(id: str) -> Deleted:  # noqa: A002  # the path's name
    """Erase a verification: pictures, result, idempotency key. Afterwards it is as if it had never been."""
    return erasing.erase(*_caller(), id)


@app.get(
    "/identity/verify/<id>",
    scope="read",
    summary="Read a verification back",
    operation_id="get_verification",
    responses={
        **http.answer(Verification, "The verification, as it was answered"),
        **PROBLEMS_OF_READING,
        **http.problem_responses(404),
    },
)
def get_verification(id: str) -> Verification:  # noqa: A002  # the path's name
    """Read a verification back, for as long as it is kept."""
    verification = _stopwatch().timed(
        "find", processing.find, wiring.verifications_table(), *_caller(), id, datetime.now(UTC)
    )
    if verification is None:
        raise NotFound(f"No verification '{id}' among this key's.", field="id")
    return verification


@app.get(
    "/identity/verify/<id>/evidence",
    scope="read",
    summary="Get the signed evidence",
    operation_id="get_evidence",
    responses={
        200: {
            "description": "A compact JWS (RFC 7515)",
            "content": {bundle.MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        **http.problem_responses(400, 401, 403, 404, 409, 413, 429, 500, 502, 504),
    },
)
def get_evidence(id: str) -> Response[str]:  # noqa: A002  # the path's name
    """Get all that the verification was decided from, signed: `python -m cari_evidence.replay` decides it again."""
    jws = _stopwatch().timed("sign", evidence.signed, *_caller(), id, links.base(app.current_event.raw_event))
    return Response(200, bundle.MEDIA_TYPE, jws)


@app.post(
    "/identity/verify/<id>/evaluate",
    scope="read",
    summary="Decide again under another policy",
    operation_id="evaluate_verification",
    responses={
        **http.answer(Evaluation, "What that policy would answer"),
        **PROBLEMS_OF_JSON,
        **http.problem_responses(404, 409),
    },
)
def evaluate_verification(id: str, asked: Annotated[EvaluateRequest, Body()]) -> Evaluation:  # noqa: A002  # the path's name
    """Decide the stored evidence under another policy. Nothing is changed, and no picture is read again."""
    return reviewing.evaluate(*_caller(), id, asked.policy)


@app.post(
    "/identity/verify/<id>/review",
    scope=("admin", "read"),
    summary="Record a person's decision",
    operation_id="review_verification",
    responses={
        **http.answer(Verification, "The verification, with the review in its trail"),
        **PROBLEMS_OF_JSON,
        **http.problem_responses(404, 409),
    },
)
def review_verification(
    id: str,  # noqa: A002  # the path's name
    asked: Annotated[ReviewRequest, Body()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Verification]:
    """Record what a person decided and why: it becomes the status, and the trail keeps what was before."""
    attempt = _attempt(idempotency_key, {"id": id, "json": asked.model_dump_json()}, route="review")
    _, replayed = idempotency.once(attempt, lambda: {"id": reviewing.review(*_caller(), id, asked).id})
    reviewed = reviewing.ended(*_caller(), id)
    return Response(200, http.JSON, reviewed, headers=replay_header(replayed=replayed))


@app.get(
    "/identity/policies",
    scope="read",
    summary="List policies",
    operation_id="list_policies",
    responses={**http.answer(PolicyList, "Every policy, the default first"), **PROBLEMS_OF_READING},
)
def list_policies() -> PolicyList:
    """List the tenant's policies as they decide now."""
    return policies.every(*_caller())


@app.get(
    "/identity/policies/<name>",
    scope="read",
    summary="Read a policy",
    operation_id="get_policy",
    responses={
        **http.answer(PolicyReport, "The policy, as it decides now"),
        **PROBLEMS_OF_READING,
        **http.problem_responses(404),
    },
)
def get_policy(name: PolicyPath) -> PolicyReport:
    """Read a policy. `default` is there for everyone."""
    return policies.get(*_caller(), name)


@app.put(
    "/identity/policies/<name>",
    scope="admin",
    summary="Make or change a policy",
    operation_id="put_policy",
    responses={
        **http.answer(PolicyReport, "The policy in its new version"),
        **PROBLEMS_OF_JSON,
        **http.problem_responses(404, 409),
    },
)
def put_policy(
    name: PolicyPath, rules: Annotated[dict[str, Any], Body()], idempotency_key: IdempotencyKey = None
) -> Response[PolicyReport]:
    """Store rules as the next version of a policy; what is not said is as in the default. Earlier versions stay."""
    checked = parse_policy(rules)
    attempt = _attempt(idempotency_key, {"name": name, "json": checked.model_dump_json()}, route="policies")
    made, replayed = idempotency.once(attempt, lambda: {"version": policies.put(*_caller(), name, checked).version})
    report = PolicyReport(name=name, version=made["version"], rules=checked)
    return Response(200, http.JSON, report, headers=replay_header(replayed=replayed))


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
    fingerprint = idempotency.fingerprint(body) if key else ""
    return idempotency.Attempt(*_caller(), route, key, fingerprint, app.lambda_context)


def _location() -> str:
    """Say where verifications are read back: the path that was posted to, which a stage or a domain may lengthen."""
    event = app.current_event.raw_event
    return str(event["requestContext"].get("path") or event["path"])
