"""Faces: where they are, where they look, and what was found of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cari_common.contract import MatchedFace
from functions.annotated.legend import Row
from functions.annotated.palette import FAILED, NEUTRAL, ORANGE, PASSED, PORTRAIT, WARNING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_common.contract import DocumentFace, FaceReport, SelfieFace, Verification
    from functions.annotated.palette import Mark
    from functions.annotated.pen import Pen, Points

LANDMARKS = ("leftEyeCenter", "rightEyeCenter", "chinTip")
LEAST_TURN = 0.05  # of a face's width: a shorter arrow is only a smudge
MARKS = {"passed": PASSED, "warning": WARNING, "failed": FAILED}


def mark_portrait(pen: Pen, report: FaceReport) -> Iterator[Row]:
    """Draw the document's portrait."""
    portrait = report.SourceImageFace
    if portrait is None:
        return
    pen.outline(_corners(portrait), PORTRAIT)
    pen.plate(_corners(portrait), "portrait", PORTRAIT)
    yield Row(f"Portrait: a face with confidence {portrait.confidence:.2f}", PORTRAIT)


def mark_faces(pen: Pen, verification: Verification) -> Iterator[Row]:
    """Draw every face of the selfie, numbered, those that match first."""
    report = verification.selfie
    alike = _mark_of_a_match(verification)
    faces = [*((face, alike) for face in report.MatchedFaces), *((face, FAILED) for face in report.UnmatchedFaces)]
    for face, mark in faces:  # outlines first, so that no plate is drawn over
        pen.outline(_corners(face), mark)
        _look(pen, face)
        for x, y in _landmarks(face):
            pen.dot((x, y), mark.color)
    for number, (face, mark) in enumerate(faces, 1):
        pen.plate(_corners(face), f"{number} {_likeness(face)}", mark)
        yield Row(f"Face {number}: {', '.join(_facts(face))}", mark)
    if faces:
        yield Row("Dots: the eyes and the tip of the chin. Arrow: where the head is turned to, none if ahead", NEUTRAL)
    else:
        yield Row("No face", FAILED)


def _mark_of_a_match(verification: Verification) -> Mark:
    """Show a match as its check was decided: one may be too weak for this policy."""
    result = next((check.result for check in verification.checks if check.name == "face_match"), "passed")
    return MARKS.get(result, NEUTRAL)


def _likeness(face: SelfieFace) -> str:
    return f"matched {face.similarity:.2f}" if isinstance(face, MatchedFace) else "unmatched"


def _facts(face: SelfieFace) -> Iterator[str]:
    yield f"matched, similarity {face.similarity:.3f}" if isinstance(face, MatchedFace) else "unmatched"
    yield f"confidence {face.confidence:.2f}"
    if face.quality is not None:
        yield f"quality {face.quality:.2f}"
    angles = {"yaw": face.yaw, "pitch": face.pitch, "roll": face.roll}
    if turned := [f"{name} {angle:+.0f}" for name, angle in angles.items() if angle is not None]:
        yield " ".join(turned)
    if face.attributes.glasses is not None:
        yield f"glasses {face.attributes.glasses}"
    if face.attributes.lips is not None:
        yield f"lips {face.attributes.lips}"


def _look(pen: Pen, face: SelfieFace) -> None:
    """Draw where the head is turned to; positive yaw is to the picture's right, positive pitch up."""
    if face.yaw is None or face.pitch is None:
        return
    yaw, pitch, roll = np.radians((face.yaw, face.pitch, face.roll or 0.0))
    level, plumb = np.array([np.cos(roll), np.sin(roll)]), np.array([-np.sin(roll), np.cos(roll)])
    turn = np.sin(yaw) * level - np.sin(pitch) * plumb
    if np.linalg.norm(turn) < LEAST_TURN:
        return
    middle = _corners(face).mean(axis=0)
    pen.arrow(middle, middle + turn * face.width, ORANGE)


def _landmarks(face: SelfieFace) -> Iterator[tuple[int, int]]:
    for name in LANDMARKS:
        x, y = getattr(face, f"{name}X"), getattr(face, f"{name}Y")
        if x is not None and y is not None:
            yield x, y


def _corners(face: DocumentFace) -> Points:
    left, top = face.topLeftX, face.topLeftY
    right, bottom = left + face.width, top + face.height
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)
