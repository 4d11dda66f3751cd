"""What is wrong with a picture's faces, in codes that stay and sentences that the person in it can act on.

The limits are round numbers that plain pictures rarely pass. As selfies, of 1,160 photographs of Labeled Faces in the
Wild, 250 pixels square, 4.5 % show several faces, 2.7 % are blurred, 1.5 % wear dark or tinted glasses (nearly all of
them do), 0.9 % are not frontal, 0.7 % seem covered, 0.3 % are too small and 0.1 % cut. As documents, of 579 synthetic
portraits 60-150 pixels high, 2.1 % are too small, 0.7 % seem covered and 0.3 % to wear sunglasses; how many are not
found, docs/benchmarks/face.md says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cari_face.face import Part
from cari_face.quality import EYES_APART_BEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cari_face.face import Face


class Role(StrEnum):
    """What the picture is of."""

    SELFIE = "selfie"
    DOCUMENT = "document"


class FaceReason(StrEnum):
    """What can be wrong; a code never changes its meaning."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_CUT = "face_cut"
    FACE_TOO_SMALL = "face_too_small"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    LOW_CONTRAST = "low_contrast"
    NOT_FRONTAL = "not_frontal"
    SUNGLASSES = "sunglasses"
    FACE_COVERED = "face_covered"
    EYES_CLOSED = "eyes_closed"


@dataclass(frozen=True)
class Advice:
    """What to tell the person, and whether another picture may help."""

    message: str
    retryable: bool


@dataclass(frozen=True)
class Limits:
    """How little is still enough: `eyes_apart` in pixels, how sure a `cover` must be, the rest in Quality's units."""

    eyes_apart: float
    sharpness: float
    darkest: float
    brightest: float
    exposure: float
    contrast: float
    frontality: float
    cover: float


# A document's portrait is small and pale, and its few pixels make covers look likelier than they are.
LIMITS = {
    Role.SELFIE: Limits(
        eyes_apart=30,
        sharpness=0.05,
        darkest=0.15,
        brightest=0.85,
        exposure=0.5,
        contrast=0.3,
        frontality=0.35,
        cover=0.5,
    ),
    Role.DOCUMENT: Limits(
        eyes_apart=12,
        sharpness=0.0,
        darkest=0.15,
        brightest=0.9,
        exposure=0.3,
        contrast=0.15,
        frontality=0.35,
        cover=0.9,
    ),
}
MIDDLE = 0.5  # of brightness: below it detail is lost in black, above it in white
RIVAL = 0.5  # of the largest face's width: who stands so near is no passer-by
OUTSIDE = 0.02  # share of the mesh's points: noise at the edge is no cut face

_SELFIE = {
    FaceReason.NO_FACE: Advice("No face was found. Take the picture again with your whole face in it.", retryable=True),
    FaceReason.SEVERAL_FACES: Advice("There is more than one face. Take the picture again alone.", retryable=True),
    FaceReason.FACE_CUT: Advice("Your face is cut off. Move back until all of it is in the picture.", retryable=True),
    FaceReason.FACE_TOO_SMALL: Advice("Your face is too small. Hold the camera closer.", retryable=True),
    FaceReason.BLURRED: Advice("The picture is blurred. Wipe the lens, hold still and take it again.", retryable=True),
    FaceReason.TOO_DARK: Advice("Your face is too dark. Turn towards the light.", retryable=True),
    FaceReason.TOO_BRIGHT: Advice("Your face is too bright. Move out of the glaring light.", retryable=True),
    FaceReason.LOW_CONTRAST: Advice("The picture is pale. Wipe the lens and avoid light from behind.", retryable=True),
    FaceReason.NOT_FRONTAL: Advice("Your face is turned away. Look straight into the camera.", retryable=True),
    FaceReason.SUNGLASSES: Advice("Dark glasses hide your eyes. Take them off.", retryable=True),
    FaceReason.FACE_COVERED: Advice("Something hides your mouth or nose. Uncover your face.", retryable=True),
    FaceReason.EYES_CLOSED: Advice("Your eyes are closed. Open them and take the picture again.", retryable=True),
}
_DOCUMENT = {
    FaceReason.NO_FACE: Advice("No portrait was found. Photograph the side that shows it, whole.", retryable=True),
    FaceReason.FACE_CUT: Advice("The portrait is cut off. Get the whole document into the picture.", retryable=True),
    FaceReason.FACE_TOO_SMALL: Advice("The portrait is too small. Go closer to the document.", retryable=True),
    FaceReason.TOO_DARK: Advice("The portrait is too dark. Photograph the document in more light.", retryable=True),
    FaceReason.TOO_BRIGHT: Advice("Glare hides the portrait. Tilt the document away from the lamp.", retryable=True),
    FaceReason.LOW_CONTRAST: Advice("The portrait is pale. Photograph the document without glare.", retryable=True),
    FaceReason.NOT_FRONTAL: Advice("The portrait looks aside. Use a document with a frontal one.", retryable=False),
    FaceReason.SUNGLASSES: Advice(
        "The portrait wears dark glasses. Use a document that shows the eyes.", retryable=False
    ),
    FaceReason.FACE_COVERED: Advice("Something hides the portrait. Take fingers and sleeves away.", retryable=True),
}
ADVICE = {Role.SELFIE: _SELFIE, Role.DOCUMENT: _DOCUMENT}


def find_reasons(faces: Sequence[Face], picture: tuple[int, int], role: Role) -> tuple[FaceReason, ...]:
    """List what is wrong with a picture's largest face, the gravest first; nothing where all is well.

    `faces` are find_faces' own, largest first; `picture` is width and height in pixels. Only what ADVICE has for the
    role counts: documents may show a portrait twice, with closed eyes, and blurred as it was printed.
    """
    if not faces:
        return (FaceReason.NO_FACE,)
    face, limits = faces[0], LIMITS[role]
    quality = face.quality
    detail_is_lost = quality.exposure < limits.exposure
    covered = face.occlusion.covered if face.occlusion.confidence >= limits.cover else ()
    findings = (
        (any(other.box.width >= RIVAL * face.box.width for other in faces[1:]), FaceReason.SEVERAL_FACES),
        (_share_outside(face, picture) > OUTSIDE, FaceReason.FACE_CUT),
        (quality.size * EYES_APART_BEST < limits.eyes_apart, FaceReason.FACE_TOO_SMALL),
        (quality.sharpness < limits.sharpness, FaceReason.BLURRED),
        (quality.brightness < (MIDDLE if detail_is_lost else limits.darkest), FaceReason.TOO_DARK),
        (quality.brightness > (MIDDLE if detail_is_lost else limits.brightest), FaceReason.TOO_BRIGHT),
        (quality.contrast < limits.contrast, FaceReason.LOW_CONTRAST),
        (quality.frontality < limits.frontality, FaceReason.NOT_FRONTAL),
        (Part.EYES in covered, FaceReason.SUNGLASSES),
        (Part.MOUTH in covered, FaceReason.FACE_COVERED),
        (not face.eyes.open and Part.EYES not in covered, FaceReason.EYES_CLOSED),
    )
    return tuple(reason for failed, reason in findings if failed and reason in ADVICE[role])


def _share_outside(face: Face, picture: tuple[int, int]) -> float:
    points = face.mesh[:, :2]
    return float(((points < 0) | (points > picture)).any(axis=1).mean())
