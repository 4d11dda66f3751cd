"""The tenants' policies: each name has versions, which stay; the newest counts. Apart for each mode.

`policy#<name>` is the version that decides. Every version lies apart, at `policy-version#<name>#<number>`, so that
however many there are, a list of the names reads none of them.
"""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cari_aws import clients, dynamodb
from cari_aws.dynamodb import ConditionFailed
from cari_core import ids
from cari_core.errors import NotFound, PolicyChangedMeanwhile, TooManyPolicies
from cari_core.settings import PolicySettings, RetentionSettings, settings
from cari_decision.options import check_retention
from cari_decision.policy import DEFAULT, Policy, sandbox_policies
from cari_decision.policy_context import BUILT_IN, NamedPolicy, PolicyContext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.service_resource import Table

    from cari_aws.dynamodb import Item
    from cari_decision.options import Options

CACHED_S = 20.0  # so long an old version may still decide; every verification asks for its policy
MAX_CACHED = 1_000  # policies, a few kilobytes each, that a process remembers
DECIDING_PREFIX, VERSION_PREFIX = "policy#", "policy-version#"
VERSION_DIGITS = 6
MAX_NAMES = 100  # beside the default, of at most 15 kB each: one answer lists them all
MAX_ITEMS = 10_000  # that a list reads; version 0.1.0 kept each version beside the name
ATTEMPTS = 10  # at a version of one's own: each that is lost was another change, or one that was interrupted


@dataclass(frozen=True)
class _Cached:
    policy: NamedPolicy
    until: float


_CACHE: OrderedDict[tuple[str, str, str], _Cached] = OrderedDict()  # the one asked for last comes last


def settle(tenant: str, mode: str, options: Options) -> PolicyContext:
    """Settle under what a verification runs: what is asked for goes before what the policy says, that before the rest.

    Raises NotFound for a policy that there is not, ValidationFailed for more days than anything is kept.
    """
    policy = find(tenant, mode, options.policy or DEFAULT)
    if policy is None:
        raise NotFound(
            f"No policy '{options.policy}' among this key's. Make it by PUT /identity/policies/{options.policy}.",
            field="policy",
        )
    longest = settings(RetentionSettings).retention_days
    check_retention(options.retention_days, at_most=longest)
    asked = policy.rules.retention_days if options.retention_days is None else options.retention_days
    return PolicyContext(
        policy=policy,
        shadow=find(tenant, mode, policy.rules.shadow) if policy.rules.shadow else None,
        retention_days=longest if asked is None else min(asked, longest),
    )


def find(tenant: str, mode: str, name: str) -> NamedPolicy | None:
    """Find a policy's newest version; the default is there for everyone. What was found lately is found again."""
    asked = (tenant, mode, name)
    cached = _CACHE.pop(asked, None)
    if cached is None or cached.until < time.monotonic():
        item = _table().get_item(Key=_key(tenant, mode, name)).get("Item")
        policy = _read(item) if item else _built_in(mode, name)
        if policy is None:  # a name that anybody may have made up
            return None
        cached = _Cached(policy, time.monotonic() + CACHED_S)
    _CACHE[asked] = cached
    while len(_CACHE) > MAX_CACHED:
        _CACHE.popitem(last=False)
    return cached.policy


def put(tenant: str, mode: str, name: str, rules: Policy) -> NamedPolicy:
    """Store rules as the next version of a name. Of two at once each gets a version of its own.

    Raises PolicyChangedMeanwhile where others took every version that was tried, and TooManyPolicies.
    """
    if not _deciding(tenant, mode, name) and len(list_all(tenant, mode)) > MAX_NAMES:
        raise TooManyPolicies(f"There are {MAX_NAMES} policies already. Change one of them instead.", field="name")
    for _ in range(ATTEMPTS):
        version = 1 + max(_deciding(tenant, mode, name), _newest(tenant, mode, name))
        item = _written(version, rules)
        try:
            key = _version_key(tenant, mode, name, version)
            dynamodb.put_if(_table(), {**key, **item}, "attribute_not_exists(id)")
        except ConditionFailed:
            continue
        _let_decide({**_key(tenant, mode, name), **item})
        _CACHE.pop((tenant, mode, name), None)
        return NamedPolicy(name=name, version=version, rules=rules)
    raise PolicyChangedMeanwhile(
        f"Others are changing the policy '{name}' just now. Read it again, then repeat your change.", field="name"
    )


def list_all(tenant: str, mode: str) -> list[NamedPolicy]:
    """List every name's newest version, the default first."""
    named = [
        _read(item)
        for item in _beginning_with(tenant, mode, DECIDING_PREFIX, most=MAX_ITEMS)
        if str(item["id"]).count("#") == 1
    ]
    return sorted(
        named if any(policy.name == DEFAULT for policy in named) else [BUILT_IN, *named],
        key=lambda policy: (policy.name != DEFAULT, policy.name),
    )


def forget() -> None:
    """Ask the table from now on; tests change it."""
    _CACHE.clear()


def _table() -> Table:
    return clients.table(settings(PolicySettings).tenants_table)


def _built_in(mode: str, name: str) -> NamedPolicy | None:
    """Find what is there for everyone: the default, and in dev mode the sandbox's."""
    if name == DEFAULT:
        return BUILT_IN
    rules = sandbox_policies().get(name) if mode == "dev" else None
    return NamedPolicy(name=name, version=0, rules=rules) if rules else None


def _key(tenant: str, mode: str, name: str) -> dict[str, str]:
    return {"owner": ids.owner_key(tenant, mode), "id": f"{DECIDING_PREFIX}{name}"}


def _version_key(tenant: str, mode: str, name: str, version: int) -> dict[str, str]:
    return {
        "owner": ids.owner_key(tenant, mode),
        "id": f"{VERSION_PREFIX}{name}#{version:0{VERSION_DIGITS}d}",
    }


def _deciding(tenant: str, mode: str, name: str) -> int:
    """Say which version decides; 0 where there is none."""
    item = _table().get_item(Key=_key(tenant, mode, name), ConsistentRead=True).get("Item")
    return int(str(item["version"])) if item else 0


def _newest(tenant: str, mode: str, name: str) -> int:
    """Say which version is the last; it decides nothing where its change was interrupted. 0 where there is none."""
    newest_first = _beginning_with(
        tenant, mode, f"{VERSION_PREFIX}{name}#", most=1, ScanIndexForward=False, ConsistentRead=True
    )
    return next((int(str(item["version"])) for item in newest_first), 0)


def _beginning_with(tenant: str, mode: str, prefix: str, *, most: int, **asked: Any) -> Iterator[Item]:
    """Read items by how their ids begin."""
    values = {":owner": ids.owner_key(tenant, mode), ":prefix": prefix}
    return dynamodb.query_all(_table(), "#owner = :owner AND begins_with(id, :prefix)", values, most=most, **asked)


def _let_decide(item: Item) -> None:
    """Make a version the one that decides, unless a later one does already."""
    condition = "attribute_not_exists(id) OR version < :version"
    with contextlib.suppress(ConditionFailed):
        dynamodb.put_if(_table(), item, condition, {":version": item["version"]})


def _written(version: int, rules: Policy) -> Item:
    return {"version": version, "rules": rules.model_dump_json(), "made_at": int(time.time())}


def _read(item: Item) -> NamedPolicy:
    name = str(item["id"]).split("#")[1]
    return NamedPolicy(
        name=name, version=int(str(item["version"])), rules=Policy.model_validate_json(str(item["rules"]))
    )
