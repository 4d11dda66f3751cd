"""The tenants' policies: each name has versions, which stay; the newest counts. Apart for each mode.

`policy#<name>` is the version that decides. Every version lies apart, at `policy-version#<name>#<number>`, so that
however many there are, a list of the names reads none of them.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cari_core.errors import PolicyChangedMeanwhile, TooManyPolicies
from cari_decision.policy import DEFAULT, Policy, sandbox_policies
from cari_decision.policy_context import BUILT_IN, NamedPolicy
from cari_verification.aws import tenant_secrets, verifications

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

CACHED_S = 20.0  # so long an old version may still decide; every verification asks for its policy
MAX_KNOWN = 1_000  # policies, a few kilobytes each, that a process remembers
HEADS, VERSIONS = "policy#", "policy-version#"
VERSION_DIGITS = 6
MAX_NAMES = 100  # beside the default, of at most 15 kB each: one answer lists them all
ATTEMPTS = 10  # at a version of one's own: each that is lost was another change, or one that was interrupted


@dataclass(frozen=True)
class _Known:
    policy: NamedPolicy
    until: float


_KNOWN: OrderedDict[tuple[str, str, str], _Known] = OrderedDict()  # the one asked for last comes last


def find(tenant: str, mode: str, name: str) -> NamedPolicy | None:
    """Find a policy's newest version; the default is there for everyone. What was found lately is found again."""
    asked = (tenant, mode, name)
    known = _KNOWN.pop(asked, None)
    if known is None or known.until < time.monotonic():
        item = tenant_secrets.table().get_item(Key=_key(tenant, mode, name)).get("Item")
        policy = _read(item) if item else _built_in(mode, name)
        if policy is None:  # a name that anybody may have made up
            return None
        known = _Known(policy, time.monotonic() + CACHED_S)
    _KNOWN[asked] = known
    while len(_KNOWN) > MAX_KNOWN:
        _KNOWN.popitem(last=False)
    return known.policy


def keep(tenant: str, mode: str, name: str, rules: Policy) -> NamedPolicy:
    """Store rules as the next version of a name. Of two at once each gets a version of its own.

    Raises PolicyChangedMeanwhile where others took every version that was tried, and TooManyPolicies.
    """
    table = tenant_secrets.table()
    if not _deciding(table, tenant, mode, name) and len(every(tenant, mode)) > MAX_NAMES:
        raise TooManyPolicies(f"There are {MAX_NAMES} policies already. Change one of them instead.", field="name")
    for _ in range(ATTEMPTS):
        version = 1 + max(_deciding(table, tenant, mode, name), _newest(table, tenant, mode, name))
        if _put(table, {**_version_key(tenant, mode, name, version), **_written(version, rules)}):
            _raise_to(table, {**_key(tenant, mode, name), **_written(version, rules)})
            _KNOWN.pop((tenant, mode, name), None)
            return NamedPolicy(name=name, version=version, rules=rules)
    raise PolicyChangedMeanwhile(
        f"Others are changing the policy '{name}' just now. Read it again, then repeat your change.", field="name"
    )


def every(tenant: str, mode: str) -> list[NamedPolicy]:
    """List every name's newest version, the default first."""
    query = _beginning_with(tenant, mode, HEADS)
    named: list[NamedPolicy] = []
    while True:
        answer = tenant_secrets.table().query(**query)
        # Version 0.1.0 kept each version beside the name.
        named += [_read(item) for item in answer["Items"] if str(item["id"]).count("#") == 1]
        if "LastEvaluatedKey" not in answer:
            break
        query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    return sorted(
        named if any(one.name == DEFAULT for one in named) else [BUILT_IN, *named],
        key=lambda one: (one.name != DEFAULT, one.name),
    )


def _built_in(mode: str, name: str) -> NamedPolicy | None:
    """Find what is there for everyone: the default, and in dev mode the sandbox's."""
    if name == DEFAULT:
        return BUILT_IN
    rules = sandbox_policies().get(name) if mode == "dev" else None
    return NamedPolicy(name=name, version=0, rules=rules) if rules else None


def _key(tenant: str, mode: str, name: str) -> dict[str, str]:
    return {"owner": verifications.owner_of(tenant, mode), "id": f"{HEADS}{name}"}


def _version_key(tenant: str, mode: str, name: str, version: int) -> dict[str, str]:
    return {"owner": verifications.owner_of(tenant, mode), "id": f"{VERSIONS}{name}#{version:0{VERSION_DIGITS}d}"}


def _deciding(table: Table, tenant: str, mode: str, name: str) -> int:
    """Say which version decides; 0 where there is none."""
    item = table.get_item(Key=_key(tenant, mode, name), ConsistentRead=True).get("Item")
    return int(str(item["version"])) if item else 0


def _newest(table: Table, tenant: str, mode: str, name: str) -> int:
    """Say which version is the last; it decides nothing where its change was interrupted. 0 where there is none."""
    found = table.query(
        **_beginning_with(tenant, mode, f"{VERSIONS}{name}#"),
        ScanIndexForward=False,
        Limit=1,
        ConsistentRead=True,
    )["Items"]
    return int(str(found[0]["version"])) if found else 0


def _beginning_with(tenant: str, mode: str, prefix: str) -> dict[str, Any]:
    """Ask for items by how their ids begin; as text, because threads share boto3's builder of conditions."""
    return {
        "KeyConditionExpression": "#owner = :owner AND begins_with(id, :prefix)",
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ExpressionAttributeValues": {":owner": verifications.owner_of(tenant, mode), ":prefix": prefix},
    }


def _written(version: int, rules: Policy) -> dict[str, Any]:
    return {"version": version, "rules": rules.model_dump_json(), "made_at": int(time.time())}


def _read(item: dict[str, Any]) -> NamedPolicy:
    name = str(item["id"]).split("#")[1]
    return NamedPolicy(
        name=name, version=int(str(item["version"])), rules=Policy.model_validate_json(str(item["rules"]))
    )


def _raise_to(table: Table, item: dict[str, Any]) -> None:
    """Make a version the newest, unless a later one is already."""
    try:
        table.put_item(
            Item=item,
            ConditionExpression="attribute_not_exists(id) OR version < :version",
            ExpressionAttributeValues={":version": item["version"]},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise


def _put(table: Table, item: dict[str, Any]) -> bool:
    try:
        table.put_item(Item=item, ConditionExpression="attribute_not_exists(id)")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True
