"""A tenant's keys, managed: all within the caller's tenant and mode, and nobody gives more than they have.

Whoever asks is known by their own key's record, read afresh: API Gateway trusts a revoked key for a minute more, and a
key that was made in that minute would outlive it. Moments are seconds since 1970. A key of another tenant or mode is
NotFound, as one that never was.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cari_api.auth import keys, scopes
from cari_core import ids
from cari_core.errors import KeyNotActive, NotFound, OwnKey, TooManyKeys, Unauthorized

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from cari_api.auth.keys import KeyRecord
    from cari_api.auth.scopes import Scope

MAX_USABLE = 100  # keys of a tenant and mode


def caller(table: Table, presented: str, now: float) -> KeyRecord:
    """Read the record of the key that asks. Raises Unauthorized where it opens nothing any more."""
    record = keys.find(table, presented, consistent=True)
    if record is None or not record.is_usable(now):
        raise Unauthorized("This key is revoked or has expired.", field="Authorization")
    return record


def create(
    table: Table, by: KeyRecord, key: str, name: str, granted: list[Scope], lifetime_s: int | None, now: float
) -> KeyRecord:
    """Register `key`. It ends no later than the key that asks, and is counted as one with it.

    Raises InsufficientScope, TooManyKeys.
    """
    _check_grant(by, granted)
    _check_room(table, by, now)
    record = keys.KeyRecord(
        tenant=by.tenant,
        mode=by.mode,
        state="active",
        expires_at=_end(by, now, lifetime_s),
        lifetime_s=lifetime_s,
        name=name,
        scopes=scopes.read(scopes.written(granted)),
        hint=keys.hint_of(key),
        quota_id=by.counted_as,
        requests_per_minute=by.requests_per_minute,
        verifications_per_month=by.verifications_per_month,
        usage_key=by.usage_key,
    )
    keys.register(table, key, record)
    return record


def rotate(
    table: Table, by: KeyRecord, identifier: str, key: str, overlap_s: int, now: float
) -> tuple[KeyRecord, KeyRecord]:
    """Put `key` in the place of another, with its name, scopes, lifetime and limits: its record, the old one's.

    It ends no later than the key that asks. Raises NotFound, KeyNotActive, InsufficientScope, TooManyKeys.
    """
    old = _found(table, by, identifier)
    if not old.is_usable(now):
        raise KeyNotActive("This key is revoked or has expired. Make a new one by POST /identity/keys.", field="id")
    if old.replaced_by:
        raise KeyNotActive(f"This key was rotated already. Rotate its successor, '{old.replaced_by}'.", field="id")
    _check_grant(by, old.scopes)
    _check_room(table, by, now)
    record = replace(
        old,
        id=ids.new_id(),
        expires_at=_end(by, now, old.lifetime_s),
        hint=keys.hint_of(key),
        key_hash="",
        last_used_at=None,
        quota_id=old.counted_as,
    )
    ended = keys.replace_key(table, old, key, record, int(now) + overlap_s)
    if ended is None:
        raise KeyNotActive("Another request revoked or rotated this key just now. Read it, then decide.", field="id")
    return record, ended


def read(table: Table, by: KeyRecord, identifier: str) -> KeyRecord:
    """Read a key's record. Raises NotFound."""
    return _found(table, by, identifier)


def revoke(table: Table, by: KeyRecord, identifier: str, now: float) -> KeyRecord:
    """Revoke a key for good; one that is revoked stays so. Raises NotFound, OwnKey."""
    record = _found(table, by, identifier)
    if record.id == by.id:
        raise OwnKey("This is the key that you call with. Revoke it with another one, or rotate it.", field="id")
    return record if record.state == "revoked" else keys.revoke(table, record, now)


def _end(by: KeyRecord, now: float, lifetime_s: int | None) -> int | None:
    """Say when a key ends that is made now: nobody gives a longer life than their own."""
    ends = [by.expires_at, None if lifetime_s is None else int(now) + lifetime_s]
    return min((end for end in ends if end is not None), default=None)


def _found(table: Table, by: KeyRecord, identifier: str) -> KeyRecord:
    known = re.fullmatch(ids.PATTERN, identifier)  # the table refuses what is too long for one of its keys
    record = keys.find_by_id(table, by.owner, identifier) if known else None
    if record is None:
        raise NotFound(f"No key '{identifier[:100]}' among those of this key's tenant and mode.", field="id")
    return record


def _check_grant(by: KeyRecord, granted: list[Scope] | tuple[Scope, ...]) -> None:
    """Raise InsufficientScope where a key would be given a scope that the caller has not."""
    for scope in granted:
        scopes.require(scope, by.scopes)


def _check_room(table: Table, by: KeyRecord, now: float) -> None:
    if sum(record.is_usable(now) for record in keys.listed(table, by.owner)) >= MAX_USABLE:
        raise TooManyKeys(f"There are {MAX_USABLE} usable keys already. Revoke those that nobody needs any more.")
