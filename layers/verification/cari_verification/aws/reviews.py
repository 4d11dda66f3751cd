"""A person's decision about a verification. The trail only grows: each review says what the status was before.

The item's `revision` counts its reviews. A review is stored where the count is still what its reader saw: comparing
what is stored word by word would refuse for ever what was written before the contract had another field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cari_core.errors import ReviewedMeanwhile
from cari_verification.aws import verifications
from cari_verification.contract import ReviewReport

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.service_resource import Table

    from cari_verification.contract import ReviewRequest, Verification

MAX_REVIEWS = 20  # of 7 kB at most, in an item of 400


def reviewed(verification: Verification, asked: ReviewRequest, now: datetime) -> Verification:
    """Add a review to the trail and let it be the status. The verification must have ended."""
    entry = ReviewReport.model_validate({**asked.model_dump(), "at": now, "was": verification.status})
    return verification.model_copy(update={"status": asked.decision, "reviews": [*verification.reviews, entry]})


def record(table: Table, tenant: str, mode: str, before: Verification, after: Verification) -> None:
    """Store it, unless somebody else's came in between. Raises ReviewedMeanwhile."""
    if len(after.reviews) > MAX_REVIEWS:
        raise ReviewedMeanwhile(f"This verification was reviewed {MAX_REVIEWS} times; no more are kept.", field="id")
    try:
        table.update_item(
            Key=verifications.key_of(tenant, mode, before.id),
            UpdateExpression="SET verification = :after, #status = :status, revision = :next",
            # Without a count there was no review yet, or none since reviews are counted.
            ConditionExpression=(
                "attribute_exists(verification) AND (revision = :read OR attribute_not_exists(revision))"
            ),
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":after": after.model_dump_json(),
                ":read": len(before.reviews),
                ":next": len(after.reviews),
                ":status": after.status,
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        raise ReviewedMeanwhile(
            "Somebody else reviewed this verification just now. Read it again before you decide.", field="id"
        ) from error
