"""The verifications table: one item each, found only together with its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cari_common.contract import Verification

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

DAY_S = 86_400


def save(
    table: Table,
    tenant: str,
    mode: str,
    verification: Verification,
    retention_days: int,
    evidence: bytes | None = None,
) -> Verification:
    """Store a verification once, also in the place of one that was still processing, and what it was decided from.

    Where its id is taken already (a delivery repeated), the stored one stays and is returned instead.
    """
    item = item_of(tenant, mode, verification, retention_days, evidence)
    if not put(table, item, "attribute_not_exists(id) OR #status = :processing"):
        return find(table, tenant, mode, verification.id) or verification
    return verification


def find(table: Table, tenant: str, mode: str, identifier: str) -> Verification | None:
    """Read a verification back; None where the id is unknown or another's, which look the same."""
    item = table.get_item(Key=key_of(tenant, mode, identifier)).get("Item")
    return None if item is None else Verification.model_validate_json(str(item["verification"]))


def find_evidence(table: Table, tenant: str, mode: str, identifier: str) -> bytes | None:
    """Read what a verification was decided from, packed; None where there is none, or the id is another's."""
    kept: Any = (
        table.get_item(Key=key_of(tenant, mode, identifier), ConsistentRead=True).get("Item", {}).get("evidence")
    )
    return None if kept is None else bytes(kept)


def item_of(
    tenant: str, mode: str, verification: Verification, retention_days: int, evidence: bytes | None = None
) -> dict[str, Any]:
    """Write a verification as the table keeps it."""
    return {
        **key_of(tenant, mode, verification.id),
        "status": verification.status,
        "type": verification.type,
        "created_at": verification.created_at.isoformat(),
        "expires_at": int(verification.created_at.timestamp()) + retention_days * DAY_S,
        "verification": verification.model_dump_json(),
        **({} if evidence is None else {"evidence": evidence}),
    }


def key_of(tenant: str, mode: str, identifier: str) -> dict[str, str]:
    """Name an item: nobody who does not know tenant and mode finds it."""
    return {"owner": f"{tenant}#{mode}", "id": identifier}


def put(table: Table, item: dict[str, Any], condition: str) -> bool:
    """Write an item where the condition holds, and say whether it did. It may name #status and :processing."""
    named = {
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {":processing": "processing"},
    }
    try:
        table.put_item(Item=item, ConditionExpression=condition, **(named if "#status" in condition else {}))  # type: ignore[arg-type]  # boto3's stubs know no optional pair
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True
