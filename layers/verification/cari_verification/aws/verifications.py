"""The verifications table: one item each, found only together with its owner."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cari_core import ids
from cari_verification.contract import Verification

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from cari_verification.verification import Case, Request

DAY_S = 86_400
LEAST_DAYS = 1  # a result, though not its pictures, is kept for as long as an Idempotency-Key may ask for it

Item = dict[str, Any]


def find(table: Table, tenant: str, mode: str, identifier: str) -> Verification | None:
    """Read a verification back; None where the id is unknown or another's, which look the same."""
    item = find_item(table, tenant, mode, identifier, consistent=True)
    return None if item is None else Verification.model_validate_json(str(item["verification"]))


def find_item(table: Table, tenant: str, mode: str, identifier: str, *, consistent: bool = False) -> Item | None:
    """Read a verification's item; None also where it is being erased, its time is over, or no id looks so."""
    if not ids.is_id(identifier):  # DynamoDB refuses what is too long or empty, which is no way to be unknown
        return None
    item = table.get_item(Key=key_of(tenant, mode, identifier), ConsistentRead=consistent).get("Item")
    is_there = item is not None and "verification" in item and int(str(item["expires_at"])) > time.time()
    return item if is_there else None


def find_evidence(table: Table, tenant: str, mode: str, identifier: str) -> bytes | None:
    """Read what a verification was decided from, packed; None where there is none, or the id is another's."""
    kept = (find_item(table, tenant, mode, identifier, consistent=True) or {}).get("evidence")
    return None if kept is None else bytes(kept)


def item_of(case: Case | Request, verification: Verification, evidence: bytes | None = None) -> Item:
    """Write a verification as the table keeps it."""
    key = key_of(case.tenant, case.mode, verification.id)
    return {
        **key,
        "status": verification.status,
        "type": verification.type,
        "created_at": verification.created_at.isoformat(),
        "expires_at": expires_at(case),
        "retention_days": case.retention_days,
        "verification": verification.model_dump_json(),
        **({"origins": list(case.origins)} if case.origins else {}),
        **({"owner_reference": owner_reference(key["owner"], case.reference)} if case.reference else {}),
        **({} if evidence is None else {"evidence": evidence}),
    }


def expires_at(case: Case | Request) -> int:
    """Say when a verification's time is over, in seconds since 1970."""
    return int(ids.created_at(case.id).timestamp()) + max(case.retention_days, LEAST_DAYS) * DAY_S


def key_of(tenant: str, mode: str, identifier: str) -> dict[str, str]:
    """Name an item: nobody who does not know tenant and mode finds it."""
    return {"owner": owner_of(tenant, mode), "id": identifier}


def owner_of(tenant: str, mode: str) -> str:
    """Name whose an item is."""
    return f"{tenant}#{mode}"


def owner_reference(owner: str, reference: str) -> str:
    """Name what the index by reference finds: the caller's own name for somebody, among the caller's own."""
    return f"{owner}#{reference}"


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
