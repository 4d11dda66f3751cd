"""A verification as the table keeps it, in a schema of its own: the answer (`contract`) is made from it.

Revision 0 is under way; its end is revision 1, and each review makes the next. A change is written where the revision
is still the one that was read. Evidence lies beside it, in an item of its own.
"""

from __future__ import annotations

import zlib
from datetime import datetime  # pydantic reads it at run time
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from cari_core import ids
from cari_core.picture import StoredPicture
from cari_decision.decision import Group, Result, Status
from cari_decision.evidence import DocumentType, Side
from cari_decision.options import Options  # likewise
from cari_decision.policy_context import PolicyContext
from cari_decision.reasons import REASONS
from cari_verification.reports import (
    CheckReport,
    FaceReport,
    MrzReport,
    PolicyName,
    ReasonReport,
    Receipt,
    ReviewReport,
    ShadowReport,
    Stage,
)

if TYPE_CHECKING:
    from cari_verification.request import Submission

UNDER_WAY, ENDED = 0, 1  # revisions
SCHEMA_VERSION: Literal[3] = 3  # of an item: 1 is 0.1.0's, 2 had no `owner_status`; only `tools.migrate` raises it


class Outcome(BaseModel):
    """What was found and decided."""

    model_config = ConfigDict(frozen=True)

    status: Status = "review"
    selfie: FaceReport = FaceReport()
    front: MrzReport = MrzReport()
    back: MrzReport | None = None
    checks: list[CheckReport] = []
    reasons: list[ReasonReport] = []
    policy: PolicyName | None = None
    breakdown: dict[Group, Result] = {}
    shadow: ShadowReport | None = None
    receipt: Receipt | None = None


NO_OUTCOME = Outcome()


class Pending(BaseModel):
    """What a worker needs to go on with a verification; never a picture."""

    model_config = ConfigDict(frozen=True)

    pictures: dict[Side, StoredPicture]
    options: Options
    policy_context: PolicyContext


class StoredVerification(BaseModel):
    """One verification: whose it is, how far it has come, what came of it, and what people decided since."""

    model_config = ConfigDict(frozen=True)

    schema_version: Literal[1, 2, 3] = SCHEMA_VERSION  # of the item that it was read from; a change does not raise it
    revision: int
    id: str
    tenant: str
    mode: str
    type: DocumentType
    status: Stage
    created_at: datetime
    retention_days: int
    reference: str | None = None
    metadata: dict[str, str] = {}
    origins: tuple[str, ...] = ()  # keys of the files that it was made from, and of the one that tells its answer
    deadline_s: int | None = None  # since 1970; None: the usual time after its creation
    pending: Pending | None = None
    outcome: Outcome | None = None
    reviews: list[ReviewReport] = []


def packed(told: BaseModel) -> bytes:
    """Write something as it is stored: compressed JSON. The schema is an attribute, which a migration changes."""
    return zlib.compress(told.model_dump_json(exclude_defaults=True, exclude={"schema_version"}).encode())


def under_way(
    submission: Submission, *, pending: Pending | None = None, deadline_s: int | None = None
) -> StoredVerification:
    """Make what is stored before there is a decision."""
    return StoredVerification(
        revision=UNDER_WAY,
        id=submission.id,
        tenant=submission.tenant,
        mode=submission.mode,
        type=submission.type,
        status="processing",
        created_at=ids.created_at(submission.id),
        retention_days=submission.retention_days,
        reference=submission.options.reference,
        metadata=submission.options.metadata,
        origins=submission.origins,
        deadline_s=deadline_s,
        pending=pending,
    )


def ended(begun: StoredVerification, outcome: Outcome) -> StoredVerification:
    """Put the end in the place of what is still to be done."""
    update = {"revision": ENDED, "status": outcome.status, "outcome": outcome, "pending": None, "deadline_s": None}
    return begun.model_copy(update=update)


def as_accepted(stored: StoredVerification) -> StoredVerification:
    """Make what it was before its end: a repeated request is told what it was told first."""
    update = {"revision": UNDER_WAY, "status": "processing", "outcome": None, "reviews": []}
    return stored.model_copy(update=update)


def timed_out() -> Outcome:
    """Make the end of a verification whose time is over and which nobody ended."""
    return Outcome(reasons=[ReasonReport.model_validate(vars(REASONS["processing_timed_out"]))])


def reviewed(stored: StoredVerification, review: ReviewReport) -> StoredVerification:
    """Add a person's decision to the trail, which only grows, and let it be the status."""
    update: dict[str, Any] = {
        "revision": stored.revision + 1,
        "status": review.decision,
        "reviews": [*stored.reviews, review],
    }
    return stored.model_copy(update=update)
