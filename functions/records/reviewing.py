"""What another policy would say, and what a person says."""

from __future__ import annotations

from datetime import UTC, datetime

from cari_aws.observability import logger
from cari_core.errors import NotFound, StillProcessing
from cari_decision import evidence_record
from cari_decision.policy import DEFAULT, parse_policy
from cari_decision.policy_context import NamedPolicy
from cari_verification import processing
from cari_verification.aws import policies, reviews, verifications, wiring
from cari_verification.contract import Evaluation, ReviewRequest, Verification, verdict
from functions.verify.posting import RETRY_AFTER_S

INLINE = "inline"  # what rules that came with the request are called


def evaluate(tenant: str, mode: str, identifier: str, policy: str | dict[str, object] | None) -> Evaluation:
    """Decide the stored evidence under another policy, as of its own day; nothing is changed.

    `policy` is a name, or rules. Raises NotFound, StillProcessing, PolicyRejected.
    """
    ended(tenant, mode, identifier)
    named = _policy(tenant, mode, policy)
    packed = verifications.find_evidence(wiring.verifications_table(), tenant, mode, identifier)
    if packed is None:
        raise NotFound(f"Verification '{identifier}' ended without evidence: nothing was decided from any.", field="id")
    decision = evidence_record.decide_under(named.rules, evidence_record.unpacked(packed))
    return Evaluation.model_validate({"id": identifier, **verdict(decision, named)})


def review(tenant: str, mode: str, identifier: str, asked: ReviewRequest) -> Verification:
    """Record a person's decision: it becomes the status, and what was before stays in the trail.

    Raises NotFound, StillProcessing, and ReviewedMeanwhile where another review came between.
    """
    verification = ended(tenant, mode, identifier)
    reviewed = reviews.reviewed(verification, asked, datetime.now(UTC))
    reviews.record(wiring.verifications_table(), tenant, mode, verification, reviewed)
    logger.info("reviewed", extra={"verification": identifier, "decision": reviewed.status})
    return reviewed


def ended(tenant: str, mode: str, identifier: str) -> Verification:
    """Read a verification that has a decision. Raises NotFound, StillProcessing."""
    verification = processing.find(wiring.verifications_table(), tenant, mode, identifier, datetime.now(UTC))
    if verification is None:
        raise NotFound(f"No verification '{identifier}' among this key's.", field="id")
    if verification.status == "processing":
        raise StillProcessing(retry_after_s=RETRY_AFTER_S)
    return verification


def _policy(tenant: str, mode: str, asked: str | dict[str, object] | None) -> NamedPolicy:
    if isinstance(asked, dict):
        return NamedPolicy(name=INLINE, version=0, rules=parse_policy(asked))
    found = policies.find(tenant, mode, asked or DEFAULT)
    if found is None:
        raise NotFound(f"No policy '{asked}' among this key's.", field="policy")
    return found
