"""API keys: made once, shown once, kept only as SHA-256.

A key is `dev_<uuid4>` or `live_<uuid4>`. Its table item says whose it is, what it may do and for how long, never the
key. The index `by-owner` lists a tenant's keys of a mode; it may be a moment behind the table.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from cari_api.auth import scopes
from cari_aws import dynamodb
from cari_aws.clients import FAILURES
from cari_aws.dynamodb import ConditionFailed
from cari_aws.observability import logger
from cari_core import ids

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.service_resource import Table

    from cari_api.auth.scopes import Scope

Mode = Literal["dev", "live"]
State = Literal["active", "revoked"]

KEY = re.compile(r"(dev|live)_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
BEARER = re.compile(r"bearer +", re.IGNORECASE)  # RFC 6750: a key may stand bare, or after it
TENANT = re.compile(r"[0-9a-f]{24}")
BY_OWNER = "by-owner"
HOUR_S, DAY_S = 3600, 86_400
MAX_LISTED = 10_000  # keys of a tenant and mode, those that open nothing any more among them
FORGOTTEN_AFTER_S = 90 * DAY_S  # how long a key that opens nothing any more is still listed


@dataclass(frozen=True)
class KeyRecord:
    """What is known of a key. Moments are seconds since 1970."""

    tenant: str
    mode: Mode
    state: State
    expires_at: int | None = None
    lifetime_s: int | None = None  # what it was made for, and its successors are; a rotated key expires sooner
    id: str = field(default_factory=ids.new_id)
    name: str = ""
    scopes: tuple[Scope, ...] = scopes.USUAL
    hint: str = ""  # the key's beginning and end, for people to tell keys apart
    key_hash: str = ""  # where the table has it; empty before it is registered
    last_used_at: int | None = None  # to the hour
    quota_id: str | None = None  # that of the key it was made with, or is in the place of: no key makes a new quota
    requests_per_minute: int | None = None  # None: the deployment's
    verifications_per_month: int | None = None
    replaced_by: str | None = None  # its one successor's id
    usage_key: str | None = None  # the tenant's own in API Gateway's usage plan; None: the mode's, which others share

    @property
    def created_at(self) -> datetime:
        """When the key was made, UTC."""
        return ids.created_at(self.id)

    @property
    def counted_as(self) -> str:
        """Name what the key's calls are counted under."""
        return self.quota_id or self.id

    @property
    def owner(self) -> str:
        """Name tenant and mode as the tables do."""
        return ids.owner_key(self.tenant, self.mode)

    def is_usable(self, now: float) -> bool:
        """Say whether the key is active and not yet expired."""
        return self.state == "active" and (self.expires_at is None or now < self.expires_at)


def new_key(mode: Mode) -> str:
    """Make a fresh key. It cannot be shown again: only its hash is kept."""
    return f"{mode}_{uuid.uuid4()}"


def derived_key(mode: Mode, presented: str, salt: str) -> str:
    """Make a key from the one that asks for it, which is kept nowhere, and a random salt: the same each time."""
    digest = hmac.new(presented.encode(), f"api key\0{salt}".encode(), hashlib.sha256).digest()
    return f"{mode}_{uuid.UUID(bytes=digest[:16], version=4)}"


def bare(authorization: str) -> str:
    """Read a key from an Authorization header."""
    return BEARER.sub("", authorization, count=1) if BEARER.match(authorization) else authorization


def new_tenant() -> str:
    """Make a tenant id, 24 hex digits."""
    return uuid.uuid4().hex[:24]


def key_hash(key: str) -> str:
    """Hash a key for the table. Keys carry 122 random bits, so a plain SHA-256 cannot be searched back."""
    return hashlib.sha256(key.encode()).hexdigest()


def hint_of(key: str) -> str:
    """Show as much of a key as tells it from others: `dev_…1a2b`."""
    return f"{key.partition('_')[0]}_…{key[-4:]}"


def register(table: Table, key: str, record: KeyRecord) -> None:
    """Store `record` under the key's hash, replacing what was there."""
    table.put_item(Item=_item(key, record))


def find(table: Table, key: str, *, consistent: bool = False) -> KeyRecord | None:
    """Look a presented key up. None where it is malformed, unknown, or of another mode than its name says."""
    if not KEY.fullmatch(key):
        return None
    item = table.get_item(Key={"key_hash": key_hash(key)}, ConsistentRead=consistent).get("Item")
    if item is None or item["mode"] != key.partition("_")[0]:
        return None
    return _record(item)


def listed(table: Table, owner: str) -> list[KeyRecord]:
    """List the keys of `tenant#mode`, the oldest first."""
    found = dynamodb.query_all(table, "#owner = :owner", {":owner": owner}, most=MAX_LISTED, IndexName=BY_OWNER)
    return [_record(item) for item in found]


def find_by_id(table: Table, owner: str, identifier: str) -> KeyRecord | None:
    """Find a key by its id among those of `tenant#mode`, as the table itself has it now."""
    values = {":owner": owner, ":id": identifier}
    found = next(dynamodb.query_all(table, "#owner = :owner AND id = :id", values, most=1, IndexName=BY_OWNER), None)
    item = table.get_item(Key={"key_hash": found["key_hash"]}, ConsistentRead=True).get("Item") if found else None
    return None if item is None else _record(item)


def revoke(table: Table, record: KeyRecord, now: float) -> KeyRecord:
    """Revoke a key for good; one that was revoked before stays as it is."""
    revoked = dynamodb.update_if(
        table,
        {"key_hash": record.key_hash},
        "SET #state = :revoked, erase_at = if_not_exists(erase_at, :erase_at)",
        "attribute_exists(key_hash)",
        {":revoked": "revoked", ":erase_at": int(now) + FORGOTTEN_AFTER_S},
    )
    return _record(revoked)


def replace_key(table: Table, old: KeyRecord, key: str, record: KeyRecord, ends_at: int) -> KeyRecord | None:
    """Store `record` and let the key before it expire at `ends_at`, or sooner where it would: both or neither.

    Returns the old key as it is now; None where it is no longer active, has a successor, or ends sooner meanwhile.
    """
    ended = replace(old, expires_at=min(ends_at, old.expires_at or ends_at), replaced_by=record.id)
    try:
        dynamodb.transact(
            table,
            [
                {"Put": {"TableName": table.name, "Item": _item(key, record)}},
                {
                    "Update": {
                        "TableName": table.name,
                        "Key": {"key_hash": old.key_hash},
                        "UpdateExpression": "SET expires_at = :ends_at, erase_at = :erase_at, replaced_by = :successor",
                        "ConditionExpression": (
                            "#state = :active AND attribute_not_exists(replaced_by)"
                            " AND (attribute_not_exists(expires_at) OR expires_at >= :ends_at)"
                        ),
                        "ExpressionAttributeNames": {"#state": "state"},
                        "ExpressionAttributeValues": {
                            ":active": "active",
                            ":ends_at": ended.expires_at,
                            ":successor": record.id,
                            ":erase_at": _erase_at(ended),
                        },
                    }
                },
            ],
        )
    except ConditionFailed:
        return None
    return ended


def note_use(table: Table, record: KeyRecord, now: float) -> None:
    """Write down that a key was used, at most once an hour. Failing at it fails nothing."""
    if record.last_used_at is not None and now < record.last_used_at + HOUR_S:
        return
    try:
        table.update_item(
            Key={"key_hash": record.key_hash},
            UpdateExpression="SET last_used_at = :now",
            ConditionExpression="attribute_exists(key_hash)",
            ExpressionAttributeValues={":now": int(now)},
        )
    except FAILURES as error:
        logger.warning("use of a key not noted", extra={"error_type": type(error).__name__})


def _item(key: str, record: KeyRecord) -> dict[str, Any]:
    item = {
        "key_hash": key_hash(key),
        "owner": record.owner,
        "id": record.id,
        "name": record.name,
        "tenant": record.tenant,
        "mode": record.mode,
        "state": record.state,
        "scopes": scopes.written(record.scopes),
        "hint": record.hint or hint_of(key),
        "expires_at": record.expires_at,
        "lifetime_s": record.lifetime_s,
        "erase_at": _erase_at(record),
        "last_used_at": record.last_used_at,
        "quota_id": record.quota_id,
        "requests_per_minute": record.requests_per_minute,
        "verifications_per_month": record.verifications_per_month,
        "replaced_by": record.replaced_by,
        "usage_key": record.usage_key,
    }
    return {name: value for name, value in item.items() if value is not None}


def _erase_at(record: KeyRecord) -> int | None:
    return None if record.expires_at is None else record.expires_at + FORGOTTEN_AFTER_S


def _record(item: dict[str, Any]) -> KeyRecord:
    """Read an item; one from before keys had ids is known by its hash."""
    return KeyRecord(
        tenant=str(item["tenant"]),
        mode=cast("Mode", item["mode"]),
        state=cast("State", item["state"]),
        expires_at=_number(item, "expires_at"),
        lifetime_s=_number(item, "lifetime_s"),
        id=str(item.get("id") or ids.derived_id(0, item["key_hash"])),
        name=str(item.get("name", "")),
        scopes=scopes.read(str(item["scopes"])) if "scopes" in item else scopes.USUAL,
        hint=str(item.get("hint", "")),
        key_hash=str(item["key_hash"]),
        last_used_at=_number(item, "last_used_at"),
        quota_id=item.get("quota_id"),
        requests_per_minute=_number(item, "requests_per_minute"),
        verifications_per_month=_number(item, "verifications_per_month"),
        replaced_by=item.get("replaced_by"),
        usage_key=item.get("usage_key"),
    )


def _number(item: dict[str, Any], name: str) -> int | None:
    return None if item.get(name) is None else int(item[name])
