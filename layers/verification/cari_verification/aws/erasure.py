"""Erasing a verification: its pictures in every version, what it was made from, its idempotency key, then its item.

First the item loses what it says and is marked, so that nobody reads it any more; it goes last. Whatever interrupts the
way between, the mark stays, and whoever comes again, the caller or the worker, goes on. Once all else is gone, the item
still counts what went, for as long as the caller may come for the receipt.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cari_aws import dynamodb, idempotency
from cari_aws.dynamodb import ConditionFailed
from cari_core import ids
from cari_verification.aws import bucket, document_index, face_index, verifications

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cari_aws.dynamodb import Item

ERASING, ERASED, ABANDONED = "erasing", "erased", "abandoned"
RESUME_S = 90  # the worker looks after what should be done by then, and for pictures that came late
RECEIPT_S = 7 * 86_400  # a receipt that could not be given is there for so long


@dataclass(frozen=True)
class Erased:
    """What went: objects in the bucket, counting each version."""

    objects: int


def mark(tenant: str, mode: str, identifier: str) -> bool:
    """Take from the item all that it says of anybody, and mark it. False where there is none."""
    item = verifications.find_item(tenant, mode, identifier) if ids.is_id(identifier) else None
    if item is None:
        return False
    kept: Item = {name: item[name] for name in ("expires_at", "objects") if name in item}
    return _put(tenant, mode, identifier, {**kept, "status": ERASING, "origins": _origins(item, tenant, mode)})


def mark_abandoned(tenant: str, mode: str, identifier: str, *, is_untold: bool = False) -> bool:
    """Mark a verification that has no end and will have none. False where there is no such one.

    One that nobody was told of (`is_untold`) may have ended: who made it did not hear of its end, and told of a
    failure. What it was made from is the caller's still.
    """
    item = verifications.find_item(tenant, mode, identifier)
    if item is None:
        return False
    marked = {"expires_at": item["expires_at"], "status": ABANDONED}
    if is_untold:
        return _put(tenant, mode, identifier, marked, verifications.IS_READABLE)
    return _put(tenant, mode, identifier, marked, "#status = :processing", {":processing": "processing"})


def finish(tenant: str, mode: str, identifier: str) -> Erased | None:
    """Erase everything that a marked item stands for; the item itself only where nobody will ask for a receipt.

    None where none is marked: it is done already.
    """
    item = verifications.find_item(tenant, mode, identifier)
    if item is None or item["status"] not in (ERASING, ERASED, ABANDONED):
        return None
    objects = int(item.get("objects", 0)) + sweep(tenant, mode, identifier, map(str, item.get("origins", ())))
    if item["status"] == ABANDONED:
        verifications.erase(tenant, mode, identifier)
        return Erased(objects)
    done = {"status": ERASED, "objects": objects, "expires_at": int(time.time()) + RECEIPT_S}
    _put(tenant, mode, identifier, done)  # unless somebody else has closed it
    return Erased(objects)


def close(tenant: str, mode: str, identifier: str) -> None:
    """Erase the item, the last of a verification, once nobody will ask for its receipt any more."""
    verifications.erase(tenant, mode, identifier)


def abandon(tenant: str, mode: str, identifier: str) -> bool:
    """Erase a verification that has no end and will have none. False where there is no such one."""
    if not mark_abandoned(tenant, mode, identifier):
        return False
    finish(tenant, mode, identifier)
    return True


def sweep(tenant: str, mode: str, identifier: str, origins: Iterable[str] = ()) -> int:
    """Erase what lies under an id beside its item, and say how many objects there were, counting each version."""
    idempotency.forget(tenant, mode, identifier)
    document_index.forget(tenant, mode, identifier)
    face_index.forget(tenant, mode, identifier)
    verifications.table().delete_item(Key=verifications.evidence_key(tenant, mode, identifier))
    return bucket.erase([bucket.images_prefix(tenant, mode, identifier), *origins])


def erase_unkept_pictures(tenant: str, mode: str, identifier: str) -> None:
    """Erase the pictures of a verification that has ended and is to keep none, should any be left."""
    found = verifications.find(tenant, mode, identifier)
    if found and found.status != "processing" and found.retention_days == 0:
        bucket.erase([bucket.images_prefix(tenant, mode, identifier)])


def _origins(item: Item, tenant: str, mode: str) -> list[str]:
    if verifications.is_readable(item):
        return list(verifications.read(item, tenant, mode).origins)
    return list(item.get("origins", ()))


def _put(  # the whole of an item, where there is one
    tenant: str,
    mode: str,
    identifier: str,
    marked: Item,
    condition: str = "attribute_exists(id)",
    values: dict[str, str] | None = None,
) -> bool:
    item = {**verifications.key_of(tenant, mode, identifier), **marked}
    with contextlib.suppress(ConditionFailed):
        dynamodb.put_if(verifications.table(), item, condition, values)
        return True
    return False
