"""What another policy would say, and what a person says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cari_aws.observability import logger
from cari_core.errors import NotFound, StillProcessing
from cari_decision import evidence_record
from cari_decision.policy import DEFAULT, parse_policy
from cari_decision.policy_context import NamedPolicy
from cari_verification.aws import lifecycle, policies, reviews, verifications
from cari_verification.reports import verdict
from functions.records.contract import Evaluation

if TYPE_CHECKING:
    from cari_verification.stored import StoredVerification
    from functions.records.contract import ReviewRequest

INLINE = "inline"  # what rules that came with the request are called
RETRY_AFTER_S = "2"  # as POST says of a verification that is under way


def evaluate(tenant: str, mode: str, identifier: str, policy: str | dict[str, object] | None) -> Evaluation:
    """Decide the stored evidence under another policy, as of its own day; nothing is changed.

    `policy` is a name, or rules. Raises NotFound, StillProcessing, PolicyRejected.
    """
    ended(tenant, mode, identifier)
    named = _policy(tenant, mode, policy)
    packed = verifications.find_evidence(tenant, mode, identifier)
    if packed is None:
        raise NotFound(f"Verification '{identifier}' ended without evidence: nothing was decided from any.", field="id")
    decision = evidence_record.decide_under(named.rules, evidence_record.unpacked(packed))
    return Evaluation.model_validate({"id": identifier, **verdict(decision, named)})


def review(tenant: str, mode: str, identifier: str, asked: ReviewRequest) -> StoredVerification:
    """Record a person's decision: it becomes the status, and what was before stays in the trail.

    Raises NotFound, StillProcessing, and ReviewedMeanwhile where another review came between.
    """
    found = ended(tenant, mode, identifier)
    reviewed = reviews.record(found, asked.decision, asked.reason, asked.reviewer, datetime.now(UTC))
    logger.info("reviewed", extra={"verification": identifier, "decision": reviewed.status})
    return reviewed


def ended(tenant: str, mode: str, identifier: str) -> StoredVerification:
    """Read a verification that has a decision. Raises NotFound, StillProcessing."""
    found = lifecycle.find(tenant, mode, identifier, datetime.now(UTC))
    if found is None:
        raise NotFound(f"No verification '{identifier}' among this key's.", field="id")
    if found.status == "processing":
        raise StillProcessing(retry_after_s=RETRY_AFTER_S)
    return found


def _policy(tenant: str, mode: str, asked: str | dict[str, object] | None) -> NamedPolicy:
    if isinstance(asked, dict):
        return NamedPolicy(name=INLINE, version=0, rules=parse_policy(asked))
    found = policies.find(tenant, mode, asked or DEFAULT)
    if found is None:
        raise NotFound(f"No policy '{asked}' among this key's.", field="policy")
    return found
