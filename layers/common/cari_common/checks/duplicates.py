"""Whether the same document, or the same face with another document, was seen before among the tenant's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_common.checks.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_common.evidence import Evidence, FaceSearch
    from cari_common.policy import Policy


def duplicate_checks(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    """Tell of earlier verifications with the same document or the same face, where the policy asks."""
    seen = evidence.seen_before
    if policy.duplicates.document:
        if seen is None:  # not read for certain, which other checks speak of, or the table was out of reach
            yield Check("duplicate_document", "duplicates", "not_performed")
        else:
            yield Check(
                "duplicate_document",
                "duplicates",
                "failed" if seen else "passed",
                evidence={"verifications": list(seen)},
                reason="duplicate_document" if seen else None,
            )
    if policy.duplicates.face:
        yield _face(evidence.face_search, policy.duplicates.face_error_rate)


def _face(search: FaceSearch | None, error_rate: float) -> Check:
    """Hold how often so large a search finds a stranger who is so much alike against how often it may."""
    if search is None:  # the engine gives no templates, the selfie shows no face, or the table was out of reach
        return Check("duplicate_face", "duplicates", "not_performed", "selfie")
    by_chance = [(found, min(1.0, rate * search.compared)) for found, rate in search.alike]
    seen = [found for found, share in by_chance if share <= error_rate]
    return Check(
        "duplicate_face",
        "duplicates",
        "failed" if seen else "passed",
        "selfie",
        score=min((share for _, share in by_chance), default=None),
        threshold=error_rate,
        error_rate=error_rate,
        evidence={"rate": "FPIR", "compared": search.compared, "verifications": seen},
        reason="duplicate_face" if seen else None,
    )
