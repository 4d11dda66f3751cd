"""The answer to a verification. These names never change; new ones may be added."""

from __future__ import annotations

from datetime import datetime  # pydantic reads it at run time
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from cari_core.ids import PATTERN
from cari_decision.decision import Group, Result  # pydantic reads them at run time
from cari_decision.evidence import DocumentType
from cari_verification.reports import (
    CheckReport,
    FaceReport,
    Identifier,
    MrzReport,
    PolicyName,
    ReasonReport,
    Receipt,
    ReviewReport,
    ShadowReport,
    Stage,
)
from cari_verification.stored import NO_OUTCOME

if TYPE_CHECKING:
    from cari_verification.stored import StoredVerification


class Verification(BaseModel):
    """The answer to a verification."""

    id: Identifier
    type: DocumentType
    user: Annotated[str, Field(description="The tenant whose key made the call", pattern=PATTERN)]
    status: Annotated[
        Stage,
        Field(description="The decision; `processing` while there is none yet, and the rest is empty"),
    ]
    created_at: datetime
    selfie: FaceReport
    front: MrzReport
    back: MrzReport | None = None
    checks: list[CheckReport]
    reasons: list[ReasonReport]
    receipt: Annotated[
        Receipt | None, Field(description="Time and estimated cost; null before there were receipts")
    ] = None
    reference: Annotated[str | None, Field(description="Your own name for what this is about")] = None
    metadata: Annotated[dict[str, str], Field(description="What you said of it yourself")] = {}
    policy: PolicyName | None = None
    breakdown: Annotated[dict[Group, Result], Field(description="What became of each group of checks")] = {}
    shadow: ShadowReport | None = None
    reviews: Annotated[
        list[ReviewReport], Field(description="Persons' decisions, the first first; the last counts")
    ] = []


def public(stored: StoredVerification) -> Verification:
    """Make the answer from what is stored."""
    outcome = stored.outcome or NO_OUTCOME
    return Verification(
        id=stored.id,
        type=stored.type,
        user=stored.tenant,
        status=stored.status,
        created_at=stored.created_at,
        selfie=outcome.selfie,
        front=outcome.front,
        back=outcome.back,
        checks=outcome.checks,
        reasons=outcome.reasons,
        receipt=outcome.receipt,
        reference=stored.reference,
        metadata=stored.metadata,
        policy=outcome.policy,
        breakdown=outcome.breakdown,
        shadow=outcome.shadow,
        reviews=stored.reviews,
    )
