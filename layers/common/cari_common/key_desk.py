"""A tenant's keys, managed: all within the caller's tenant and mode, and nobody gives more than they have.

Moments are seconds since 1970. A key of another tenant or mode is NotFound, as one that never was.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from cari_common import ids, keys, scopes
from cari_common.errors import KeyNotActive, NotFound, OwnKey, TooManyKeys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from cari_common.caller import Caller
    from cari_common.keys import KeyRecord, Mode
    from cari_common.scopes import Scope

MAX_USABLE = 100  # a tenant and mode; without it, new keys would be new quotas without end


def create(
    table: Table, caller: Caller, name: str, granted: list[Scope], lifetime_s: int | None, now: float
) -> tuple[str, KeyRecord]:
    """Make a key: the key itself, which is kept nowhere, and its record.

    It inherits the caller's own limits. Raises InsufficientScope, TooManyKeys.
    """
    _check_grant(caller, granted)
    _check_room(table, caller, now)
    record = keys.KeyRecord(
        tenant=caller.tenant,
        mode=cast("Mode", caller.mode),
        state="active",
        expires_at=_end(now, lifetime_s),
        lifetime_s=lifetime_s,
        name=name,
        scopes=scopes.read(scopes.written(granted)),
        requests_per_minute=caller.requests_per_minute,
        verifications_per_month=caller.verifications_per_month,
    )
    key = keys.new_key(record.mode)
    keys.register(table, key, record)
    return key, replace(record, hint=keys.hint_of(key))


def rotate(
    table: Table, caller: Caller, identifier: str, overlap_s: int, now: float
) -> tuple[str, KeyRecord, KeyRecord]:
    """Replace a key by one of the same name, scopes, lifetime and limits: the new key, its record, the old one's.

    Raises NotFound, KeyNotActive, InsufficientScope, TooManyKeys.
    """
    old = _found(table, caller, identifier)
    if not old.is_usable(now):
        raise KeyNotActive("This key is revoked or has expired. Make a new one by POST /identity/keys.", field="id")
    _check_grant(caller, old.scopes)
    _check_room(table, caller, now)
    key = keys.new_key(old.mode)
    record = replace(
        old,
        id=ids.new_id(),
        expires_at=_end(now, old.lifetime_s),
        hint=keys.hint_of(key),
        key_hash="",
        last_used_at=None,
        quota_id=old.counted_as,
    )
    ended = keys.replace_key(table, old, key, record, int(now) + overlap_s)
    if ended is None:
        raise KeyNotActive("Another request revoked or rotated this key just now. Read it, then decide.", field="id")
    return key, record, ended


def revoke(table: Table, caller: Caller, identifier: str, now: float) -> KeyRecord:
    """Revoke a key for good; one that is revoked stays so. Raises NotFound, OwnKey."""
    record = _found(table, caller, identifier)
    if record.id == caller.key_id:
        raise OwnKey("This is the key that you call with. Revoke it with another one, or rotate it.", field="id")
    return record if record.state == "revoked" else keys.revoke(table, record, now)


def _end(now: float, lifetime_s: int | None) -> int | None:
    return None if lifetime_s is None else int(now) + lifetime_s


def _found(table: Table, caller: Caller, identifier: str) -> KeyRecord:
    known = re.fullmatch(ids.PATTERN, identifier)  # the table refuses what is too long for one of its keys
    record = keys.find_by_id(table, caller.owner, identifier) if known else None
    if record is None:
        raise NotFound(f"No key '{identifier}' among those of this key's tenant and mode.", field="id")
    return record


def _check_grant(caller: Caller, granted: list[Scope] | tuple[Scope, ...]) -> None:
    """Raise InsufficientScope where a key would be given a scope that the caller has not."""
    for scope in granted:
        scopes.require(scope, caller.scopes)


def _check_room(table: Table, caller: Caller, now: float) -> None:
    if sum(record.is_usable(now) for record in keys.listed(table, caller.owner)) >= MAX_USABLE:
        raise TooManyKeys(f"There are {MAX_USABLE} usable keys already. Revoke those that nobody needs any more.")
