"""Whether there is a machine-readable zone where there should be, and whether it reads true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_decision.checks.check import Check
from cari_decision.checks.document import ONE_SIDED, best_reading
from cari_decision.evidence import EngineFailure, Mrz
from cari_decision.reasons import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_decision.evidence import Evidence, Side

DOUBTFUL = "doubtful"  # the reader's reason: the check digits agree, and the print leaves room for other characters
ALL_AGREE = 100  # PassportEye's valid_score when every check digit does
MRZ_OPTIONAL = frozenset({"driving_licence"})
CHECK_DIGITS = ("number", "date_of_birth", "expiration_date", "personal_number", "composite")  # PassportEye's names


def mrz_checks(evidence: Evidence) -> Iterator[Check]:
    """Ask for the MRZ, then for its check digits, all together and each."""
    yield _found(evidence)
    if evidence.readings:
        best, side = best_reading(evidence)
        yield _check_digits(best, side)
        yield from _each_check_digit(best, side)


def _found(evidence: Evidence) -> Check:
    if evidence.readings:
        best, side = best_reading(evidence)
        return Check("mrz_found", "mrz", "passed", side, evidence={"mrz_type": best.reading.get("mrz_type")})
    failure = next((side for side in (evidence.front, evidence.back) if isinstance(side, EngineFailure)), None)
    if failure is not None:
        unreadable = failure.code == "document_unreadable"
        return Check("mrz_found", "mrz", "failed" if unreadable else "not_performed", failure.side, reason=failure.code)
    if evidence.type in MRZ_OPTIONAL:
        return Check("mrz_found", "mrz", "not_performed")
    if evidence.type not in ONE_SIDED and evidence.back is None:
        return Check("mrz_found", "mrz", "failed", "back", reason="back_needed")
    side = "front" if evidence.type in ONE_SIDED else "back"
    asked = evidence.front if side == "front" else evidence.back
    return Check("mrz_found", "mrz", "failed", side, reason=_why_not_found(asked))


def _why_not_found(answer: Mrz | EngineFailure | None) -> str:
    """Name what whoever took the picture can do better, where the reader could tell."""
    reason = f"mrz_{answer.reading.get('reason')}" if isinstance(answer, Mrz) else ""
    return reason if reason in REASONS else "mrz_not_found"


def _check_digits(mrz: Mrz, side: Side) -> Check:
    score = mrz.reading.get("valid_score")
    facts = {"method": mrz.reading.get("method"), "uncertain_fields": mrz.reading.get("uncertain_fields") or []}
    facts |= {name: told for name in ("unchecked_fields", "warnings") if (told := mrz.reading.get(name))}
    if mrz.valid:
        result, reason = "passed", None
    elif score == ALL_AGREE or mrz.reading.get("reason") == DOUBTFUL:
        result, reason = "warning", "mrz_doubtful"
    else:
        result, reason = "failed", "mrz_check_digits"
    return Check("mrz_check_digits", "mrz", result, side, score, ALL_AGREE, evidence=facts, reason=reason)  # type: ignore[arg-type]  # literals


def _each_check_digit(mrz: Mrz, side: Side) -> Iterator[Check]:
    """Tell each check digit's answer; what speaks against approval is said once, by all together."""
    for name in CHECK_DIGITS:
        agrees = mrz.reading.get(f"valid_{name}")
        printed = mrz.reading.get(f"check_{name}")
        if agrees is not None and printed is not None:
            yield Check(
                f"mrz_check_{name}", "mrz", "passed" if agrees else "failed", side, evidence={"check_digit": printed}
            )
