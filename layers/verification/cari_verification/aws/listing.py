"""An owner's verifications, newest first, a page at a time: ids sort by time, so the table's own order is the one."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, Key

from cari_core import ids
from cari_verification.aws import verifications
from cari_verification.contract import Verification

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.service_resource import Table

BY_REFERENCE = "by-reference"  # the table's index; only items that have a reference are in it
MAX_QUERIES = 20  # of at most 1 MB each: a filter that hardly anything passes must not outlast the gateway
FILTERED_ITEMS = 200  # read by a query of which only some will be shown: DynamoDB filters after it has read
PAGE_BYTES = 4_000_000  # of verifications; Lambda's answers have 6 MB, and quoting a text in JSON lengthens it
AFTER_EVERY_ID = "g"  # comes after every hex digit


@dataclass(frozen=True)
class Wanted:
    """Which verifications: all that fit everything given; both bounds of time are exclusive."""

    status: str | None = None
    type: str | None = None
    reference: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None

    def spelt(self) -> dict[str, str | None]:
        """Spell the filters out, for a cursor to be bound to."""
        return {name: None if value is None else str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Page:
    """Some verifications, newest first, and the id after which the next page begins; None on the last."""

    verifications: tuple[Verification, ...]
    last: str | None


def find_page(table: Table, tenant: str, mode: str, wanted: Wanted, *, limit: int, after: str | None) -> Page:
    """Read at most `limit` verifications, the next older than the id `after`. Only queries, no scans.

    A page may be short, even empty, and still not be the last.
    """
    query = _query(tenant, mode, wanted, after)
    found: list[dict[str, Any]] = []
    start: dict[str, Any] | None = None
    to_read = FILTERED_ITEMS if wanted.status or wanted.type else limit + 1
    for _ in range(MAX_QUERIES):
        answer = table.query(**query, Limit=to_read)
        found += answer["Items"]
        start = answer.get("LastEvaluatedKey")
        if start is None or len(found) > limit:
            break
        query["ExclusiveStartKey"] = start
        to_read = FILTERED_ITEMS  # it came short: what has expired, or is being erased, is left out as well
    shown = _fitting(found[:limit])
    last = shown[-1] if len(shown) < len(found) else start
    return Page(
        tuple(Verification.model_validate_json(str(item["verification"])) for item in shown),
        last=str(last["id"]) if last else None,
    )


def _fitting(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take as many items as an answer has room for, at least one."""
    taken, size_bytes = list[dict[str, Any]](), 0
    for item in items:
        size_bytes += len(str(item["verification"]).encode())
        if taken and size_bytes > PAGE_BYTES:
            break
        taken.append(item)
    return taken


def _query(tenant: str, mode: str, wanted: Wanted, after: str | None) -> dict[str, Any]:
    """Write the query: owner, or owner and reference, and a range of ids by key; status and type by filter."""
    low = ids.first_after(wanted.created_after) if wanted.created_after else "0"
    high = ids.first_at(wanted.created_before) if wanted.created_before else AFTER_EVERY_ID
    owner = verifications.owner_of(tenant, mode)
    owned = (
        Key("owner").eq(owner)
        if wanted.reference is None
        else Key("owner_reference").eq(verifications.owner_reference(owner, wanted.reference))
    )
    condition = Attr("verification").exists() & Attr("expires_at").gt(int(time.time()))
    for name, value in (("status", wanted.status), ("type", wanted.type)):
        if value is not None:
            condition &= Attr(name).eq(value)
    query: dict[str, Any] = {"ScanIndexForward": False}
    if wanted.reference is not None:
        query["IndexName"] = BY_REFERENCE
    if after is not None:
        query["ExclusiveStartKey"] = _start(owner, after, wanted.reference)
    low = min(low, high)  # DynamoDB refuses bounds that are the wrong way round
    return query | {"KeyConditionExpression": owned & Key("id").between(low, high), "FilterExpression": condition}


def _start(owner: str, after: str, reference: str | None) -> dict[str, str]:
    """Name the item after which DynamoDB goes on; it need no longer exist."""
    key = {"owner": owner, "id": after}
    return key if reference is None else key | {"owner_reference": verifications.owner_reference(owner, reference)}
