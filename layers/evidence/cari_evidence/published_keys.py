"""The public half of every key that ever signed, in a table: KMS may lose a key, what it signed stays to be checked.

A key is written here before it signs for the first time, and nothing takes it away.
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cari_aws import dynamodb
from cari_aws.dynamodb import ConditionFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb.service_resource import Table

PURPOSE = "signing"
MAX_KEYS = 1_000  # far beyond any rotation: 300 bytes each


def publish(table: Table, jwk: Mapping[str, Any]) -> None:
    """Write a public key, a JWK with its `kid`, unless it is there already."""
    item = {
        "purpose": PURPOSE,
        "kid": jwk["kid"],
        "jwk": json.dumps(jwk),
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with contextlib.suppress(ConditionFailed):
        dynamodb.put_if(table, item, "attribute_not_exists(kid)")


def published(table: Table) -> list[dict[str, Any]]:
    """List every public key that was written, each a JWK."""
    found = dynamodb.query_all(table, "purpose = :purpose", {":purpose": PURPOSE}, most=MAX_KEYS, ConsistentRead=True)
    return [json.loads(str(item["jwk"])) for item in found]
