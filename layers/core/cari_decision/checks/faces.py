"""Whether the selfie shows the document's holder, and what in the pictures of faces could be better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_core import similarity
from cari_decision import placement
from cari_decision.checks.check import Check, Group
from cari_decision.evidence import EngineFailure, Faces, Mrz

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_decision.evidence import Evidence, Side
    from cari_decision.policy import FaceRules, Policy

# The face engine's codes (cari_face.reasons) that have checks of their own, and one that it hardly ever sees: of shut
# eyes its mesh says that they are half open.
TOLD_ELSEWHERE = frozenset({"no_face", "several_faces", "eyes_closed"})
# Of `periodicity` at 0.5, 2 % of people are suspected (BPCER), and 13 % of screens and half of prints are not (APCER):
# see cari_face.presentation, where its AUC is said too. Blurred pictures reach 0.6; here fewer still are suspected.
SUSPICIOUS_PERIODICITY, SUSPICIOUS_BPCER = 0.8, 0.02
# Of 255 true portraits (218 in the end-to-end benchmark, 37 published specimens) none fails; this is the upper end of
# Wilson's 95 % interval.
PLACEMENT_FALSE_ALARMS = 0.015
# Nobody is declined for not looking like what may be no face: of 450 specimens photographed by phone 8 % of the
# portraits are less sure, among them the three whose bearers would be declined.
SURE_PORTRAIT = 0.7


def face_checks(evidence: Evidence, policy: Policy) -> Iterator[Check]:
    """Ask whose faces the pictures show."""
    faces = evidence.faces
    if isinstance(faces, EngineFailure):
        yield _not_compared(faces, evidence)
        return
    if _is_a_back(evidence.front) and "face_too_small" in faces.response.get("Reasons", {}).get("SourceImage", []):
        yield Check("face_match", "faces", "not_performed", "front", reason="sides_swapped")
        return
    yield _selfie_face(faces)
    if faces.selfie_faces:
        yield _face_match(faces, policy.face)
    else:
        yield Check("face_match", "faces", "not_performed", "selfie", reason="no_face_in_selfie")
    yield from _placement(faces, evidence)
    yield _quality("selfie_quality", "selfie", faces, "TargetImage")
    yield _quality("portrait_quality", "front", faces, "SourceImage")
    yield from _presentation(faces)


def _not_compared(failure: EngineFailure, evidence: Evidence) -> Check:
    """Say why there was no comparison: a document's back posted as its front is the likeliest to have no portrait."""
    swapped = failure.code == "no_portrait" and _is_a_back(evidence.front)
    return Check(
        "face_match",
        "faces",
        "failed" if failure.side else "not_performed",
        failure.side,
        reason="sides_swapped" if swapped else failure.code,
    )


def _is_a_back(picture: Mrz | EngineFailure) -> bool:
    """Say whether a picture has the lines that identity cards have on their backs (ICAO 9303 part 5)."""
    return isinstance(picture, Mrz) and picture.reading.get("mrz_type") == "TD1"


def _selfie_face(faces: Faces) -> Check:
    count = faces.selfie_faces
    if count == 1:
        return Check("selfie_face", "faces", "passed", "selfie", score=1, threshold=1)
    if count and not faces.selfie_rivals:
        return Check("selfie_face", "faces", "warning", "selfie", score=count, threshold=1, reason="bystanders")
    reason = "several_faces" if count else "no_face_in_selfie"
    return Check("selfie_face", "faces", "failed", "selfie", score=count, threshold=1, reason=reason)


def _face_match(faces: Faces, rules: FaceRules) -> Check:
    """Hold the similarity against the policy's false match rates, or, of an engine that states none, similarities."""
    alike = faces.similarity
    if faces.states_fmr:
        approve, decline = similarity.similarity(rules.approve_fmr), similarity.similarity(rules.decline_fmr)
        evidence: dict[str, Any] = {"fmr": similarity.fmr(alike), "rate": "FMR", "decline_below": decline}
        error_rate = rules.approve_fmr
    else:
        approve, decline = rules.uncalibrated.approve_similarity, rules.uncalibrated.decline_similarity
        evidence, error_rate = {"decline_below": decline}, None
    if alike >= approve:
        result, reason = "passed", None
    elif alike >= decline or faces.portrait_confidence < SURE_PORTRAIT:
        result, reason = "warning", "face_uncertain"
    else:
        result, reason = "failed", "face_mismatch"
    evidence["portrait_confidence"] = faces.portrait_confidence
    return Check("face_match", "faces", result, "selfie", alike, approve, error_rate, evidence, reason)  # type: ignore[arg-type]  # literals


def _placement(faces: Faces, evidence: Evidence) -> Iterator[Check]:
    """Ask whether the face is where a document has its portrait; asked only where its own side has the MRZ."""
    if not isinstance(evidence.front, Mrz):
        return
    placed = placement.portrait_place(faces.portrait_box, evidence.front.reading)
    if placed is None:
        return
    facts = {"face_to_line": round(placed.size, 3), "above": round(placed.above, 3), "along": round(placed.along, 3)}
    fits = placement.fits(placed)
    yield Check(
        "portrait_placement",
        "faces",
        "passed" if fits else "failed",
        "front",
        error_rate=PLACEMENT_FALSE_ALARMS,
        evidence=facts | {"rate": "true portraits that fail"},
        reason=None if fits else "portrait_not_of_document",
    )


def _quality(name: str, side: Side, faces: Faces, picture: str) -> Check:
    """Pass on what the engine says could be better, the gravest first; Rekognition says nothing."""
    group: Group = "pictures"
    said = faces.response.get("Reasons")
    if said is None:
        return Check(name, group, "not_performed", side)
    codes = [_reason(side, code) for code in said.get(picture, []) if code not in TOLD_ELSEWHERE]
    if not codes:
        return Check(name, group, "passed", side)
    return Check(name, group, "warning", side, evidence={"found": codes}, reason=codes[0])


def _reason(side: Side, code: str) -> str:
    """Name an engine's finding by the picture it is about."""
    if side == "selfie":
        return f"selfie_{code}"
    return {"face_cut": "portrait_cut", "face_too_small": "portrait_too_small", "face_covered": "portrait_covered"}.get(
        code, f"portrait_{code}"
    )


def _presentation(faces: Faces) -> Iterator[Check]:
    """Pass on the passive hints at prints and screens (ISO/IEC 30107-3). They warn and never decide."""
    signals = faces.response.get("PresentationSignals")
    if not signals:
        return
    periodicity = float(signals["periodicity"])
    suspicious = periodicity >= SUSPICIOUS_PERIODICITY
    yield Check(
        "presentation_signals",
        "presentation",
        "warning" if suspicious else "passed",
        "selfie",
        score=periodicity,
        threshold=SUSPICIOUS_PERIODICITY,
        error_rate=SUSPICIOUS_BPCER,
        evidence={"rate": "BPCER", "advisory": True, **signals},
        reason="presentation_suspected" if suspicious else None,
    )
