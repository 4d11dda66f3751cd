"""Who uses an upload: one request, which claims it before it reads it, so that of many at once one is served.

A claim is held for as long as its request may run, so that one that died holds nobody up. Once the pictures are stored
the upload is used, for ever. The table knows the upload by a hash of its name, and never what was made of it.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from cari_aws import clients, dynamodb
from cari_aws.dynamodb import ConditionFailed
from cari_core import ids
from cari_core.settings import IdempotencySettings, settings

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
            "owner": ids.owner_key(self.tenant, self.mode),
            "id": f"upload#{sha256(self.name.encode()).hexdigest()}",
        }


def take(claim: Claim, *, for_s: float) -> Taken:
    """Claim an upload for so many seconds; say "held" where another request holds it, "used" where one used it."""
    now = time.time()
    try:
        dynamodb.put_if(
            _table(),
            {**claim.key, **_state(claim, HELD, now + for_s), "expires_at": _forgotten_at(now)},
            "attribute_not_exists(id) OR taken_by = :by OR (#state = :held AND held_until < :now)",
            {":by": claim.by, ":held": HELD, ":now": _ms(now)},
        )
    except ConditionFailed:
        item = _table().get_item(Key=claim.key, ConsistentRead=True).get("Item") or {}
        return "used" if item.get("state") == USED else "held"
    return "taken"


def use(claim: Claim) -> bool:
    """Let no request have the upload any more. False where the claim was lost: it was held for too long."""
    now = time.time()
    try:
        dynamodb.put_if(
            _table(),
            {**claim.key, **_state(claim, USED, now), "expires_at": _forgotten_at(now)},
            "taken_by = :by",
            {":by": claim.by},
        )
    except ConditionFailed:
        return False
    return True


def release(claim: Claim) -> None:
    """Let another request have the upload; nothing happens where the claim is another's."""
    with contextlib.suppress(ConditionFailed):
        dynamodb.delete_if(_table(), claim.key, "taken_by = :by", {":by": claim.by})


def _state(claim: Claim, state: str, held_until_s: float) -> dict[str, str | int]:
    return {"taken_by": claim.by, "state": state, "held_until": _ms(held_until_s)}


def _forgotten_at(now_s: float) -> int:
    """Say when the table may forget: an upload is good for a day at most, and never for as long as this."""
    return int(now_s) + 2 * DAY_S


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


def _table() -> Table:
    return clients.table(settings(IdempotencySettings).idempotency_table)
