"""Erasing a verification: its pictures in every version, what it was made from, its idempotency key, then its item.

First the item loses what it says and is marked, so that nobody reads it any more; it goes last. Whatever interrupts the
way between, the mark stays, and whoever comes again, the caller or the worker, goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cari_common import bucket, cloud, duplicates, face_notes, idempotency, store
from cari_common.settings import verification_settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ERASING = "erasing"
RESUME_S = 90  # the worker looks after what should be done by then
KEPT = ("origins", "expires_at")  # what a marked item still says beside whose it is


@dataclass(frozen=True)
class Erased:
    """What went: objects in the bucket, counting each version."""

    objects: int


def mark(table: Table, tenant: str, mode: str, identifier: str) -> bool:
    """Take from the item all that it says of anybody, and mark it. False where there is none."""
    key = store.key_of(tenant, mode, identifier)
    item = table.get_item(Key=key, ConsistentRead=True).get("Item")
    if item is None:
        return False
    kept = {name: item[name] for name in KEPT if name in item}
    try:
        table.put_item(Item={**key, **kept, "status": ERASING}, ConditionExpression="attribute_exists(id)")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def finish(table: Table, tenant: str, mode: str, identifier: str) -> Erased | None:
    """Erase everything that a marked item stands for, then the item. None where none is marked: it is done already."""
    item = table.get_item(Key=store.key_of(tenant, mode, identifier), ConsistentRead=True).get("Item")
    if item is None or item["status"] != ERASING:
        return None
    origins = [str(origin) for origin in item.get("origins", ())]  # type: ignore[union-attr]  # a list of keys
    names = [bucket.images_prefix(tenant, mode, identifier), *origins]
    objects = bucket.erase(cloud.s3_client(), verification_settings().bucket, names)
    idempotency.forget(tenant, mode, identifier)
    duplicates.forget(tenant, mode, identifier)
    face_notes.forget(tenant, mode, identifier)
    table.delete_item(Key=store.key_of(tenant, mode, identifier))
    return Erased(objects)
