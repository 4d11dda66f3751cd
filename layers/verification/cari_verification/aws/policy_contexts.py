"""The terms of a verification, settled once for HTTP, worker and batch: policy, shadow, and for how long it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_core.errors import NotFound
from cari_core.settings import verification_settings
from cari_decision.options import check_retention
from cari_decision.policy import DEFAULT
from cari_decision.policy_context import Terms
from cari_verification.aws import policies

if TYPE_CHECKING:
    from cari_decision.options import Wishes


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
