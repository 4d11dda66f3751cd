"""Who uses an upload: one request, which claims it before it reads it, so that of many at once one is served.

A claim is held for as long as its request may run, so that one that died holds nobody up. Once the pictures are stored
the upload is used, for ever. The table knows the upload by a hash of its name, and never what was made of it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import boto3
from botocore.exceptions import ClientError

from cari_aws.clients import PATIENCE
from cari_core.settings import idempotency_settings
from cari_verification.aws import verifications

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

DAY_S = 86_400
HELD, USED = "held", "used"
Taken = Literal["taken", "held", "used"]


@dataclass(frozen=True)
class Claim:
    """One request's claim on one upload."""

    tenant: str
    mode: str
    name: str
    by: str  # the request, by a name of its own

    @property
    def key(self) -> dict[str, str]:
        """Name the item; the name alone says what was uploaded."""
        return {
            "owner": verifications.owner_of(self.tenant, self.mode),
            "id": f"upload#{sha256(self.name.encode()).hexdigest()}",
        }


def take(claim: Claim, *, for_s: float) -> Taken:
    """Claim an upload for so many seconds; say "held" where another request holds it, "used" where one used it."""
    now = time.time()
    try:
        _table().put_item(
            Item={**claim.key, **_state(claim, HELD, now + for_s), "expires_at": _forgotten_at(now)},
            ConditionExpression="attribute_not_exists(id) OR taken_by = :by OR (#state = :held AND held_until < :now)",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":by": claim.by, ":held": HELD, ":now": _ms(now)},
        )
    except ClientError as error:
        if not _is_refused(error):
            raise
        item = _table().get_item(Key=claim.key, ConsistentRead=True).get("Item") or {}
        return "used" if item.get("state") == USED else "held"
    return "taken"


def use(claim: Claim) -> bool:
    """Let no request have the upload any more. False where the claim was lost: it was held for too long."""
    now = time.time()
    try:
        _table().put_item(
            Item={**claim.key, **_state(claim, USED, now), "expires_at": _forgotten_at(now)},
            ConditionExpression="taken_by = :by",
            ExpressionAttributeValues={":by": claim.by},
        )
    except ClientError as error:
        if not _is_refused(error):
            raise
        return False
    return True


def release(claim: Claim) -> None:
    """Let another request have the upload; nothing happens where the claim is another's."""
    try:
        _table().delete_item(
            Key=claim.key, ConditionExpression="taken_by = :by", ExpressionAttributeValues={":by": claim.by}
        )
    except ClientError as error:
        if not _is_refused(error):
            raise


def _state(claim: Claim, state: str, held_until_s: float) -> dict[str, str | int]:
    return {"taken_by": claim.by, "state": state, "held_until": _ms(held_until_s)}


def _forgotten_at(now_s: float) -> int:
    """Say when the table may forget: an upload is good for a day at most, and never for as long as this."""
    return int(now_s) + 2 * DAY_S


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


def _is_refused(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


@cache
def _table() -> Table:
    return boto3.resource("dynamodb", config=PATIENCE).Table(idempotency_settings().idempotency_table)
