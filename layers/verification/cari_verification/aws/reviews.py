"""A person's decision about a verification: it becomes the status, and the trail keeps what was before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cari_aws.dynamodb import ConditionFailed
from cari_core.errors import ReviewedMeanwhile
from cari_verification.aws import verifications
from cari_verification.reports import ReviewReport
from cari_verification.stored import reviewed

if TYPE_CHECKING:
    from datetime import datetime

    from cari_verification.stored import StoredVerification

MAX_REVIEWS = 20  # of 7 kB at most, in an item of 400


def record(
    found: StoredVerification,
    decision: Literal["approved", "declined"],
    reason: str,
    reviewer: str | None,
    now: datetime,
) -> StoredVerification:
    """Add a review to a verification that has ended, unless somebody else's came in between.

    Raises ReviewedMeanwhile.
    """
    if len(found.reviews) >= MAX_REVIEWS:
        raise ReviewedMeanwhile(f"This verification was reviewed {MAX_REVIEWS} times; no more are kept.", field="id")
    review = ReviewReport.model_validate(
        {"decision": decision, "reason": reason, "reviewer": reviewer, "at": now, "was": found.status}
    )
    after = reviewed(found, review)
    try:
        verifications.put_change(after)
    except ConditionFailed as error:
        raise ReviewedMeanwhile(
            "Somebody else reviewed this verification just now. Read it again before you decide.", field="id"
        ) from error
    return after
