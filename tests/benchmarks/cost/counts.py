"""How many requests to AWS each call of the API makes: what `--hold` compares with, since every one is on the bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.cost import billing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.benchmarks.cost.billing import Used

COUNTED = "dynamodb:UpdateItem"  # the key's minute; of a verification also its month
STORED_TOGETHER = "dynamodb:PutItem of 2 items"  # the end and its evidence
MEANT: Mapping[str, Mapping[str, int]] = {
    "easy passport": {
        COUNTED: 2,
        "dynamodb:PutItem": 1,
        STORED_TOGETHER: 1,
        "sqs:SendMessage": 1,
        "s3:PutObject": 2,
        "s3:GetObject": 3,
        "lambda:InvokeFunction": 2,
    },
    "two-sided card": {
        COUNTED: 2,
        "dynamodb:PutItem": 1,
        STORED_TOGETHER: 1,
        "sqs:SendMessage": 1,
        "s3:PutObject": 3,
        "s3:GetObject": 4,
        "lambda:InvokeFunction": 3,
    },
    "hard picture": {
        COUNTED: 2,
        "dynamodb:PutItem": 1,
        STORED_TOGETHER: 1,
        "sqs:SendMessage": 1,
        "s3:PutObject": 2,
        "s3:GetObject": 4,
        "lambda:InvokeFunction": 3,
    },
    "list of 20": {COUNTED: 1, "dynamodb:Query": 1},
    "GET one": {COUNTED: 1, "dynamodb:GetItem": 1},
    "evidence": {COUNTED: 1, "dynamodb:GetItem": 2, "kms:Sign": 1},
    "authorizer": {"dynamodb:GetItem": 1},
    "worker's look": {"dynamodb:GetItem": 3},
}
TOLD = ("api_gateway", "s3", "dynamodb")  # of a receipt; what its functions cost hangs on the machine
ROUNDED = 1e-9
NOW_AND_THEN = {"dynamodb:GetItem": 1}  # a policy's read, which a process remembers for a while


def faults(used: Mapping[str, Used]) -> list[str]:
    """Name what is asked more often than it is meant to be, and what receipts say beyond what is counted."""
    return [*_surplus(used), *_overstated(used)]


def _surplus(used: Mapping[str, Used]) -> list[str]:
    return [
        f"{kind}: {action} {count} times, meant are {MEANT[kind].get(action, 0)}"
        for kind, each in used.items()
        for action, count in sorted(billing.actions(each).items())
        if count > MEANT[kind].get(action, 0) + NOW_AND_THEN.get(action, 0) * (each.kept_bytes > 0)
    ]


def _overstated(used: Mapping[str, Used]) -> list[str]:
    return [
        f"{kind}: the receipt says {each.receipt[line]:.7f} of {line}, counted are {counted[line]:.7f}"
        for kind, each in used.items()
        for counted in [billing.dollars(each, "x86_64")]
        for line in TOLD
        if each.receipt and each.receipt[line] > counted[line] + ROUNDED
    ]
