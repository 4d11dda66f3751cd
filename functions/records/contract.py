"""What the routes of records take and give beside a verification."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from cari_decision.decision import Group, Result, Status  # pydantic reads them at run time
from cari_decision.options import PolicyName as PolicyNameText
from cari_decision.policy import Policy
from cari_verification.contract import Verification
from cari_verification.reports import CheckReport, Identifier, PolicyName, ReasonReport


def _rfc3339(text: str) -> str:
    if not re.match(r"\d{4}-\d\d-\d\d[Tt ]", str(text)):
        raise ValueError("is not a date with its time, as in 2026-01-31T12:00:00Z")
    return re.sub(r" (?=\d\d:\d\d$)", "+", str(text))  # a "+" that was not encoded arrives as a space


Moment = Annotated[AwareDatetime, BeforeValidator(_rfc3339)]


class VerificationList(BaseModel):
    """A page of verifications, newest first."""

    verifications: list[Verification]
    next_cursor: Annotated[
        str | None,
        Field(description="Asks for the next page, with the same filters; null on the last. A page may be short."),
    ]


class Deleted(BaseModel):
    """What is left to say of a verification that was erased."""

    id: Identifier
    deleted: Literal[True] = True
    receipt: Annotated[str, Field(description="Signed (JWS): who had what erased, and when. Keep it as your proof")]


class ReviewRequest(BaseModel):
    """What a person decided, and why."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["approved", "declined"]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    reviewer: Annotated[str | None, Field(max_length=128, description="Your own name for whoever decided")] = None


class EvaluateRequest(BaseModel):
    """Under which policy to decide again: a name of yours, or rules."""

    model_config = ConfigDict(extra="forbid")

    policy: Annotated[
        PolicyNameText | dict[str, Any] | None, Field(description="None is your `default`. Rules are those of a policy")
    ] = None


class Evaluation(BaseModel):
    """What a policy would answer. Nothing is stored of it."""

    id: Identifier
    policy: PolicyName
    status: Status
    breakdown: dict[Group, Result]
    checks: list[CheckReport]
    reasons: list[ReasonReport]


class PolicyReport(BaseModel):
    """A policy, as it decides now."""

    name: str
    version: Annotated[int, Field(ge=0, description="0 is the one that Cari comes with")]
    rules: Policy


class PolicyList(BaseModel):
    """Every policy of the tenant, the default first."""

    policies: list[PolicyReport]
