"""An owner's verifications, newest first, a page at a time: ids sort by time, so the table's own order is the one."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from cari_core import ids
from cari_verification.aws import verifications
from cari_verification.contract import public

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cari_aws.dynamodb import Item
    from cari_verification.contract import Verification

BY_REFERENCE = "by-reference"  # the table's index; only items that have a reference are in it
MAX_QUERIES = 20  # of at most 1 MB each: a filter that hardly anything passes must not outlast the gateway
FILTERED_ITEMS = 200  # read by a query of which only some will be shown: DynamoDB filters after it has read
PAGE_BYTES = 4_000_000  # of verifications; Lambda's answers have 6 MB, and quoting a text in JSON lengthens it
AFTER_EVERY_ID = "g"  # comes after every hex digit


@dataclass(frozen=True)
class Filters:
    """Which verifications: all that fit everything given; both bounds of time are exclusive."""

    status: str | None = None
    type: str | None = None
    reference: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None

    def as_text(self) -> dict[str, str | None]:
        """Spell the filters out, for a cursor to be bound to."""
        return {name: None if value is None else str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Page:
    """Some verifications, newest first, and the id after which the next page begins; None on the last."""

    verifications: tuple[Verification, ...]
    last: str | None


def find_page(tenant: str, mode: str, filters: Filters, *, limit: int, after: str | None) -> Page:
    """Read at most `limit` verifications, the next older than the id `after`. Only queries, no scans.

    A page may be short, even empty, and still not be the last.
    """
    query = _query(tenant, mode, filters, after)
    found: list[Item] = []
    start: Item | None = None
    to_read = FILTERED_ITEMS if filters.status or filters.type else limit + 1
    for _ in range(MAX_QUERIES):
        answer = verifications.table().query(**query, Limit=to_read)
        found += answer["Items"]
        start = answer.get("LastEvaluatedKey")
        if start is None or len(found) > limit:
            break
        query["ExclusiveStartKey"] = start
        to_read = FILTERED_ITEMS  # it came short: what has expired, or is being erased, is left out as well
    shown = _fitting(public(verifications.read(item, tenant, mode)) for item in found[:limit])
    last = str(start["id"]) if start else None
    return Page(tuple(shown), last=shown[-1].id if len(shown) < len(found) else last)


def _fitting(answers: Iterable[Verification]) -> list[Verification]:
    """Take as many as an answer has room for, at least one."""
    taken: list[Verification] = []
    size_bytes = 0
    for answer in answers:
        size_bytes += len(answer.model_dump_json().encode())
        if taken and size_bytes > PAGE_BYTES:
            break
        taken.append(answer)
    return taken


def _query(tenant: str, mode: str, filters: Filters, after: str | None) -> dict[str, Any]:
    """Write the query: owner, or owner and reference, and a range of ids by key; status and type by filter."""
    low = ids.first_after(filters.created_after) if filters.created_after else "0"
    high = ids.first_at(filters.created_before) if filters.created_before else AFTER_EVERY_ID
    owner, reference = ids.owner_key(tenant, mode), filters.reference
    named, name = {"#owner": "owner"}, "#owner"
    values: Item = {":owner": owner, ":low": min(low, high), ":high": high, ":now": int(time.time())}
    if reference is not None:
        named, name, values[":owner"] = {}, "owner_reference", verifications.owner_reference(owner, reference)
    condition = f"{verifications.IS_READABLE} AND expires_at > :now"
    for attribute, value in (("status", filters.status), ("type", filters.type)):
        if value is not None:
            condition += f" AND #{attribute} = :{attribute}"
            named |= {f"#{attribute}": attribute}
            values[f":{attribute}"] = value
    return {
        "ScanIndexForward": False,
        "KeyConditionExpression": f"{name} = :owner AND id BETWEEN :low AND :high",
        "FilterExpression": condition,
        "ExpressionAttributeValues": values,
        **({"ExpressionAttributeNames": named} if named else {}),
        **({} if reference is None else {"IndexName": BY_REFERENCE}),
        **({} if after is None else {"ExclusiveStartKey": _start(owner, after, reference)}),
    }


def _start(owner: str, after: str, reference: str | None) -> dict[str, str]:
    """Name the item after which DynamoDB goes on; it need no longer exist."""
    key = {"owner": owner, "id": after}
    return key if reference is None else key | {"owner_reference": verifications.owner_reference(owner, reference)}
