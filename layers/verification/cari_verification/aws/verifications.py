"""The verifications table: one item each, found only together with its owner, and its evidence beside it.

An item says in attributes what lists filter and conditions compare, and the whole of it as compressed JSON in `body`
(`stored.StoredVerification`): DynamoDB bills by the kilobyte, and twice inside the transaction that ends one. The
evidence is `record#<id>`, which sorts behind every id and is in no index.
"""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING

from cari_aws import clients, dynamodb
from cari_core import ids
from cari_core.settings import StorageSettings, settings
from cari_verification import stored_0_1_0
from cari_verification.aws import shards
from cari_verification.stored import StoredVerification, packed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.service_resource import Table

    from cari_aws.dynamodb import Item
    from cari_verification.request import Submission

DAY_S = 86_400
LEAST_DAYS = 1  # a result, though not its pictures, is kept for as long as an Idempotency-Key may ask for it
IS_READABLE = "(attribute_exists(body) OR attribute_exists(verification))"  # not one that is being erased


def table() -> Table:
    """Share one handle of the table."""
    return clients.table(settings(StorageSettings).verifications_table)


def find(tenant: str, mode: str, identifier: str) -> StoredVerification | None:
    """Read a verification; None where the id is unknown, another's, being erased or over, which look the same."""
    if not ids.is_id(identifier):  # DynamoDB refuses what is too long or empty, which is no way to be unknown
        return None
    item = table().get_item(Key=key_of(tenant, mode, identifier), ConsistentRead=True).get("Item")
    if item is None or not is_readable(item) or int(str(item["expires_at"])) <= time.time():
        return None
    return read(item, tenant, mode)


def find_item(tenant: str, mode: str, identifier: str) -> Item | None:
    """Read an item whatever its state; None where there is none."""
    return table().get_item(Key=key_of(tenant, mode, identifier), ConsistentRead=True).get("Item")


def find_items(entries: Iterable[Item]) -> list[Item]:
    """Read the items that an index's entries stand for, as they are now, in the same order; those that are gone not."""
    keys = [{"owner": str(entry["owner"]), "id": str(entry["id"])} for entry in entries]
    found = {str(item["id"]): item for item in dynamodb.read_together(table(), keys)}
    return [found[key["id"]] for key in keys if key["id"] in found]


def find_evidence(tenant: str, mode: str, identifier: str) -> bytes | None:
    """Read what a verification was decided from, packed; None where there is none. It must be one that `find` finds."""
    beside: Item | None = table().get_item(Key=evidence_key(tenant, mode, identifier), ConsistentRead=True).get("Item")
    if beside is None:  # version 0.1.0 kept it in the item
        beside = find_item(tenant, mode, identifier) or {}
    return bytes(beside["evidence"]) if "evidence" in beside else None


def read(item: Item, tenant: str, mode: str) -> StoredVerification:
    """Read an item that is readable, in whichever schema it was written."""
    if "body" in item:
        found = StoredVerification.model_validate_json(body_of(item))
    else:
        found = stored_0_1_0.read(item, tenant, mode)
    return found.model_copy(update={"schema_version": schema_of(item)})


def schema_of(item: Item) -> int:
    """Say in which schema an item is; version 0.1.0 did not."""
    return int(item.get("schema_version", 1))


def body_of(item: Item) -> bytes:
    """Read the JSON of an item; plain where it was written before JSON was compressed."""
    body = item["body"]
    return body.encode() if isinstance(body, str) else zlib.decompress(bytes(body))


def is_readable(item: Item) -> bool:
    """Say whether an item has a verification: one that is being erased has none."""
    return "body" in item or "verification" in item


def written(verification: StoredVerification) -> Item:
    """Write a verification as the table keeps it."""
    key = key_of(verification.tenant, verification.mode, verification.id)
    owner, reference = ids.owner_key(verification.tenant, verification.mode), verification.reference
    return {
        **key,
        "schema_version": verification.schema_version,
        "revision": verification.revision,
        "status": verification.status,
        "type": verification.type,
        "expires_at": expires_at(verification),
        "body": packed(verification),
        "owner_status": owner_status(key["owner"], verification.status),
        **({"owner_reference": owner_reference(owner, reference)} if reference else {}),
    }


def put_end(verification: StoredVerification, evidence: bytes | None) -> None:
    """Store the end of a verification that is under way, and its evidence beside it. Raises ConditionFailed."""
    items = {"verification": written(verification)}
    if evidence is not None:
        key = evidence_key(verification.tenant, verification.mode, verification.id)
        items["evidence"] = {**key, "evidence": evidence, "expires_at": expires_at(verification)}
    dynamodb.put_together(table(), items, "#status = :processing", {":processing": "processing"})


def put_under_way(verification: StoredVerification, *, is_new: bool) -> None:
    """Store a verification that is under way; `is_new`: also where there is none. Raises ConditionFailed."""
    condition = "#status = :processing"
    if is_new:
        condition = f"attribute_not_exists(id) OR {condition}"
    dynamodb.put_if(table(), written(verification), condition, {":processing": "processing"})


def put_change(verification: StoredVerification) -> None:
    """Store a change of one that has ended, where nobody changed it since it was read. Raises ConditionFailed.

    An item of version 0.1.0 has no revision before its first change.
    """
    item = written(verification)
    dynamodb.update_if(
        table(),
        key_of(verification.tenant, verification.mode, verification.id),
        "SET body = :body, #status = :status, owner_status = :owner_status, revision = :revision REMOVE verification",
        f"{IS_READABLE} AND (attribute_not_exists(revision) OR revision = :read)",
        {
            ":body": item["body"],
            ":status": item["status"],
            ":owner_status": item["owner_status"],
            ":revision": verification.revision,
            ":read": verification.revision - 1,
        },
    )


def expires_at(submission: Submission | StoredVerification) -> int:
    """Say when a verification's time is over, in seconds since 1970."""
    return int(ids.created_at(submission.id).timestamp()) + max(submission.retention_days, LEAST_DAYS) * DAY_S


def key_of(tenant: str, mode: str, identifier: str) -> dict[str, str]:
    """Name an item: nobody who does not know tenant and mode finds it."""
    return {"owner": shards.owner_of(tenant, mode, identifier), "id": identifier}


def evidence_key(tenant: str, mode: str, identifier: str) -> dict[str, str]:
    """Name the item of a verification's evidence."""
    return {"owner": shards.owner_of(tenant, mode, identifier), "id": f"record#{identifier}"}


def owner_reference(owner: str, reference: str) -> str:
    """Name what the index by reference finds: the caller's own name for somebody, among the caller's own."""
    return f"{owner}#{reference}"


def owner_status(owner: str, status: str) -> str:
    """Name what the index by status finds, in one of the keys that the owner's items are spread over."""
    return f"{owner}#{status}"


def erase(tenant: str, mode: str, identifier: str) -> None:
    """Erase the evidence, then the item."""
    table().delete_item(Key=evidence_key(tenant, mode, identifier))
    table().delete_item(Key=key_of(tenant, mode, identifier))
