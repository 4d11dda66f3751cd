"""How many capacity units DynamoDB bills for a request: by the sizes of its items, as the developer guide has it.

A write is billed by the started kilobyte, a read by the started four, half where it is not consistent, twice inside a
transaction; a query by all that it read. A write changes an index too where the item has the index's key.
"""

from __future__ import annotations

import math
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cari_verification.prices import READ_UNIT_BYTES, WRITE_UNIT_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INDEXED_BY = ("owner_reference",)  # the key of an index that some items of a table have
SMALLEST_ITEM = 1
NUMBER_BYTES = 21  # at most, of a number
CONTAINER_BYTES = 3  # of a list or a map, beside one for each member

Item = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Units:
    """Capacity units of one request."""

    read: float = 0.0
    write: float = 0.0


def units(operation: str, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> Units:
    """Bill one request. What was changed by an expression is counted by its attributes, which are short."""
    if operation == "PutItem":
        return Units(write=_written(asked["Item"]))
    if operation in {"UpdateItem", "DeleteItem"}:
        touched = {**asked["Key"], **asked.get("ExpressionAttributeValues", {}), **answer.get("Attributes", {})}
        return Units(write=_written(touched))
    if operation == "TransactWriteItems":
        return Units(write=2 * sum(_written(_put(each)) for each in asked["TransactItems"]))
    if operation == "GetItem":
        return Units(read=_read([answer.get("Item", {})], is_consistent=asked.get("ConsistentRead", False)))
    if operation == "Query":
        return Units(read=_read(answer.get("Items", []), is_consistent=asked.get("ConsistentRead", False)))
    raise ValueError(f"nobody knows what {operation} costs")


def item_bytes(item: Item) -> int:
    """Weigh an item: its attributes' names and values."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _put(transacted: Mapping[str, Any]) -> Item:
    kind, told = next(iter(transacted.items()))
    item: Item = told["Item"] if kind == "Put" else {**told["Key"], **told.get("ExpressionAttributeValues", {})}
    return item


def _written(item: Item) -> int:
    once = max(SMALLEST_ITEM, math.ceil(item_bytes(item) / WRITE_UNIT_BYTES))
    return once * (1 + sum(key in item for key in INDEXED_BY))


def _read(items: Sequence[Item], *, is_consistent: bool) -> float:
    pages = max(SMALLEST_ITEM, math.ceil(sum(map(item_bytes, items)) / READ_UNIT_BYTES))
    return pages if is_consistent else pages / 2


def _value_bytes(value: dict[str, Any]) -> int:
    kind, told = next(iter(value.items()))
    sizes = {
        "S": lambda: len(told.encode()),
        "N": lambda: min(NUMBER_BYTES, math.ceil(len(told.strip("-").replace(".", "")) / 2) + 1),
        "B": lambda: len(b64decode(told)),
        "M": lambda: CONTAINER_BYTES + sum(1 + len(name.encode()) + _value_bytes(each) for name, each in told.items()),
        "L": lambda: CONTAINER_BYTES + sum(1 + _value_bytes(each) for each in told),
        "SS": lambda: sum(len(each.encode()) for each in told),
    }
    return sizes.get(kind, lambda: 1)()  # BOOL and NULL
