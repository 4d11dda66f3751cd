"""What must hold whatever failed: each function names what does not."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from cari_api.auth import keys
from cari_core import ids
from cari_verification.aws.verifications import body_of
from tests.faults.caller import ACCEPTED, KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from local.aws.cloud import Cloud
    from local.stack import Stack
    from tests.faults.caller import Answer, Caller, Sent

FOUND, FAILED = 200, 400
Item = dict[str, Any]


def answers(sent: Sequence[Answer], excused: frozenset[int]) -> Iterator[str]:
    """Every failure is a problem document, none a 500 but where that is meant, and a 503 says when to come again."""
    for answer in sent:
        if answer.status == 0:
            yield "no answer at all"
        elif answer.status >= FAILED:
            code = answer.body.get("code")
            if not code or not answer.headers.get("Content-Type", "").startswith("application/problem+json"):
                yield f"{answer.status} is no problem document"
            if answer.status in {500, 502} and answer.status not in excused:
                yield f"{answer.status} {code}"
            if answer.status == 503 and "Retry-After" not in answer.headers:  # Service Unavailable
                yield "a 503 without Retry-After"


def once(stack: Stack, owner: str, requests: Sequence[Sent]) -> Iterator[str]:
    """A request makes one verification, however often it is sent, and one that nobody was told of is not there."""
    for sent in requests:
        if len(sent.ids) != 1:
            yield f"{sent.way}, {sent.kind}: {len(sent.ids)} verifications by {[a.status for a in sent.answers]}"
    told = {identifier for sent in requests for identifier in sent.ids}
    if untold := stored(stack, owner).keys() - told:
        yield f"{len(untold)} verifications that nobody was told of"


def ended(read: Mapping[str, Answer]) -> Iterator[str]:
    """Whatever was accepted can be read, and has ended."""
    for answer in read.values():
        if answer.status not in ACCEPTED:
            yield f"accepted, then {answer.status} to who reads it"
        elif answer.body["status"] == "processing":
            yield "accepted, and never ended"


def approved(requests: Sequence[Sent], read: Mapping[str, Answer]) -> Iterator[str]:
    """Nothing is approved that would not be without the fault."""
    found = Counter(
        sent.kind for sent in requests for identifier in sent.ids if read[identifier].body.get("status") == "approved"
    )
    for kind, count in found.items():
        allowed = {"approved": count, "first": 1}.get(KINDS[kind].expected, 0)
        if count > allowed:
            yield f"{count} approved of '{kind}', of which {allowed} may be"


def charged(stack: Stack, caller: Caller, requests: Sequence[Sent], spare: int, *, is_exact: bool) -> Iterator[str]:
    """No verification counts twice, and none that was not made; `is_exact`: each counts, as where nothing failed.

    `spare`: of how many the counting was itself at fault.
    """
    found = keys.find(_table(stack.cloud, "ApiKeysTable"), caller.key)
    by_key = {found.counted_as if found else "": [sent for sent in requests if not sent.job]}
    by_place = {ids.owner_key(caller.tenant, "dev"): [sent for sent in requests if sent.job]}
    for quota_id, counted in {**by_key, **by_place}.items():
        made = len({identifier for sent in counted for identifier in sent.ids})
        used = sum(int(item["used"]) for item in _items(stack, "QuotaTable", quota_id) if "month#" in item["window"])
        if used - made > spare or (is_exact and used < made - spare):
            yield f"{used} counted, {made} made"


def kept(stack: Stack, owner: str) -> Iterator[str]:
    """Pictures, notes and words of keys are of verifications that are there; pictures only where they are kept."""
    there = stored(stack, owner)
    pictures = _pictures(stack, owner)
    for identifier in {key.split("/")[3] for key in pictures}:
        if identifier not in there:
            yield "a picture of no verification"
        elif b'"retention_days":0' in body_of(there[identifier]):
            yield "a picture that was not to be kept"
    for identifier in _noted(stack, owner) - there.keys():
        yield f"a note of no verification ({identifier[:3]}…)"
    for item in _items(stack, "IdempotencyTable", owner):
        name, _, identifier = str(item["id"]).partition("#")
        if name == "verification" and identifier not in there:
            yield "the word of a key that made no verification"


def erased(stack: Stack, owner: str) -> Iterator[str]:
    """Nothing is left once all is erased."""
    left: dict[str, list[Any]] = {
        "items": [*stored(stack, owner)],
        "pictures": _pictures(stack, owner),
        "notes": [*_noted(stack, owner)],
        "words of keys": [i for i in _items(stack, "IdempotencyTable", owner) if str(i["id"]).startswith("verif")],
    }
    for what, found in left.items():
        if found:
            yield f"{len(found)} {what} are left"


def stored(stack: Stack, owner: str) -> dict[str, Item]:
    """Find the verifications of an owner, by id; neither evidence nor what waits for a receipt."""
    items = _items(stack, "VerificationsTable", owner)
    return {str(item["id"]): item for item in items if "#" not in str(item["id"]) and item["status"] != "erased"}


def _items(stack: Stack, table: str, owner: str) -> list[Item]:
    found: list[Item] = _table(stack.cloud, table).query(
        KeyConditionExpression=Key("owner").eq(owner), ConsistentRead=True
    )["Items"]
    return found


@cache
def _table(cloud: Cloud, name: str) -> Any:
    """Share one handle: a session takes 100 ms to make."""
    return cloud.table(cloud.outputs[name])


@cache
def s3_of(cloud: Cloud) -> Any:
    """Share one client, likewise."""
    return cloud.client("s3")


def _noted(stack: Stack, owner: str) -> set[str]:
    names = [str(item["id"]) for item in _items(stack, "SeenTable", owner)]
    return {name.rpartition("#")[2] for name in names if "#" in name}


def _pictures(stack: Stack, owner: str) -> list[str]:
    tenant, mode = owner.split("#")
    prefix = f"images/{tenant}/{mode}/"
    found = s3_of(stack.cloud).list_object_versions(Bucket=stack.cloud.outputs["Bucket"], Prefix=prefix)
    return [str(each["Key"]) for each in (*found.get("Versions", []), *found.get("DeleteMarkers", []))]
