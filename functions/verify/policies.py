"""The tenant's policies over HTTP, and the terms that they and a request's wishes make together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_common import policies
from cari_common.contract import PolicyList, PolicyReport
from cari_common.errors import NotFound
from cari_common.policy import DEFAULT
from cari_common.settings import verification_settings
from cari_common.terms import Terms
from cari_common.wishes import check_retention

if TYPE_CHECKING:
    from cari_common.policy import Policy
    from cari_common.terms import NamedPolicy
    from cari_common.wishes import Wishes


def terms_of(tenant: str, mode: str, wishes: Wishes) -> Terms:
    """Settle the terms of a verification: what is asked for goes before what the policy says, that before the rest.

    Raises NotFound for a policy that there is not, ValidationFailed for more days than anything is kept.
    """
    policy = policies.find(tenant, mode, wishes.policy or DEFAULT)
    if policy is None:
        raise NotFound(
            f"No policy '{wishes.policy}' among this key's. Make it by PUT /identity/policies/{wishes.policy}.",
            field="policy",
        )
    longest = verification_settings().retention_days
    check_retention(wishes.retention_days, at_most=longest)
    asked = policy.rules.retention_days if wishes.retention_days is None else wishes.retention_days
    return Terms(
        policy=policy,
        shadow=policies.find(tenant, mode, policy.rules.shadow) if policy.rules.shadow else None,
        retention_days=longest if asked is None else min(asked, longest),
    )


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
