"""API keys: made once, shown once, kept only as SHA-256.

A key is `dev_<uuid4>` or `live_<uuid4>`. Its table item holds tenant, mode, state and expiry, never the key.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

Mode = Literal["dev", "live"]
State = Literal["active", "revoked"]

KEY = re.compile(r"(dev|live)_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class KeyRecord:
    """What is known of a key: whose it is and whether it still opens anything."""

    tenant: str
    mode: Mode
    state: State
    expires_at: int | None = None  # seconds since 1970

    def is_usable(self, now: float) -> bool:
        """Say whether the key is active and not yet expired."""
        return self.state == "active" and (self.expires_at is None or now < self.expires_at)


def new_key(mode: Mode) -> str:
    """Make a fresh key. It cannot be shown again: only its hash is kept."""
    return f"{mode}_{uuid.uuid4()}"


def new_tenant() -> str:
    """Make a tenant id, 24 hex digits."""
    return uuid.uuid4().hex[:24]


def key_hash(key: str) -> str:
    """Hash a key for the table. Keys carry 122 random bits, so a plain SHA-256 cannot be searched back."""
    return hashlib.sha256(key.encode()).hexdigest()


def register(table: Table, key: str, record: KeyRecord) -> None:
    """Store `record` under the key's hash, replacing what was there: revoking is registering again."""
    item: dict[str, Any] = {
        "key_hash": key_hash(key),
        "tenant": record.tenant,
        "mode": record.mode,
        "state": record.state,
    }
    if record.expires_at is not None:
        item["expires_at"] = record.expires_at
    table.put_item(Item=item)


def find(table: Table, key: str) -> KeyRecord | None:
    """Look a presented key up. None where it is malformed, unknown, or of another mode than its name says."""
    if not KEY.fullmatch(key):
        return None
    item = table.get_item(Key={"key_hash": key_hash(key)}).get("Item")
    if item is None or item["mode"] != key.partition("_")[0]:
        return None
    expires_at = item.get("expires_at")
    return KeyRecord(
        tenant=cast("str", item["tenant"]),
        mode=cast("Mode", item["mode"]),
        state=cast("State", item["state"]),
        expires_at=None if expires_at is None else int(cast("int", expires_at)),
    )
