"""Draw faces: where they are, where the head is turned to, and what was measured of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from functions.annotated.legend import Row
from functions.annotated.palette import FAILED, NEUTRAL, PASSED, PORTRAIT, SKY, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_verification.contract import Verification
    from cari_verification.reports import DocumentFace, FaceReport, MatchedFace, SelfieFace
    from functions.annotated.palette import Mark
    from functions.annotated.pen import Pen, Points

LANDMARKS = ("leftEyeCenter", "rightEyeCenter", "chinTip")
MAX_FACES = 30  # more are counted only: a picture of a thousand would take half a minute
MIN_TURN = 0.05  # of a face's width: a shorter arrow is only a smudge


def mark_portrait(pen: Pen, report: FaceReport) -> Iterator[Row]:
    """Draw the document's portrait."""
    portrait = report.SourceImageFace
    if portrait is None:
        return
    pen.outline(_corners(portrait), PORTRAIT)
    pen.plate(_corners(portrait), "portrait", PORTRAIT)
    yield Row(f"Portrait: a face with confidence {portrait.confidence:.2f}", PORTRAIT)


def mark_faces(pen: Pen, verification: Verification) -> Iterator[Row]:
    """Draw the faces of the selfie, numbered, those that match first; say how many more there are than MAX_FACES."""
    report = verification.selfie
    faces: list[tuple[SelfieFace, str, Mark]] = [
        *((face, *_likeness(face, verification)) for face in report.MatchedFaces)
    ]
    faces += [(face, "unmatched", FAILED) for face in report.UnmatchedFaces]
    for number, (face, likeness, mark) in enumerate(faces[:MAX_FACES], 1):
        pen.outline(_corners(face), mark)
        _draw_direction(pen, face)
        for x, y in _landmarks(face):
            pen.dot((x, y), mark.color)
        pen.plate(_corners(face), f"{number} {likeness}", mark)
        yield Row(f"Face {number}: {', '.join((likeness, *_facts(face)))}", mark)
    if len(faces) > MAX_FACES:
        yield Row(f"{len(faces) - MAX_FACES} more faces, which are not drawn", NEUTRAL)
    if faces:
        yield Row("Dots: the eyes and the tip of the chin. Arrow: where the head is turned to, none if ahead", NEUTRAL)
    else:
        yield Row("No face", FAILED)


def _likeness(face: MatchedFace, verification: Verification) -> tuple[str, Mark]:
    """Judge a face by the thresholds of the check `face_match`: of several, each by itself."""
    similarity = face.similarity
    check = next((check for check in verification.checks if check.name == "face_match"), None)
    bounds = (check.threshold, check.evidence.get("decline_below")) if check else (None, None)
    approve, decline = (float(bound) if bound is not None else 0.0 for bound in bounds)
    if similarity >= approve:
        return f"matched, similarity {similarity:.2f}", PASSED
    if similarity >= decline:
        return f"uncertain, similarity {similarity:.2f}", WARNING
    return f"not alike, similarity {similarity:.2f}", FAILED


def _facts(face: SelfieFace) -> Iterator[str]:
    yield f"confidence {face.confidence:.2f}"
    if face.quality is not None:
        yield f"quality {face.quality:.2f}"
    angles = {"yaw": face.yaw, "pitch": face.pitch, "roll": face.roll}
    if turned := [f"{name} {round(angle):+d}" for name, angle in angles.items() if angle is not None]:
        yield " ".join(turned)
    if face.attributes.glasses is not None:
        yield f"glasses {face.attributes.glasses}"
    if face.attributes.lips is not None:
        yield f"lips {face.attributes.lips}"


def _draw_direction(pen: Pen, face: SelfieFace) -> None:
    """Draw where the head is turned to; positive yaw is to the picture's right, positive pitch up."""
    if face.yaw is None or face.pitch is None:
        return
    yaw, pitch, roll = np.radians((face.yaw, face.pitch, face.roll or 0.0))
    level, plumb = np.array([np.cos(roll), np.sin(roll)]), np.array([-np.sin(roll), np.cos(roll)])
    turn = np.sin(yaw) * level - np.sin(pitch) * plumb
    if np.linalg.norm(turn) < MIN_TURN:
        return
    middle = _corners(face).mean(axis=0)
    pen.arrow(middle, middle + turn * face.width, SKY)


def _landmarks(face: SelfieFace) -> Iterator[tuple[int, int]]:
    for name in LANDMARKS:
        x, y = getattr(face, f"{name}X"), getattr(face, f"{name}Y")
        if x is not None and y is not None:
            yield x, y


def _corners(face: DocumentFace) -> Points:
    left, top = face.topLeftX, face.topLeftY
    right, bottom = left + face.width, top + face.height
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)
