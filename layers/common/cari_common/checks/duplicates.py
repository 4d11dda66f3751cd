"""Whether the same document, or the same face with another document, was seen before among the tenant's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_common.checks.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_common.evidence import Evidence
    from cari_common.policy import Policy


def duplicate_checks(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    """Tell of earlier verifications with the same document, where the policy asks."""
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
