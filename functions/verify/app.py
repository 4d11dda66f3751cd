"""POST a verification, and offer uploads: the one function that decodes strangers' pictures.

It signs nothing, changes no key and no policy, lists no verifications, and erases only what its own request made; what
needs more is handed over to the worker.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, File, Form, UploadFile
from snapshot_restore_py import register_before_snapshot

from cari_api import describe, gateway
from cari_api.auth import quota
from cari_api.headers import IdempotencyKey, Prefer, replay_header
from cari_api.media_types import JSON
from cari_api.resolver import BodyKind
from cari_aws import clients, idempotency
from cari_core import ids
from cari_core.deadline import Deadline
from cari_core.errors import NotFound
from cari_decision.evidence import DocumentType, Side
from cari_decision.options import Options, PolicyName, ReferenceText, RetentionDays, metadata_of
from cari_intake import intake
from cari_verification.aws import engines, policies, verifications, work_queue
from cari_verification.aws.measures import log_verified
from cari_verification.aws.ports import http_ports
from cari_verification.contract import Verification, public
from cari_verification.fault_injection import with_fault
from cari_verification.request import Request
from cari_verification.stored import as_accepted
from cari_verification.verification import abandoned_if_it_fails, complete, enqueue, store
from functions.verify import uploads
from functions.verify.contract import Uploads, UploadsRequest, VerifyUploaded

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from cari_core.picture import Picture
    from cari_verification.stored import StoredVerification

for make in (
    clients.tables,
    clients.tables_asked_once,
    clients.s3_client,
    clients.presigning_s3_client,
    engines.deployed,
):
    register_before_snapshot(make)

app = gateway.create_app()
PROBLEMS = describe.problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503, 504)
VERIFIED = {
    **describe.answer(Verification, "The decision, every check behind it, and the reasons"),
    **describe.answer(
        Verification, "Under way: asked for, or too slow to wait for. Read it back at Location", status=202
    ),
    **PROBLEMS,
}
UPLOADED_ROUTE = "/identity/verify/uploaded"  # reads the JSON that is posted to /identity/verify
FILES_SHAPE = '{"files": [{side, content_type, size_bytes, sha256}]}'
REFERENCE = "Your own name for what this is about: the list finds it"
METADATA = "A JSON object of texts, kept with the verification: up to 20, names of 40 and values of 500 characters"
RETENTION = "Days until it is erased; 0 erases the pictures before the answer is given, and the result after a day"
POLICY = "Which of your policies decides: a name that PUT /identity/policies/{name} gave, `default` if none is said"

RESPOND_ASYNC = "respond-async"  # RFC 7240
SYNCHRONOUS_S = 24.0  # since the handler was entered: API Gateway's 29 s begin before a cold start, ours after it
RETRY_AFTER_S = "2"


@app.post(
    "/identity/verify",
    scope="verify",
    body=BodyKind(json_route=UPLOADED_ROUTE),
    summary="Verify a person",
    operation_id="verify",
    responses=VERIFIED,
)
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
    deadline, identifier = _deadline(), ids.new_id()
    options = Options(reference=reference, metadata=metadata_of(metadata), retention_days=retention_days, policy=policy)
    files: dict[Side, UploadFile] = {"selfie": selfie, "front": front}
    if back and (back.filename or back.content):
        files["back"] = back
    contents: dict[str, bytes] = {side: file.content for side, file in files.items()}
    keyed = _keyed("verify", idempotency_key, {"type": type, **contents, **options.as_parts()})
    pictures = {side: intake(file.content, field=side, filename=file.filename) for side, file in files.items()}
    with idempotency.attempt(keyed, verification_id=identifier, made_by_a_dead_one=_made) as attempt:
        if attempt.made is None:
            request = _request(identifier, type, options, pictures)
            verification = _verified(request, waits=not _prefers_async(prefer), deadline=deadline)
            attempt.made = _reference(verification)
        else:
            verification = _told_again(attempt.made)
    return _answer(verification, prefer, replayed=attempt.replayed)


@app.post(UPLOADED_ROUTE, scope="verify", operation_id="verify_uploaded", responses=VERIFIED)
def verify_uploaded(
    uploaded: Annotated[VerifyUploaded, Body()],
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Verification]:
    """Verify pictures that were uploaded before."""
    deadline, identifier = _deadline(), ids.new_id()
    options = Options(**uploaded.model_dump(include=set(Options.model_fields)))
    names: dict[Side, str | None] = {"selfie": uploaded.selfie, "front": uploaded.front, "back": uploaded.back}
    keyed = _keyed("verify", idempotency_key, {"json": uploaded.model_dump_json()})
    with idempotency.attempt(keyed, verification_id=identifier, made_by_a_dead_one=_made) as attempt:
        if attempt.made is None:
            with uploads.ClaimedUploads(*_caller(), names, app.lambda_context) as claimed:
                request = _request(identifier, uploaded.type, options, claimed.pictures())
                waits = not _prefers_async(prefer)
                verification = _verified(request, waits=waits, deadline=deadline, claimed=claimed)
            attempt.made = _reference(verification)
        else:
            verification = _told_again(attempt.made)
    return _answer(verification, prefer, replayed=attempt.replayed)


@app.post(
    "/identity/uploads",
    scope="verify",
    body=BodyKind(json_shape=FILES_SHAPE),
    status_code=201,
    summary="Ask where large pictures go",
    operation_id="offer_uploads",
    responses={**describe.answer(Uploads, "Where the pictures go", status=201), **PROBLEMS},
)
def offer_uploads(
    asked: Annotated[UploadsRequest, Body()], idempotency_key: IdempotencyKey = None
) -> Response[Uploads]:
    """Say where pictures go that are too large for a request: 15 MB each, by a signed POST to the bucket."""
    with idempotency.attempt(_keyed("uploads", idempotency_key, {"json": asked.model_dump_json()})) as attempt:
        if attempt.made is None:
            attempt.made = {"names": [uploads.name_for(file) for file in asked.files]}
        names = attempt.made["names"]
        offers = [uploads.offer(*_caller(), name, file.side) for name, file in zip(names, asked.files, strict=True)]
    return Response(201, JSON, Uploads(uploads=offers), headers=replay_header(replayed=attempt.replayed))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return gateway.resolve(app, event, context)


def _request(identifier: str, type_: DocumentType, options: Options, pictures: dict[Side, Picture]) -> Request:
    """Settle under what a verification runs. Raises NotFound, ValidationFailed."""
    tenant, mode = _caller()
    policy_context = policies.settle(tenant, mode, options)
    app.stopwatch.so_far("intake")
    return Request(
        id=identifier,
        tenant=tenant,
        mode=mode,
        type=type_,
        options=options,
        policy_context=policy_context,
        pictures=pictures,
    )


def _verified(
    request: Request, *, waits: bool, deadline: Deadline, claimed: uploads.ClaimedUploads | None = None
) -> Verification:
    """Count it, store its pictures, then ask the engines, decide and save; or let the worker, if nobody waits."""
    stopwatch = app.stopwatch
    ports = with_fault(http_ports(), request.options.metadata, request.mode)
    with quota.counted_verification(app.caller, time.time()), abandoned_if_it_fails(request, ports):
        stored = store(request, ports, stopwatch)
        if claimed:
            claimed.use()
        end = complete if waits else enqueue
        verification = end(stored, ports, deadline=deadline, stopwatch=stopwatch)
    log_verified(verification, request.mode, stopwatch.read())
    return verification


def _reference(verification: Verification | StoredVerification) -> idempotency.Reference:
    """Tell what is remembered of what a request made."""
    return {"id": verification.id, "type": verification.type, "status": verification.status}


def _made(identifier: str) -> idempotency.Reference | None:
    """Find what an attempt made that died before it could say so; None where it died before it had all pictures."""
    found = verifications.find(*_caller(), identifier)
    if found is None or (found.status == "processing" and found.pending is None):
        return None
    if found.status == "processing":  # it may have died before it asked anybody to go on
        work_queue.send(*_caller(), identifier)
    return _reference(found)


def _told_again(made: idempotency.Reference) -> Verification:
    """Give the answer that was given: before a decision what was said then, after it what is stored."""
    found = verifications.find(*_caller(), made["id"])
    if found is None:
        raise NotFound(f"Verification '{made['id']}', which this Idempotency-Key made, has been erased.")
    return public(as_accepted(found) if made["status"] == "processing" else found)


def _answer(verification: Verification, prefer: str | None, *, replayed: bool) -> Response[Verification]:
    """Answer 200 with a decision, 202 where there is none yet."""
    headers = replay_header(replayed=replayed)
    if verification.status != "processing":
        return Response(200, JSON, verification, headers=headers)
    headers |= {"Location": f"{_location().rstrip('/')}/{verification.id}", "Retry-After": RETRY_AFTER_S}
    if _prefers_async(prefer):
        headers["Preference-Applied"] = RESPOND_ASYNC
    return Response(202, JSON, verification, headers=headers)


def _prefers_async(prefer: str | None) -> bool:
    """Read a Prefer header: preferences are parted by commas, their parameters by semicolons."""
    return RESPOND_ASYNC in {preference.partition(";")[0].strip().lower() for preference in (prefer or "").split(",")}


def _deadline() -> Deadline:
    spent_s = app.stopwatch.read().total_ms / 1000
    return Deadline.of(app.lambda_context, at_most_s=SYNCHRONOUS_S - spent_s)


def _caller() -> tuple[str, str]:
    return app.caller.tenant, app.caller.mode


def _keyed(route: str, key: str | None, body: dict[str, Any]) -> idempotency.KeyedRequest:
    return idempotency.KeyedRequest.of(*_caller(), route, key, body, app.lambda_context)


def _location() -> str:
    """Say where verifications are read back: the path that was posted to, which a stage or a domain may lengthen."""
    event = app.current_event.raw_event
    return str(event["requestContext"].get("path") or event["path"])
