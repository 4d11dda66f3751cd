"""The verifications table: one item each, found only together with its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cari_common.contract import Verification

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

DAY_S = 86_400


def save(table: Table, tenant: str, mode: str, verification: Verification, retention_days: int) -> Verification:
    """Store a verification once.

    Where its id is taken already (a delivery repeated), the stored one stays and is returned instead.
    """
    item: dict[str, Any] = {
        "owner": _owner(tenant, mode),
        "id": verification.id,
        "status": verification.status,
        "type": verification.type,
        "created_at": verification.created_at.isoformat(),
        "expires_at": int(verification.created_at.timestamp()) + retention_days * DAY_S,
        "verification": verification.model_dump_json(),
    }
    try:
        table.put_item(Item=item, ConditionExpression="attribute_not_exists(id)")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return find(table, tenant, mode, verification.id) or verification
    return verification


def find(table: Table, tenant: str, mode: str, identifier: str) -> Verification | None:
    """Read a verification back; None where the id is unknown or another's, which look the same."""
    item = table.get_item(Key={"owner": _owner(tenant, mode), "id": identifier}).get("Item")
    return None if item is None else Verification.model_validate_json(str(item["verification"]))


def _owner(tenant: str, mode: str) -> str:
    return f"{tenant}#{mode}"
