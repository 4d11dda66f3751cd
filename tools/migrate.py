"""Bring the items of a verifications table up to the present schema, while the stack runs.

Usage: python -m tools.migrate --table NAME            reads, changes nothing, says how many there are
       python -m tools.migrate --table NAME --write    changes them
NAME is the stack's output VerificationsTable. Run it once an update has ended. It may be stopped and run again: what is
done is not done twice, and what somebody else changes meanwhile is left to a second run. Functions read all schemas.

1, of version 0.1.0   the answer is JSON in `verification`, the evidence lies beside it: rewritten, the evidence apart
2                     has no `owner_status`: it is added, by which the index by status finds the item
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import boto3

from cari_aws import dynamodb
from cari_aws.dynamodb import ConditionFailed
from cari_verification.aws import verifications
from cari_verification.stored import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_dynamodb.service_resource import Table

    from cari_aws.dynamodb import Item

OUTDATED = (  # an answer or a body tells a verification from its evidence, and from what is being erased
    f"{verifications.IS_READABLE} AND "
    "(attribute_not_exists(schema_version) OR schema_version < :present OR attribute_exists(evidence))"
)
VALUES = {":present": SCHEMA_VERSION}
UNCHANGED = "#status = :status AND (attribute_not_exists(revision) OR revision = :revision)"
REPORT_EVERY = 1_000  # items


def main(arguments: Sequence[str] | None = None) -> int:
    """Find what is outdated, and change it where that is asked for; 1 where some was left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", required=True)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    table = boto3.resource("dynamodb").Table(chosen.table)
    counts = Counter[str]()
    for owner in outdated_owners(table):
        for item in outdated(table, owner):
            counts[_migrated(table, item) if chosen.write else f"of schema {verifications.schema_of(item)}"] += 1
            if counts.total() % REPORT_EVERY == 0:
                print(_told(counts), file=sys.stderr)
    print(_told(counts))
    return int(counts["changed meanwhile"] > 0)


def outdated_owners(table: Table) -> list[str]:
    """List the partition keys that have outdated items; this reads the whole table."""
    query: dict[str, Any] = {
        "FilterExpression": OUTDATED,
        "ExpressionAttributeValues": VALUES,
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ProjectionExpression": "#owner",
    }
    owners: set[str] = set()
    while True:
        page = table.scan(**query)
        owners |= {str(item["owner"]) for item in page["Items"]}
        if "LastEvaluatedKey" not in page:
            return sorted(owners)
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def outdated(table: Table, owner: str) -> Iterator[Item]:
    """Read an owner's outdated items, the newest first: lists take the oldest for the last that is migrated."""
    query: dict[str, Any] = {
        "KeyConditionExpression": "#owner = :owner",
        "FilterExpression": OUTDATED,
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ExpressionAttributeValues": {**VALUES, ":owner": owner},
        "ScanIndexForward": False,
        "ConsistentRead": True,
    }
    while True:
        page = table.query(**query)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _migrated(table: Table, item: Item) -> str:
    """Bring one item up to date, unless it has changed since it was read; say which."""
    condition, values = f"{OUTDATED} AND {UNCHANGED}", _as_read(item)
    tenant, mode = str(item["owner"]).split("#")[:2]
    verification = verifications.read(item, tenant, mode)
    owner_status = verifications.owner_status(str(item["owner"]), verification.status)
    try:
        if "body" in item and "evidence" not in item:  # it may change meanwhile: nothing else is touched
            key = {"owner": item["owner"], "id": item["id"]}
            update = "SET owner_status = :owner_status, schema_version = :present"
            dynamodb.update_if(table, key, update, condition, {**values, ":owner_status": owner_status})
        else:
            kept = {name: item[name] for name in ("owner", "id", "expires_at")}  # where it lies, and for how long
            present = {"owner_status": owner_status, "schema_version": SCHEMA_VERSION}
            puts = {"verification": {**verifications.written(verification), **kept, **present}}
            if "evidence" in item:
                puts["evidence"] = {**kept, "id": f"record#{item['id']}", "evidence": item["evidence"]}
            dynamodb.put_together(table, puts, condition, values)
    except ConditionFailed:
        return "changed meanwhile"
    return "migrated"


def _as_read(item: Item) -> Item:
    return {**VALUES, ":status": item["status"], ":revision": item.get("revision", 0)}


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(counts.items())) or "nothing is outdated"


if __name__ == "__main__":
    sys.exit(main())
