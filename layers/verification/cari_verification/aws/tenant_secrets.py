"""A tenant's secret, apart for each mode: it seals cursors, and hashes what may be found again only by its owner."""

from __future__ import annotations

import contextlib
import hmac
import secrets
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from cari_aws import clients, dynamodb
from cari_aws.dynamodb import ConditionFailed
from cari_core import ids
from cari_core.settings import PolicySettings, SeenSettings, settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SECRET_BYTES = 32


def table() -> Table:
    """Share one handle of the table that also has what the tenants have seen."""
    return clients.table(settings(SeenSettings).seen_table)


def tables_with_notes() -> tuple[Table, Table]:
    """Give the tables that may have notes of what a tenant has seen: version 0.1.0 kept them beside its policies."""
    return table(), clients.table(settings(PolicySettings).tenants_table)


@cache
def secret(tenant: str, mode: str) -> bytes:
    """Read a tenant's secret, made the first time that anybody asks. It is never shown to anyone."""
    key = {"owner": ids.owner_key(tenant, mode), "id": "secret"}
    item = table().get_item(Key=key, ConsistentRead=True).get("Item")
    if item is None:
        with contextlib.suppress(ConditionFailed):  # of two that made one, the first stays
            dynamodb.put_if(table(), {**key, "secret": secrets.token_hex(SECRET_BYTES)}, "attribute_not_exists(id)")
        item = table().get_item(Key=key, ConsistentRead=True)["Item"]
    return bytes.fromhex(str(item["secret"]))


def keyed_hash(tenant: str, mode: str, *parts: str) -> bytes:
    """Hash parts by the tenant's secret, 32 bytes, so that none can be mistaken for another's end."""
    return hmac.new(secret(tenant, mode), "\0".join(parts).encode(), sha256).digest()
