"""The tenants' policies: each name has versions, which stay; the newest counts. Apart for each mode."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from cari_common import store, tenants
from cari_common.policy import DEFAULT, Policy, sandbox_policies
from cari_common.terms import BUILT_IN, NamedPolicy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

CACHED_S = 20.0  # so long an old version may still decide; every verification asks for its policy
VERSION_DIGITS = 6
MAX_NAMES = 200


@dataclass(frozen=True)
class _Known:
    policy: NamedPolicy | None
    until: float


_KNOWN: dict[tuple[str, str, str], _Known] = {}


def find(tenant: str, mode: str, name: str) -> NamedPolicy | None:
    """Find a policy's newest version; the default is there for everyone. What was found lately is found again."""
    asked = (tenant, mode, name)
    known = _KNOWN.get(asked)
    if known is None or known.until < time.monotonic():
        item = tenants.table().get_item(Key=_key(tenant, mode, name)).get("Item")
        known = _Known(_read(item) if item else _built_in(mode, name), time.monotonic() + CACHED_S)
        _KNOWN[asked] = known
    return known.policy


def keep(tenant: str, mode: str, name: str, rules: Policy) -> NamedPolicy:
    """Store rules as the next version of a name. Of two at once each gets a version of its own."""
    table = tenants.table()
    while True:
        item = table.get_item(Key=_key(tenant, mode, name), ConsistentRead=True).get("Item")
        version = 1 + (int(str(item["version"])) if item else 0)
        if _put(table, {**_key(tenant, mode, f"{name}#{version:0{VERSION_DIGITS}d}"), **_written(version, rules)}):
            _raise_to(table, {**_key(tenant, mode, name), **_written(version, rules)})
            _KNOWN.pop((tenant, mode, name), None)
            return NamedPolicy(name=name, version=version, rules=rules)


def every(tenant: str, mode: str) -> list[NamedPolicy]:
    """List every name's newest version, the default first."""
    answer = tenants.table().query(
        KeyConditionExpression=Key("owner").eq(store.owner_of(tenant, mode)) & Key("id").begins_with("policy#"),
        Limit=MAX_NAMES * 10,
    )
    named = [_read(item) for item in answer["Items"] if str(item["id"]).count("#") == 1]
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
    return {"owner": store.owner_of(tenant, mode), "id": f"policy#{name}"}


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
