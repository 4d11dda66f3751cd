"""The routes of keys. functions/keys serves them; the description of the whole service tells of them."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Annotated, cast

import boto3
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body

from cari_common import caller, http, key_desk, keys
from cari_common.key_contract import ApiKey, ApiKeys, KeyRequest, NewKey, RotatedKey, RotateRequest
from cari_common.patience import PATIENCE
from cari_common.settings import keys_settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

router = Router()  # type: ignore[no-untyped-call]  # Powertools' own
GATEWAYS = (400, 401, 403, 413, 429, 500, 502, 504)  # what API Gateway may answer to any call with a key


@router.post(
    "/identity/keys",
    status_code=201,
    summary="Make a key",
    operation_id="create_key",
    responses={
        **http.answer(NewKey, "The key, shown this once", status=201),
        **http.problem_responses(*GATEWAYS, 409, 415, 422),
    },
)
def create_key(asked: Annotated[KeyRequest, Body()]) -> Response[NewKey]:
    """Make a key of the caller's tenant and mode, with no scope that the caller's key has not."""
    now, lifetime_s = time.time(), asked.expires_in_days and asked.expires_in_days * keys.DAY_S
    key, record = key_desk.create(_table(), _caller(), asked.name, asked.scopes, lifetime_s, now)
    return Response(201, http.JSON, NewKey(key=ApiKey.of(record, now), secret=key))


@router.get(
    "/identity/keys",
    summary="List the keys",
    operation_id="list_keys",
    responses={**http.answer(ApiKeys, "The keys, without their secrets"), **http.problem_responses(*GATEWAYS)},
)
def list_keys() -> ApiKeys:
    """List the keys of the caller's tenant and mode. A key made or changed this second may be missing yet."""
    now = time.time()
    return ApiKeys(keys=[ApiKey.of(record, now) for record in keys.listed(_table(), _caller().owner)])


@router.post(
    "/identity/keys/<id>/rotate",
    status_code=201,
    summary="Replace a key",
    operation_id="rotate_key",
    responses={
        **http.answer(RotatedKey, "The new key, shown this once, and the old one", status=201),
        **http.problem_responses(*GATEWAYS, 404, 409, 415, 422),
    },
)
def rotate_key(id: str, asked: Annotated[RotateRequest, Body()]) -> Response[RotatedKey]:  # noqa: A002  # the path's name
    """Make a key like another, which works on for `overlap_hours`. Both are counted as one."""
    now = time.time()
    key, record, old = key_desk.rotate(_table(), _caller(), id, asked.overlap_hours * keys.HOUR_S, now)
    told = RotatedKey(key=ApiKey.of(record, now), secret=key, replaces=ApiKey.of(old, now))
    return Response(201, http.JSON, told)


@router.delete(
    "/identity/keys/<id>",
    summary="Revoke a key",
    operation_id="revoke_key",
    responses={**http.answer(ApiKey, "The key, revoked"), **http.problem_responses(*GATEWAYS, 404, 409)},
)
def revoke_key(id: str) -> ApiKey:  # noqa: A002  # the path's name
    """Revoke a key for good, within a minute. Revoking again changes nothing; a key cannot revoke itself."""
    now = time.time()
    return ApiKey.of(key_desk.revoke(_table(), _caller(), id, now), now)


def _caller() -> caller.Caller:
    return cast("caller.Caller", caller.of(router.current_event.raw_event))  # `http.resolve` lets nobody else in


@cache
def _table() -> Table:
    return boto3.resource("dynamodb", config=PATIENCE).Table(keys_settings().api_keys_table)
