"""Whether the same document or the same face was seen before among the tenant's own verifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_core.similarity import similarity
from cari_decision.checks.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_decision.evidence import Evidence, FaceSearch
    from cari_decision.policy import Policy

ROUNDING = 1e-9  # of rates, in shares of them


def duplicate_checks(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    """Tell of earlier verifications with the same document or the same face, where the policy asks."""
    if policy.duplicates.document:
        yield _document(evidence.seen_before)
    if policy.duplicates.face:
        yield _face(evidence.face_search, policy.duplicates.face_error_rate)


def allowed_fmr(error_rate: float, compared: int) -> float:
    """Say how rarely strangers may look so alike that among so many the whole search errs no more often than told."""
    return error_rate / max(compared, 1) * (1 + ROUNDING)


def _document(seen: tuple[str, ...] | None) -> Check:
    if seen is None:  # not read for certain, which other checks speak of, or the table was out of reach
        return Check("duplicate_document", "duplicates", "not_performed")
    return Check(
        "duplicate_document",
        "duplicates",
        "failed" if seen else "passed",
        evidence={"verifications": list(seen)},
        reason="duplicate_document" if seen else None,
    )


def _face(search: FaceSearch | None, error_rate: float) -> Check:
    """Hold the likest against the error rate of the whole search: each of N comparisons has an N-th of it."""
    if search is None:  # decided again, by another policy than the one that had nobody look
        return _not_sought("not_looked_for")
    if search.unavailable:
        return _not_sought(search.unavailable)
    allowed = allowed_fmr(error_rate, search.compared)
    facts: dict[str, Any] = {
        "rate": "FPIR",
        "compared": search.compared,
        "older_not_compared": search.older,
        "best_fmr": search.best_fmr,
        "least_fmr": search.least_fmr,
        **({"other_models_not_compared": list(search.other_models)} if search.other_models else {}),
    }
    if allowed < search.least_fmr:  # by a coarse calibration, or decided again by a stricter policy
        return _not_sought("error_rate_not_stated", **facts)
    if search.best_fmr is None:
        return Check(
            "duplicate_face",
            "duplicates",
            "passed",
            "selfie",
            error_rate=error_rate,
            evidence={**facts, "verifications": []},
        )
    seen = search.best_fmr <= allowed
    named = [match.verification for match in search.matches if match.fmr <= allowed]
    return Check(
        "duplicate_face",
        "duplicates",
        "failed" if seen else "passed",
        "selfie",
        score=similarity(search.best_fmr),
        threshold=similarity(allowed),
        error_rate=error_rate,
        evidence={**facts, "verifications": named},
        reason="duplicate_face" if seen else None,
    )


def _not_sought(why: str, **facts: Any) -> Check:
    return Check("duplicate_face", "duplicates", "not_performed", "selfie", evidence={"unavailable": why, **facts})
