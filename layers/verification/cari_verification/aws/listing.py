"""An owner's verifications, newest first, a page at a time: ids sort by time, so every key's own order is the one.

A list is merged from the partition keys that its verifications are spread over (`shards`). The index by status has
small entries; what they stand for is read from the table, a page's worth.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from heapq import merge
from typing import TYPE_CHECKING, Any, get_args

from cari_aws import dynamodb
from cari_core import ids
from cari_verification.aws import shards, verifications
from cari_verification.contract import public
from cari_verification.reports import Stage
from cari_verification.stored import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from cari_aws.dynamodb import Item
    from cari_verification.contract import Verification

BY_REFERENCE = "by-reference"  # the table's index; only items that have a reference are in it, whole
BY_STATUS = "by-status"  # likewise; not the items that are being erased, nor those that `tools.migrate` has yet to see
MAX_QUERIES = 20  # of at most 1 MB each, beside the first of each key: a filter that hardly anything passes must end
FILTERED_ITEMS = 200  # read by a query of which only some will be shown: DynamoDB filters after it has read
FILTERED_ENTRIES = 2_000  # likewise of the index by status, where an entry has about 200 bytes
MAX_MARKS = 100  # items being erased that are passed over to find an owner's oldest verification
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


@dataclass(frozen=True)
class _Source:
    """What is queried: the table or one of its indexes, by which attribute, at which values of it."""

    index: str | None
    attribute: str
    values: list[str]


@dataclass(frozen=True)
class _Read:
    """An item; or none, where a key was read down to this id when the queries were used up."""

    id: str
    item: Item | None


def find_page(tenant: str, mode: str, filters: Filters, *, limit: int, after: str | None) -> Page:
    """Read at most `limit` verifications, the next older than the id `after`. Only queries, no scans.

    A page may be short, even empty, and still not be the last.
    """
    source, queries_left = _source(tenant, mode, filters), iter(range(MAX_QUERIES))
    queries = [_query(source, value, filters, after) for value in source.values]
    size = _page_size(source, filters, limit)
    items: list[Item] = []
    last = None
    for read in merge(*(_items(q, size, queries_left) for q in queries), key=lambda read: read.id, reverse=True):
        if read.item is None or len(items) == limit:
            last = str(items[-1]["id"]) if read.item else read.id
            break
        items.append(read.item)
    if source.index == BY_STATUS:
        items = [item for item in verifications.find_items(items) if _fits(item, filters)]
    shown = _fitting(public(verifications.read(item, tenant, mode)) for item in items)
    return Page(tuple(shown), last=shown[-1].id if len(shown) < len(items) else last)


def _source(tenant: str, mode: str, filters: Filters) -> _Source:
    """Choose what has the fewest to read that do not fit."""
    owner, owners = ids.owner_key(tenant, mode), shards.owners(tenant, mode)
    if filters.reference is not None:
        return _Source(BY_REFERENCE, "owner_reference", [verifications.owner_reference(owner, filters.reference)])
    if (filters.status or filters.type) and _is_indexed(owner):
        statuses = [filters.status] if filters.status else get_args(Stage)
        values = [verifications.owner_status(each, status) for each in owners for status in statuses]
        return _Source(BY_STATUS, "owner_status", values)
    return _Source(None, "#owner", owners)


def _is_indexed(owner: str) -> bool:
    """Say whether all of an owner's verifications are in the index by status: then its oldest is.

    They are made in the order of their ids, `tools.migrate` goes from the newest to the oldest, and nothing else raises
    an item's schema. What schema 2 wrote has the owner's first key.
    """
    values = {":owner": owner, ":end": AFTER_EVERY_ID}
    oldest = dynamodb.query_all(verifications.table(), "#owner = :owner AND id < :end", values, most=MAX_MARKS, Limit=1)
    versions = (verifications.schema_of(item) for item in oldest if verifications.is_readable(item))
    return next(versions, 0) >= SCHEMA_VERSION


def _items(query: dict[str, Any], size: int, queries_left: Iterator[int]) -> Iterator[_Read]:
    """Read what one key has, as it is asked for."""
    while True:
        answer = verifications.table().query(**query, Limit=size)
        yield from (_Read(str(item["id"]), item) for item in answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        if next(queries_left, None) is None:
            yield _Read(str(answer["LastEvaluatedKey"]["id"]), None)
            return
        size = max(size, FILTERED_ITEMS)  # it came short: what has expired, or is being erased, is left out as well


def _page_size(source: _Source, filters: Filters, limit: int) -> int:
    """Say how many a key's first query reads."""
    if source.index == BY_STATUS:
        return FILTERED_ENTRIES if filters.type else limit + 1
    return FILTERED_ITEMS if filters.status or filters.type else limit + 1


def _fits(item: Item, filters: Filters) -> bool:
    """Say whether an item is what its entry in the index said; the index follows the table a moment later."""
    return (
        verifications.is_readable(item)
        and int(item["expires_at"]) > time.time()
        and filters.status in (None, item["status"])
        and filters.type in (None, item["type"])
    )


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


def _query(source: _Source, value: str, filters: Filters, after: str | None) -> dict[str, Any]:
    """Write the query of one key: a range of ids by key; what the key does not say by filter."""
    low = ids.first_after(filters.created_after) if filters.created_after else "0"
    high = ids.first_at(filters.created_before) if filters.created_before else AFTER_EVERY_ID
    if after is not None:
        high = min(high, ids.before(after))
    names = {"#owner": "owner"} if source.attribute == "#owner" else {}
    values: Item = {":value": value, ":low": min(low, high), ":high": high, ":now": int(time.time())}
    condition = "expires_at > :now"
    asked = {"type": filters.type}
    if source.index != BY_STATUS:
        condition += f" AND {verifications.IS_READABLE}"
        asked["status"] = filters.status
    for attribute, wanted in asked.items():
        if wanted is not None:
            condition += f" AND #{attribute} = :{attribute}"
            names[f"#{attribute}"] = attribute
            values[f":{attribute}"] = wanted
    return {
        "ScanIndexForward": False,
        "KeyConditionExpression": f"{source.attribute} = :value AND id BETWEEN :low AND :high",
        "FilterExpression": condition,
        "ExpressionAttributeValues": values,
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"IndexName": source.index} if source.index else {}),
    }
