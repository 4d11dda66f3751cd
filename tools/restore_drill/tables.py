"""The stack's tables with people's data: restored beside the live ones, read, written back to, and dropped again."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tools import stack_resources
from tools.restore_drill import comparison
from tools.restore_drill.comparison import Known, TableForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tools.restore_drill.comparison import Compared, Item

VERIFICATIONS = "VerificationsTable"
TABLES = (VERIFICATIONS, "TenantsTable", "SeenTable", "ApiKeysTable")  # in the order in which they are compared
POLL_S, POLLS = 20, 540  # a restore takes minutes, and hours where a table is large
ERASURES = frozenset({"erasing", "erased"})  # what the records function logs, with the verification's id
DAY = timedelta(days=1)


class DrillRefused(Exception):
    """The drill cannot be held, or nothing may be written back; the message says why."""


@dataclass(frozen=True)
class Deployed:
    """A stack's tables and its logs."""

    client: Callable[[str], Any]  # makes a boto3 client of a service
    names: Mapping[str, str]  # physical names by logical id
    poll_s: float = POLL_S

    @classmethod
    def of(cls, stack: str, client: Callable[[str], Any], poll_s: float = POLL_S) -> Deployed:
        """Find the resources of a stack."""
        return cls(client, stack_resources.names(client("cloudformation"), stack), poll_s)


def latest_moment(stack: Deployed) -> datetime:
    """Say to which moment all four tables can be restored."""
    moments: list[datetime] = []
    for name in TABLES:
        answer = stack.client("dynamodb").describe_continuous_backups(TableName=stack.names[name])
        recovery = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
            raise DrillRefused(f"{name} cannot be taken back: its point-in-time recovery is off.")
        moments.append(recovery["LatestRestorableDateTime"])
    return min(moments)


def restore(stack: Deployed, moment: datetime) -> dict[str, str]:
    """Restore the four tables beside the live ones, without their indexes; give the new names by logical id."""
    client = stack.client("dynamodb")
    restored = {name: f"{stack.names[name]}-restored-{moment:%Y%m%dT%H%M%S}" for name in TABLES}
    for name, target in restored.items():
        client.restore_table_to_point_in_time(
            SourceTableName=stack.names[name],
            TargetTableName=target,
            RestoreDateTime=moment,
            GlobalSecondaryIndexOverride=[],
        )
    for target in restored.values():
        waiter = client.get_waiter("table_exists")  # until it is active
        waiter.wait(TableName=target, WaiterConfig={"Delay": stack.poll_s, "MaxAttempts": POLLS})
    return restored


def compare(stack: Deployed, restored: Mapping[str, str], erased: frozenset[str]) -> dict[str, Compared]:
    """Compare each live table with the restored one. `erased` are the verifications erased since."""
    known, found = Known(erased, kept=None, now=time.time()), {}
    for name in TABLES:
        form = _form(stack, name)
        live, then = list(_items(stack, stack.names[name])), list(_items(stack, restored[name]))
        if name == VERIFICATIONS:
            known = replace(known, erased=erased | comparison.being_erased(live))
            known = replace(known, kept=comparison.kept(live, comparison.compare(form, live, then, known).lost))
        found[name] = comparison.compare(form, live, then, known)
    return found


def erased_since(stack: Deployed, moment: datetime) -> frozenset[str]:
    """Read from the logs which verifications somebody had erased. Raises DrillRefused where logs do not go so far."""
    client, group = stack.client("logs"), stack.names["Logs"]
    described = client.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    days = next((each.get("retentionInDays") for each in described if each["logGroupName"] == group), 0)
    if days is not None and moment < datetime.now(UTC) - days * DAY:
        raise DrillRefused(
            f"Logs are kept for {days} days: what was erased before that, nobody knows. Nothing is compared."
        )
    pattern = "{ " + " || ".join(f'$.message = "{message}"' for message in sorted(ERASURES)) + " }"
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=int(moment.timestamp() * 1000), filterPattern=pattern
    )
    lines = (_parsed(event["message"]) for page in pages for event in page["events"])
    return frozenset(str(line["verification"]) for line in lines if line.get("message") in ERASURES)


def write_back(stack: Deployed, name: str, items: list[Item]) -> int:
    """Write items back where there is none meanwhile; say how many."""
    client, key = stack.client("dynamodb"), _form(stack, name).key[0]
    written = 0
    for item in items:
        try:
            client.put_item(
                TableName=stack.names[name],
                Item=item,
                ConditionExpression="attribute_not_exists(#key)",
                ExpressionAttributeNames={"#key": key},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
        else:
            written += 1
    return written


def drop(stack: Deployed, restored: Mapping[str, str]) -> None:
    """Delete the restored tables: they hold what was erased since."""
    for target in restored.values():
        stack.client("dynamodb").delete_table(TableName=target)


def _form(stack: Deployed, name: str) -> TableForm:
    client, table = stack.client("dynamodb"), stack.names[name]
    schema = client.describe_table(TableName=table)["Table"]["KeySchema"]
    expiry = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    return TableForm([each["AttributeName"] for each in schema], expiry.get("AttributeName", ""))


def _items(stack: Deployed, table: str) -> Iterator[Item]:
    for page in stack.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _parsed(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
