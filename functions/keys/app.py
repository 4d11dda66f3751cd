"""A tenant's keys: made, listed, rotated, revoked."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from cari_api import describe, gateway, links
from cari_api.auth import key_service, keys
from cari_api.headers import IdempotencyKey, replay_header
from cari_api.media_types import JSON
from cari_api.resolver import BodyKind
from cari_aws import clients, idempotency
from cari_core.errors import Unauthorized
from cari_core.settings import KeySettings, settings
from functions.keys.contract import ApiKey, ApiKeys, KeyRequest, NewKey, RotatedKey, RotateRequest

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_dynamodb.service_resource import Table

app = gateway.create_app()
GATEWAYS = (400, 401, 403, 413, 429, 500, 502, 503, 504)  # what API Gateway may answer to any call with a key
SALT_BYTES = 16
KEY_SHAPE = '{"name", "scopes"} and, if need be, "expires_in_days"'
ROTATE_SHAPE = '{"overlap_hours"}, or {}'


@app.post(
    "/identity/keys",
    scope="admin",
    body=BodyKind(json_shape=KEY_SHAPE),
    status_code=201,
    summary="Make a key",
    operation_id="create_key",
    responses={
        **describe.answer(NewKey, "The key, shown this once", status=201),
        **describe.problem_responses(*GATEWAYS, 409, 415, 422),
    },
)
def create_key(asked: Annotated[KeyRequest, Body()], idempotency_key: IdempotencyKey = None) -> Response[NewKey]:
    """Make a key of the caller's tenant and mode, with no scope that the caller's key has not, and no longer life.

    Both are counted as one.
    """
    now, lifetime_s = time.time(), asked.expires_in_days and asked.expires_in_days * keys.DAY_S
    presented = _presented()
    by = key_service.caller(_table(), presented, now)

    with idempotency.attempt(_keyed(by, "keys", idempotency_key, {"json": asked.model_dump_json()})) as attempt:
        if attempt.made is None:
            salt = secrets.token_hex(SALT_BYTES)
            key = keys.derived_key(by.mode, presented, salt)
            key_service.create(_table(), by, key, asked.name, asked.scopes, lifetime_s, now)
            attempt.made = {"salt": salt}
    key = keys.derived_key(by.mode, presented, attempt.made["salt"])
    told = ApiKey.of(_registered(key), now)
    return Response(201, JSON, NewKey(key=told, secret=key), headers=_made(told, replayed=attempt.replayed))


@app.get(
    "/identity/keys",
    scope="admin",
    summary="List the keys",
    operation_id="list_keys",
    responses={
        **describe.answer(ApiKeys, "The keys, without their secrets"),
        **describe.problem_responses(*GATEWAYS, 422),
    },
)
def list_keys() -> ApiKeys:
    """List the keys of the caller's tenant and mode. A key made or changed this second may be missing yet."""
    now = time.time()
    by = key_service.caller(_table(), _presented(), now)
    return ApiKeys(keys=[ApiKey.of(record, now) for record in keys.listed(_table(), by.owner)])


@app.get(
    "/identity/keys/<id>",
    scope="admin",
    summary="Read a key",
    operation_id="get_key",
    responses={
        **describe.answer(ApiKey, "The key, without its secret"),
        **describe.problem_responses(*GATEWAYS, 404, 422),
    },
)
def get_key(id: str) -> ApiKey:  # noqa: A002  # the path's name
    """Read what may be told of a key."""
    now = time.time()
    by = key_service.caller(_table(), _presented(), now)
    return ApiKey.of(key_service.read(_table(), by, id), now)


@app.post(
    "/identity/keys/<id>/rotate",
    scope="admin",
    body=BodyKind(json_shape=ROTATE_SHAPE),
    status_code=201,
    summary="Replace a key",
    operation_id="rotate_key",
    responses={
        **describe.answer(RotatedKey, "The new key, shown this once, and the old one", status=201),
        **describe.problem_responses(*GATEWAYS, 404, 409, 415, 422),
    },
)
def rotate_key(
    id: str,  # noqa: A002  # the path's name
    asked: Annotated[RotateRequest, Body()],
    idempotency_key: IdempotencyKey = None,
) -> Response[RotatedKey]:
    """Make a key like another, which works on for `overlap_hours`. Both are counted as one."""
    now, presented = time.time(), _presented()
    by = key_service.caller(_table(), presented, now)

    keyed = _keyed(by, "rotate", idempotency_key, {"id": id, "json": asked.model_dump_json()})
    with idempotency.attempt(keyed) as attempt:
        if attempt.made is None:
            salt = secrets.token_hex(SALT_BYTES)
            key = keys.derived_key(by.mode, presented, salt)
            key_service.rotate(_table(), by, id, key, asked.overlap_hours * keys.HOUR_S, now)
            attempt.made = {"salt": salt}
    key = keys.derived_key(by.mode, presented, attempt.made["salt"])
    told, old = ApiKey.of(_registered(key), now), key_service.read(_table(), by, id)
    rotated = RotatedKey(key=told, secret=key, replaces=ApiKey.of(old, now))
    return Response(201, JSON, rotated, headers=_made(told, replayed=attempt.replayed))


@app.delete(
    "/identity/keys/<id>",
    scope="admin",
    summary="Revoke a key",
    operation_id="revoke_key",
    responses={**describe.answer(ApiKey, "The key, revoked"), **describe.problem_responses(*GATEWAYS, 404, 409, 422)},
)
def revoke_key(id: str) -> ApiKey:  # noqa: A002  # the path's name
    """Revoke a key for good, within a minute. Revoking again changes nothing; a key cannot revoke itself."""
    now = time.time()
    by = key_service.caller(_table(), _presented(), now)
    return ApiKey.of(key_service.revoke(_table(), by, id, now), now)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return gateway.resolve(app, event, context)


def _presented() -> str:
    """Read the key that the call came with."""
    return keys.bare(app.current_event.headers.get("authorization", ""))


def _registered(key: str) -> keys.KeyRecord:
    """Read a key that was made for this request, or for the one that it repeats. Raises Unauthorized."""
    record = keys.find(_table(), key, consistent=True)
    if record is None:  # made long ago and forgotten since, which an Idempotency-Key does not outlive
        raise Unauthorized("The key that this Idempotency-Key made is gone.", field=idempotency.FIELD)
    return record


def _keyed(by: keys.KeyRecord, route: str, key: str | None, body: dict[str, Any]) -> idempotency.KeyedRequest:
    """Name a request by the caller's own key too: what it makes can be told again to no other."""
    named = {**body, "by": by.id}
    return idempotency.KeyedRequest.of(by.tenant, by.mode, route, key, named, app.lambda_context)


def _made(told: ApiKey, *, replayed: bool) -> dict[str, Any]:
    place = f"{links.prefix(app.current_event.raw_event)}/identity/keys/{told.id}"
    return {"Location": place} | replay_header(replayed=replayed)


def _table() -> Table:
    return clients.table(settings(KeySettings).api_keys_table)
