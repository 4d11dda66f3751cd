"""A tenant's secret, apart for each mode: it seals cursors, and hashes what may be found again only by its owner.

The table holds it encrypted by a key in KMS, for this tenant, mode and purpose: whoever reads the table, or a backup of
it, learns none, and one tenant's does not open as another's.
"""

from __future__ import annotations

import contextlib
import hmac
import secrets
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from cari_aws import clients, dynamodb
from cari_aws.dynamodb import ConditionFailed
from cari_core import ids
from cari_core.settings import PolicySettings, SeenSettings, settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from cari_aws.dynamodb import Item

SECRET_BYTES = 32
PURPOSE = "tenant-secret"
MAX_KNOWN = 1_000  # secrets that a process keeps, those of the latest tenants


def table() -> Table:
    """Share one handle of the table that also has what the tenants have seen."""
    return clients.table(settings(SeenSettings).seen_table)


def tables_with_notes() -> tuple[Table, Table]:
    """Give the tables that may have notes of what a tenant has seen: version 0.1.0 kept them beside its policies."""
    return table(), clients.table(settings(PolicySettings).tenants_table)


@lru_cache(MAX_KNOWN)
def secret(tenant: str, mode: str) -> bytes:
    """Read a tenant's secret, made the first time that anybody asks. It is never shown to anyone."""
    key = {"owner": ids.owner_key(tenant, mode), "id": "secret"}
    item = _stored(key)
    if not item:
        made = {**key, "encrypted": _encrypted(secrets.token_bytes(SECRET_BYTES), tenant, mode)}
        with contextlib.suppress(ConditionFailed):  # of two that made one, the first stays
            dynamodb.put_if(table(), made, "attribute_not_exists(id)")
        item = _stored(key)
    if "encrypted" not in item:  # from before secrets were: it stays what it is, or nothing it hashed would be found
        plain = bytes.fromhex(str(item["secret"]))
        with contextlib.suppress(ConditionFailed):  # somebody else has just done so
            dynamodb.put_if(table(), {**key, "encrypted": _encrypted(plain, tenant, mode)}, "attribute_exists(secret)")
        return plain
    return _decrypted(bytes(item["encrypted"]), tenant, mode)


def keyed_hash(tenant: str, mode: str, *parts: str) -> bytes:
    """Hash parts by the tenant's secret, 32 bytes, so that none can be mistaken for another's end."""
    return hmac.new(secret(tenant, mode), "\0".join(parts).encode(), sha256).digest()


def _stored(key: dict[str, str]) -> Item:
    return dict(table().get_item(Key=key, ConsistentRead=True).get("Item", {}))


def _encrypted(plain: bytes, tenant: str, mode: str) -> bytes:
    key_id = settings(SeenSettings).secrets_key_id
    answer = clients.kms_client().encrypt(KeyId=key_id, Plaintext=plain, EncryptionContext=_context(tenant, mode))
    return answer["CiphertextBlob"]


def _decrypted(encrypted: bytes, tenant: str, mode: str) -> bytes:
    key_id = settings(SeenSettings).secrets_key_id
    answer = clients.kms_client().decrypt(
        KeyId=key_id, CiphertextBlob=encrypted, EncryptionContext=_context(tenant, mode)
    )
    return answer["Plaintext"]


def _context(tenant: str, mode: str) -> dict[str, str]:
    """Say whose secret it is. KMS decrypts for the same words only, and CloudTrail shows them."""
    return {"tenant": tenant, "mode": mode, "purpose": PURPOSE}
