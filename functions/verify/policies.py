"""The tenant's policies over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_common import policies
from cari_common.contract import PolicyList, PolicyReport
from cari_common.errors import NotFound

if TYPE_CHECKING:
    from cari_common.policy import Policy
    from cari_common.terms import NamedPolicy


def every(tenant: str, mode: str) -> PolicyList:
    """List every policy, the default first."""
    return PolicyList(policies=[_report(policy) for policy in policies.every(tenant, mode)])


def get(tenant: str, mode: str, name: str) -> PolicyReport:
    """Read a policy. Raises NotFound."""
    policy = policies.find(tenant, mode, name)
    if policy is None:
        raise NotFound(f"No policy '{name}' among this key's.", field="name")
    return _report(policy)


def put(tenant: str, mode: str, name: str, rules: Policy) -> PolicyReport:
    """Store checked rules as the next version."""
    return _report(policies.keep(tenant, mode, name, rules))


def _report(policy: NamedPolicy) -> PolicyReport:
    return PolicyReport(name=policy.name, version=policy.version, rules=policy.rules)
