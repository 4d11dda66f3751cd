"""From evidence to an answer. Pure: the same evidence on the same day is decided the same way for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cari_common.evidence import EngineFailure, Evidence, Faces, Mrz, Side
from cari_common.reasons import REASONS, Reason

if TYPE_CHECKING:
    from datetime import date

Status = Literal["approved", "declined", "review"]
Result = Literal["passed", "failed", "warning", "not_performed"]

# Similarity is calibrated: see docs/adr/0003-face-similarity.md for the false match rates behind these.
MATCH_SIMILARITY = 0.80
MISMATCH_SIMILARITY = 0.30  # below, different people are far likelier than a bad picture

ALL_AGREE = 100  # PassportEye's valid_score when every check digit does

EXPECTED_LETTERS = {
    "passport": "P",
    "visa": "V",
    "card": "IAC",
    "residence_permit": "IACR",
    "driving_licence": "IDFAB",  # F is Switzerland's; France prints D, on some licences the category A or B
}
MRZ_ON_FRONT = frozenset({"passport", "visa"})
MRZ_OPTIONAL = frozenset({"driving_licence"})


@dataclass(frozen=True)
class Check:
    """One question asked of the evidence, its answer, and the number it hangs on."""

    name: str
    result: Result
    side: Side | None = None
    score: float | None = None
    threshold: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Decision:
    """The answer and everything it rests on."""

    status: Status
    checks: list[Check]
    reasons: list[Reason]


def decide(evidence: Evidence, today: date) -> Decision:
    """Approve only when every check passes; decline on what no better picture mends; else ask for review."""
    checks = [
        *_face_checks(evidence.faces),
        _mrz_found(evidence),
        *_mrz_checks(evidence, today),
    ]
    codes = dict.fromkeys(check.reason for check in checks if check.reason)
    reasons = [REASONS[code] for code in codes if code]
    return Decision(_status(checks, reasons), checks, reasons)


def _status(checks: list[Check], reasons: list[Reason]) -> Status:
    if any(reason.severity == "decline" for reason in reasons):
        return "declined"
    return (
        "approved"
        if all(check.result in ("passed", "not_performed") and not check.reason for check in checks)
        else "review"
    )


def _face_checks(faces: Faces | EngineFailure) -> list[Check]:
    if isinstance(faces, EngineFailure):
        failed: Result = "failed" if faces.side else "not_performed"
        return [Check("face_match", failed, faces.side, threshold=MATCH_SIMILARITY, reason=faces.code)]
    if not faces.selfie_faces:
        return [Check("selfie_face", "failed", "selfie", score=0, threshold=1, reason="no_face_in_selfie")]
    alone = faces.selfie_faces == 1
    return [
        Check(
            "selfie_face",
            "passed" if alone else "failed",
            "selfie",
            score=faces.selfie_faces,
            threshold=1,
            reason=None if alone else "several_faces",
        ),
        _face_match(faces.similarity),
    ]


def _face_match(similarity: float) -> Check:
    if similarity >= MATCH_SIMILARITY:
        result, reason = "passed", None
    elif similarity >= MISMATCH_SIMILARITY:
        result, reason = "warning", "face_uncertain"
    else:
        result, reason = "failed", "face_mismatch"
    return Check("face_match", result, "selfie", score=similarity, threshold=MATCH_SIMILARITY, reason=reason)  # type: ignore[arg-type]  # literals


def _mrz_found(evidence: Evidence) -> Check:
    if evidence.readings:
        return Check("mrz_found", "passed", _side_read(evidence))
    failure = next((side for side in (evidence.front, evidence.back) if isinstance(side, EngineFailure)), None)
    if failure is not None:
        return Check(
            "mrz_found",
            "failed" if failure.code == "document_unreadable" else "not_performed",
            failure.side,
            reason=failure.code,
        )
    if evidence.type in MRZ_OPTIONAL:
        return Check("mrz_found", "not_performed")
    if evidence.type not in MRZ_ON_FRONT and evidence.back is None:
        return Check("mrz_found", "failed", "back", reason="back_needed")
    side: Side = "front" if evidence.type in MRZ_ON_FRONT else "back"
    return Check(
        "mrz_found", "failed", side, reason=_why_not_found(evidence.front if side == "front" else evidence.back)
    )


def _why_not_found(answer: Mrz | EngineFailure | None) -> str:
    """Name what whoever took the picture can do better, where the reader could tell."""
    reason = f"mrz_{answer.reading.get('reason')}" if isinstance(answer, Mrz) else ""
    return reason if reason in REASONS else "mrz_not_found"


def _mrz_checks(evidence: Evidence, today: date) -> list[Check]:
    if not evidence.readings:
        return []
    best, side = max(evidence.readings, key=lambda mrz: mrz.valid), _side_read(evidence)
    checks = [_check_digits(best, side), _declared_type(best, evidence.type, side)]
    if best.valid:
        checks.append(_expiry(best, today, side))
    if len(evidence.readings) > 1:
        checks.append(_sides_agree(evidence.readings))
    return checks


def _side_read(evidence: Evidence) -> Side:
    front_is_best = (
        isinstance(evidence.front, Mrz)
        and evidence.front.found
        and (evidence.front.valid or len(evidence.readings) == 1)
    )
    return "front" if front_is_best else "back"


def _check_digits(mrz: Mrz, side: Side) -> Check:
    score = mrz.reading.get("valid_score")
    if mrz.valid:
        return Check("mrz_check_digits", "passed", side, score, threshold=ALL_AGREE)
    if score == ALL_AGREE:  # the digits agree, but names and the like have none: the reader itself is in doubt
        return Check("mrz_check_digits", "warning", side, score, threshold=ALL_AGREE, reason="mrz_doubtful")
    return Check("mrz_check_digits", "failed", side, score, threshold=ALL_AGREE, reason="mrz_check_digits")


def _declared_type(mrz: Mrz, declared: str, side: Side) -> Check:
    agrees = str(mrz.reading.get("type") or "")[:1] in EXPECTED_LETTERS[declared]
    return Check("document_type", "passed" if agrees else "failed", side, reason=None if agrees else "type_mismatch")


def _expiry(mrz: Mrz, today: date, side: Side) -> Check:
    expiry = mrz.expiry
    if expiry is None:
        return Check("document_expiry", "not_performed", side)
    lasts = (expiry - today).days
    return Check(
        "document_expiry",
        "failed" if lasts < 0 else "passed",
        side,
        lasts,
        0,
        reason="document_expired" if lasts < 0 else None,
    )


def _sides_agree(readings: list[Mrz]) -> Check:
    front, back = (reading.reading for reading in readings)
    agree = all(front.get(name) == back.get(name) for name in ("number", "date_of_birth"))
    return Check("sides_agree", "passed" if agree else "failed", "back", reason=None if agree else "sides_disagree")
