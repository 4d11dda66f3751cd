"""What was verified: read, listed, reviewed, decided again, signed, erased; and the policies that decide.

It carries no picture library.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from snapshot_restore_py import register_before_snapshot

from cari_api import describe, gateway, links
from cari_api.auth import scopes
from cari_api.headers import IdempotencyKey, replay_header
from cari_api.media_types import JSON
from cari_api.resolver import BodyKind
from cari_aws import clients, idempotency
from cari_core.errors import NotFound
from cari_decision.evidence import DocumentType
from cari_decision.options import NAME_PATTERN, ReferenceText
from cari_decision.policy import parse_policy
from cari_evidence import bundle, signing
from cari_verification.aws import lifecycle
from cari_verification.aws.listing import Filters
from cari_verification.contract import Verification, public
from cari_verification.reports import Stage
from functions.records import erasing, evidence, pages, policies, reviewing
from functions.records.contract import (
    Deleted,
    EvaluateRequest,
    Evaluation,
    Moment,
    PolicyList,
    PolicyReport,
    ReviewRequest,
    VerificationList,
)

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


for make in (clients.tables, clients.tables_asked_once, clients.s3_client, clients.kms_client):
    register_before_snapshot(make)

app = gateway.create_app()
PROBLEMS_OF_READING = describe.problem_responses(400, 401, 403, 413, 422, 429, 500, 502, 503, 504)
PROBLEMS_OF_JSON = describe.problem_responses(400, 401, 403, 413, 415, 422, 429, 500, 502, 503, 504)
JWKS = "The public keys of our signatures"
JWKS_MAX_AGE_S = 300  # a new key is published for longer before it signs
JWKS_CACHED = {"Cache-Control": f"public, max-age={JWKS_MAX_AGE_S}"}

MAX_PAGE = 100
MAX_CURSOR = 200  # characters; ours have about 75
EVALUATE_SHAPE = '{"policy"}, or {}'
REVIEW_SHAPE = '{"decision", "reason"} and, if need be, "reviewer"'
POLICY_SHAPE = "a policy's rules"

PolicyPath = Annotated[str, Path(pattern=NAME_PATTERN, description="`default` decides where none is named")]


@app.get(
    "/identity/verify",
    scope="read",
    summary="List verifications",
    operation_id="list_verifications",
    responses={
        **describe.answer(VerificationList, "A page of this key's verifications, newest first"),
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
    filters = Filters(status, type, reference, created_after, created_before)
    return pages.page(*_caller(), filters, limit=limit, cursor=cursor)


@app.delete(
    "/identity/verify/<id>",
    scope="delete",
    summary="Erase a verification",
    operation_id="delete_verification",
    responses={
        **describe.answer(Deleted, "All of it is erased, and the proof of it"),
        **describe.problem_responses(400, 401, 403, 404, 413, 429, 500, 502, 503, 504),
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
        **describe.answer(Verification, "The verification, as it was answered"),
        **PROBLEMS_OF_READING,
        **describe.problem_responses(404),
    },
)
def get_verification(id: str) -> Verification:  # noqa: A002  # the path's name
    """Read a verification back, for as long as it is kept."""
    found = app.stopwatch.timed("find", lifecycle.find, *_caller(), id, datetime.now(UTC))
    if found is None:
        raise NotFound(f"No verification '{id}' among this key's.", field="id")
    return public(found)


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
        **describe.problem_responses(400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504),
    },
)
def get_evidence(id: str) -> Response[str]:  # noqa: A002  # the path's name
    """Get all that the verification was decided from, signed: `python -m tools.replay` decides it again."""
    jws = app.stopwatch.timed("sign", evidence.signed, *_caller(), id, links.base(app.current_event.raw_event))
    return Response(200, bundle.MEDIA_TYPE, jws)


@app.post(
    "/identity/verify/<id>/evaluate",
    scope="read",
    body=BodyKind(json_shape=EVALUATE_SHAPE),
    summary="Decide again under another policy",
    operation_id="evaluate_verification",
    responses={
        **describe.answer(Evaluation, "What that policy would answer"),
        **PROBLEMS_OF_JSON,
        **describe.problem_responses(404, 409),
    },
)
def evaluate_verification(id: str, asked: Annotated[EvaluateRequest, Body()]) -> Evaluation:  # noqa: A002  # the path's name
    """Decide the stored evidence under another policy. Nothing is changed, and no picture is read again."""
    return reviewing.evaluate(*_caller(), id, asked.policy)


@app.post(
    "/identity/verify/<id>/review",
    scope=("admin", "read"),
    body=BodyKind(json_shape=REVIEW_SHAPE),
    summary="Record a person's decision",
    operation_id="review_verification",
    responses={
        **describe.answer(Verification, "The verification, with the review in its trail"),
        **PROBLEMS_OF_JSON,
        **describe.problem_responses(404, 409),
    },
)
def review_verification(
    id: str,  # noqa: A002  # the path's name
    asked: Annotated[ReviewRequest, Body()],
    idempotency_key: IdempotencyKey = None,
) -> Response[Verification]:
    """Record what a person decided and why: it becomes the status, and the trail keeps what was before."""
    with idempotency.attempt(_keyed("review", idempotency_key, {"id": id, "json": asked.model_dump_json()})) as attempt:
        if attempt.made is None:
            reviewed = reviewing.review(*_caller(), id, asked)
            attempt.made = {"id": reviewed.id}
        else:
            reviewed = reviewing.ended(*_caller(), id)
    return Response(200, JSON, public(reviewed), headers=replay_header(replayed=attempt.replayed))


@app.get(
    "/identity/policies",
    scope="read",
    summary="List policies",
    operation_id="list_policies",
    responses={**describe.answer(PolicyList, "Every policy, the default first"), **PROBLEMS_OF_READING},
)
def list_policies() -> PolicyList:
    """List the tenant's policies as they decide now."""
    return policies.list_all(*_caller())


@app.get(
    "/identity/policies/<name>",
    scope="read",
    summary="Read a policy",
    operation_id="get_policy",
    responses={
        **describe.answer(PolicyReport, "The policy, as it decides now"),
        **PROBLEMS_OF_READING,
        **describe.problem_responses(404),
    },
)
def get_policy(name: PolicyPath) -> PolicyReport:
    """Read a policy. `default` is there for everyone."""
    return policies.get(*_caller(), name)


@app.put(
    "/identity/policies/<name>",
    scope="admin",
    body=BodyKind(json_shape=POLICY_SHAPE),
    summary="Make or change a policy",
    operation_id="put_policy",
    responses={
        **describe.answer(PolicyReport, "The policy in its new version"),
        **PROBLEMS_OF_JSON,
        **describe.problem_responses(404, 409),
    },
)
def put_policy(
    name: PolicyPath, rules: Annotated[dict[str, Any], Body()], idempotency_key: IdempotencyKey = None
) -> Response[PolicyReport]:
    """Store rules as the next version of a policy; what is not said is as in the default. Earlier versions stay."""
    checked = parse_policy(rules)
    keyed = _keyed("policies", idempotency_key, {"name": name, "json": checked.model_dump_json()})
    with idempotency.attempt(keyed) as attempt:
        if attempt.made is None:
            attempt.made = {"version": policies.put(*_caller(), name, checked).version}
    report = PolicyReport(name=name, version=attempt.made["version"], rules=checked)
    return Response(200, JSON, report, headers=replay_header(replayed=attempt.replayed))


@app.get(
    "/.well-known/jwks.json",
    scope=scopes.PUBLIC,
    summary=JWKS,
    operation_id="get_jwks",
    responses={
        200: {"description": JWKS, "content": {JSON: {"schema": {"type": "object"}}}},
        **describe.problem_responses(400, 413, 429, 500, 502, 503, 504),
    },
    tags=["about"],
)
def get_jwks() -> Response[str]:
    """Give the public keys (RFC 7517) that check our signatures."""
    return Response(200, JSON, json.dumps(signing.jwks()), headers=JWKS_CACHED)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return gateway.resolve(app, event, context)


def _caller() -> tuple[str, str]:
    return app.caller.tenant, app.caller.mode


def _keyed(route: str, key: str | None, body: dict[str, Any]) -> idempotency.KeyedRequest:
    return idempotency.KeyedRequest.of(*_caller(), route, key, body, app.lambda_context)
