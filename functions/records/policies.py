"""The tenant's policies over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_core.errors import NotFound
from cari_verification.aws import policies
from functions.records.contract import PolicyList, PolicyReport

if TYPE_CHECKING:
    from cari_decision.policy import Policy
    from cari_decision.policy_context import NamedPolicy


def list_all(tenant: str, mode: str) -> PolicyList:
    """List every policy, the default first."""
    return PolicyList(policies=[_report(policy) for policy in policies.list_all(tenant, mode)])


def get(tenant: str, mode: str, name: str) -> PolicyReport:
    """Read a policy. Raises NotFound."""
    policy = policies.find(tenant, mode, name)
    if policy is None:
        raise NotFound(f"No policy '{name}' among this key's.", field="name")
    return _report(policy)


def put(tenant: str, mode: str, name: str, rules: Policy) -> PolicyReport:
    """Store checked rules as the next version."""
    return _report(policies.put(tenant, mode, name, rules))


def _report(policy: NamedPolicy) -> PolicyReport:
    return PolicyReport(name=policy.name, version=policy.version, rules=policy.rules)
