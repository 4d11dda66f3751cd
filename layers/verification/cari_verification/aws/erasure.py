"""Erasing a verification: its pictures in every version, what it was made from, its idempotency key, then its item.

First the item loses what it says and is marked, so that nobody reads it any more; it goes last. Whatever interrupts the
way between, the mark stays, and whoever comes again, the caller or the worker, goes on. Once all else is gone, the item
still counts what went, for as long as the caller may come for the receipt.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cari_aws import idempotency
from cari_core.settings import verification_settings
from cari_verification.aws import bucket, duplicates, face_index, verifications

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb.service_resource import Table

ERASING, ERASED, ABANDONED = "erasing", "erased", "abandoned"
RESUME_S = 90  # the worker looks after what should be done by then, and for pictures that came late
RECEIPT_S = 7 * 86_400  # a receipt that could not be given is there for so long
KEPT = ("origins", "expires_at", "objects")  # what a marked item still says beside whose it is
UNFINISHED = ("expires_at",)  # likewise of one that never ended: what it was made from is the caller's still


@dataclass(frozen=True)
class Erased:
    """What went: objects in the bucket, counting each version."""

    objects: int


def mark(table: Table, tenant: str, mode: str, identifier: str) -> bool:
    """Take from the item all that it says of anybody, and mark it. False where there is none."""
    return _mark(table, tenant, mode, identifier, ERASING, KEPT, "attribute_exists(id)")


def finish(table: Table, tenant: str, mode: str, identifier: str) -> Erased | None:
    """Erase everything that a marked item stands for; the item itself only where nobody will ask for a receipt.

    None where none is marked: it is done already.
    """
    item = _item(table, tenant, mode, identifier)
    if item is None or item["status"] not in (ERASING, ERASED, ABANDONED):
        return None
    objects = int(item.get("objects", 0)) + sweep(tenant, mode, identifier, item.get("origins", ()))
    if item["status"] == ABANDONED:
        close(table, tenant, mode, identifier)
        return Erased(objects)
    done = {"status": ERASED, "objects": objects, "expires_at": int(time.time()) + RECEIPT_S}
    still_there = "attribute_exists(id)"  # somebody else may have closed it
    verifications.put(table, {**verifications.key_of(tenant, mode, identifier), **done}, still_there)
    return Erased(objects)


def close(table: Table, tenant: str, mode: str, identifier: str) -> None:
    """Erase the item, the last of a verification, once nobody will ask for its receipt any more."""
    table.delete_item(Key=verifications.key_of(tenant, mode, identifier))


def abandon(table: Table, tenant: str, mode: str, identifier: str) -> bool:
    """Erase a verification that has no end and will have none. False where there is no such one."""
    if not _mark(table, tenant, mode, identifier, ABANDONED, UNFINISHED, "#status = :processing"):
        return False
    finish(table, tenant, mode, identifier)
    return True


def sweep(tenant: str, mode: str, identifier: str, origins: Iterable[str] = ()) -> int:
    """Erase what lies under an id beside its item, and say how many objects there were, counting each version."""
    names = [bucket.images_prefix(tenant, mode, identifier), *map(str, origins)]
    idempotency.forget(tenant, mode, identifier)
    duplicates.forget(tenant, mode, identifier)
    face_index.forget(tenant, mode, identifier)
    return bucket.erase(bucket.s3_client(), verification_settings().bucket, names)


def _mark(
    table: Table, tenant: str, mode: str, identifier: str, status: str, keep: tuple[str, ...], condition: str
) -> bool:
    item = _item(table, tenant, mode, identifier)
    if item is None:
        return False
    kept = {name: item[name] for name in keep if name in item}
    return verifications.put(table, {**verifications.key_of(tenant, mode, identifier), **kept, "status": status}, condition)


def _item(table: Table, tenant: str, mode: str, identifier: str) -> dict[str, Any] | None:
    return table.get_item(Key=verifications.key_of(tenant, mode, identifier), ConsistentRead=True).get("Item")
