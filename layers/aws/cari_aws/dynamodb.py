"""DynamoDB's conditional writes and its pages.

Conditions are text: threads share boto3's builder of conditions, and mix them up.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_dynamodb.service_resource import Table

Item = dict[str, Any]

REFUSED = "ConditionalCheckFailed"  # with "Exception" behind it where it is no part of a transaction
CONFLICTS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
CONFLICT_PAUSES_S = (0.05, 0.2)  # before a transaction is tried again that another's writes got in the way of
RESERVED = {"#status": "status", "#state": "state", "#owner": "owner"}  # attributes that only a placeholder may name


class ConditionFailed(Exception):
    """The item is not, or no longer, as the condition asks; nothing was written. `writes`: which of a transaction."""

    def __init__(self, writes: frozenset[int] = frozenset()) -> None:
        super().__init__()
        self.writes = writes


def put_if(table: Table, item: Item, condition: str, values: Mapping[str, Any] | None = None) -> None:
    """Write an item where `condition` holds. It may name #status, #state and #owner. Raises ConditionFailed."""
    _write(table.put_item, Item=item, **_asked(condition, values))


def update_if(table: Table, key: Item, update: str, condition: str, values: Mapping[str, Any]) -> Item:
    """Change an item where `condition` holds, and return it as it is then. Raises ConditionFailed."""
    asked = _asked(condition, values, update)
    answer = _write(table.update_item, Key=key, UpdateExpression=update, ReturnValues="ALL_NEW", **asked)
    return dict(answer["Attributes"])


def delete_if(table: Table, key: Item, condition: str, values: Mapping[str, Any] | None = None) -> None:
    """Erase an item where `condition` holds. Raises ConditionFailed."""
    _write(table.delete_item, Key=key, **_asked(condition, values))


def put_together(table: Table, items: Mapping[str, Item], condition: str, values: Mapping[str, Any]) -> None:
    """Write several items of one table, all or none: the first where `condition` holds. Raises ConditionFailed."""
    first, *others = items
    puts: list[Any] = [
        {"Put": {"TableName": table.name, "Item": items[first], **_asked(condition, values)}},
        *({"Put": {"TableName": table.name, "Item": items[name]}} for name in others),
    ]
    transact(table, puts)


def transact(table: Table, writes: list[Any]) -> None:
    """Make several writes, all or none. Raises ConditionFailed where the condition of any does not hold.

    Nothing was refused where another's writes came in between, or a partition was too busy: botocore does not try those
    again, so that it is done here.
    """
    for pause_s in (*CONFLICT_PAUSES_S, None):
        try:
            _write(table.meta.client.transact_write_items, TransactItems=writes)
        except ClientError as error:
            if pause_s is None or not _reasons(error) & CONFLICTS:
                raise
            time.sleep(pause_s)
        else:
            return


def update_of(table: Table, key: Item, update: str, condition: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Say a change as `transact` takes it."""
    asked = _asked(condition, values, update)
    return {"Update": {"TableName": table.name, "Key": key, "UpdateExpression": update, **asked}}


def read_together(table: Table, keys: list[Item]) -> Iterator[Item]:
    """Read the items of these keys, 100 at most, in no order. DynamoDB answers some at a time, 16 MB at most."""
    left: Any = {table.name: {"Keys": keys, "ConsistentRead": True}} if keys else {}
    while left:
        answer = table.meta.client.batch_get_item(RequestItems=left)
        yield from answer["Responses"].get(table.name, ())
        left = answer["UnprocessedKeys"]


def query_all(table: Table, condition: str, values: Mapping[str, Any], *, most: int, **asked: Any) -> Iterator[Item]:
    """Read the items that a key condition finds, page by page as they are asked for, `most` of them at most."""
    left, page_size = most, asked.pop("Limit", most)
    query: dict[str, Any] = {"KeyConditionExpression": condition, "ExpressionAttributeValues": dict(values), **asked}
    if names := _named(condition):
        query["ExpressionAttributeNames"] = names
    while left > 0:
        page = table.query(**query, Limit=min(page_size, left))
        yield from page["Items"]
        left -= len(page["Items"])
        if "LastEvaluatedKey" not in page:
            return
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _asked(condition: str, values: Mapping[str, Any] | None, update: str = "") -> dict[str, Any]:
    names = _named(f"{condition} {update}")
    return {
        "ConditionExpression": condition,
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": dict(values)} if values else {}),
    }


def _named(expression: str) -> dict[str, str]:
    return {placeholder: name for placeholder, name in RESERVED.items() if placeholder in expression}


def _write(write: Any, **asked: Any) -> Any:
    try:
        return write(**asked)
    except ClientError as error:
        if not _reasons(error) & {REFUSED, f"{REFUSED}Exception"}:
            raise
        raise ConditionFailed(_refused(error)) from error


def _refused(error: ClientError) -> frozenset[int]:
    told: Any = error.response
    reasons = enumerate(told.get("CancellationReasons", ()))
    return frozenset(number for number, reason in reasons if reason.get("Code") == REFUSED)


def _reasons(error: ClientError) -> set[str]:
    """Say by its codes why a write failed; of a transaction, why each of its writes did."""
    told: Any = error.response
    return {str(told["Error"]["Code"])} | {str(reason.get("Code")) for reason in told.get("CancellationReasons", ())}
