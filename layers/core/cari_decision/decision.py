"""From evidence to an answer. Pure: the same evidence, policy and day are decided alike for ever."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from cari_decision.checks.barcode import barcode_checks
from cari_decision.checks.check import Check, Group, Result
from cari_decision.checks.consistency import consistency_checks, printed_text_checks
from cari_decision.checks.document import document_checks
from cari_decision.checks.duplicates import duplicate_checks
from cari_decision.checks.faces import face_checks
from cari_decision.checks.fraud import fraud_checks
from cari_decision.checks.mrz import mrz_checks
from cari_decision.document import documents
from cari_decision.reasons import REASONS, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cari_decision.evidence import Evidence
    from cari_decision.policy import Policy

__all__ = ["Check", "Decision", "Group", "Reason", "Result", "Status", "decide"]

Status = Literal["approved", "declined", "review"]
WORST_FIRST: tuple[Result, ...] = ("failed", "warning", "passed", "not_performed")
GRAVEST_FIRST = ("decline", "review", "warn")


@dataclass(frozen=True)
class Decision:
    """The answer and all it rests on: checks, what became of each group of them, reasons with the gravest first."""

    status: Status
    checks: list[Check]
    reasons: list[Reason]
    breakdown: dict[Group, Result]


def decide(evidence: Evidence, policy: Policy, today: date) -> Decision:
    """Ask every check, and let the policy say what their reasons lead to.

    Declined for a reason that no better picture mends, left to a person for a lesser one, and approved where at most
    warnings are left.
    """
    read = documents(evidence, today)
    checks = [
        *face_checks(evidence, policy),
        *document_checks(evidence, read, policy, today),
        *mrz_checks(evidence),
        *barcode_checks(evidence),
        *consistency_checks(read),
        *printed_text_checks(evidence.printed_text, is_asked_for=policy.printed_text),
        *duplicate_checks(evidence, policy),
        *fraud_checks(evidence),
    ]
    checks += _required(checks, policy)
    reasons = _reasons(checks, policy)
    return Decision(_status(reasons), checks, reasons, _breakdown(checks))


def _required(checks: list[Check], policy: Policy) -> list[Check]:
    """Name the required checks that nobody performed and nothing else speaks of."""
    answered = {check.name for check in checks if check.result != "not_performed" or check.reason}
    return [
        Check("required", "policy", "not_performed", evidence={"check": name}, reason="check_not_performed")
        for name in policy.required_checks
        if name not in answered
    ]


def _reasons(checks: Iterable[Check], policy: Policy) -> list[Reason]:
    codes = dict.fromkeys(check.reason for check in checks if check.reason)
    verdicts = [(REASONS[code], policy.verdict_on(code)) for code in codes if code]
    kept = [replace(reason, severity=verdict) for reason, verdict in verdicts if verdict != "ignore"]
    return sorted(kept, key=lambda reason: GRAVEST_FIRST.index(reason.severity))


def _status(reasons: list[Reason]) -> Status:
    severities = {reason.severity for reason in reasons}
    if "decline" in severities:
        return "declined"
    return "review" if "review" in severities else "approved"


def _breakdown(checks: list[Check]) -> dict[Group, Result]:
    found: dict[Group, Result] = {}
    for check in checks:
        found[check.group] = min(found.get(check.group, check.result), check.result, key=WORST_FIRST.index)
    return found
