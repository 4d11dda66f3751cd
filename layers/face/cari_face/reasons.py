"""What is wrong with a picture's faces, in stable codes; `cari_decision.reasons` has the sentences for people.

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
from cari_face.quality import BEST_EYE_DISTANCE_PX

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
class Limits:
    """The limits: `eye_distance_px` in pixels, the least confidence of a `cover`, the rest in Quality's units."""

    eye_distance_px: float
    sharpness: float
    darkest: float
    brightest: float
    exposure: float
    contrast: float
    frontality: float
    cover: float


# A document's portrait is small and pale, and its few pixels raise the scores of covers.
LIMITS = {
    Role.SELFIE: Limits(
        eye_distance_px=30,
        sharpness=0.05,
        darkest=0.15,
        brightest=0.85,
        exposure=0.5,
        contrast=0.3,
        frontality=0.35,
        cover=0.5,
    ),
    Role.DOCUMENT: Limits(
        eye_distance_px=12,
        sharpness=0.0,
        darkest=0.15,
        brightest=0.9,
        exposure=0.3,
        contrast=0.15,
        frontality=0.35,
        cover=0.9,
    ),
}
MIDDLE_BRIGHTNESS = 0.5  # below it detail is lost in black, above it in white
RIVAL_WIDTH_SHARE = 0.5  # of the largest face's width: a face so wide is no passer-by's
MAX_SHARE_OUTSIDE = 0.02  # of the mesh's points: noise at the edge is no cut face

# Documents may show a portrait twice, with closed eyes, and blurred as it was printed.
REASONS_BY_ROLE = {
    Role.SELFIE: frozenset(FaceReason),
    Role.DOCUMENT: frozenset(FaceReason) - {FaceReason.SEVERAL_FACES, FaceReason.BLURRED, FaceReason.EYES_CLOSED},
}


def find_reasons(faces: Sequence[Face], picture: tuple[int, int], role: Role) -> tuple[FaceReason, ...]:
    """List what is wrong with a picture's largest face, the gravest first; nothing where all is well.

    `faces` are find_faces' own, largest first; `picture` is width and height in pixels. Only the reasons of
    REASONS_BY_ROLE count.
    """
    if not faces:
        return (FaceReason.NO_FACE,)
    face, limits = faces[0], LIMITS[role]
    quality = face.quality
    detail_is_lost = quality.exposure < limits.exposure
    covered = face.occlusion.covered if face.occlusion.confidence >= limits.cover else ()
    findings = (
        (any(other.box.width >= RIVAL_WIDTH_SHARE * face.box.width for other in faces[1:]), FaceReason.SEVERAL_FACES),
        (_share_outside(face, picture) > MAX_SHARE_OUTSIDE, FaceReason.FACE_CUT),
        (quality.size * BEST_EYE_DISTANCE_PX < limits.eye_distance_px, FaceReason.FACE_TOO_SMALL),
        (quality.sharpness < limits.sharpness, FaceReason.BLURRED),
        (quality.brightness < (MIDDLE_BRIGHTNESS if detail_is_lost else limits.darkest), FaceReason.TOO_DARK),
        (quality.brightness > (MIDDLE_BRIGHTNESS if detail_is_lost else limits.brightest), FaceReason.TOO_BRIGHT),
        (quality.contrast < limits.contrast, FaceReason.LOW_CONTRAST),
        (quality.frontality < limits.frontality, FaceReason.NOT_FRONTAL),
        (Part.EYES in covered, FaceReason.SUNGLASSES),
        (Part.MOUTH in covered, FaceReason.FACE_COVERED),
        (not face.eyes.open and Part.EYES not in covered, FaceReason.EYES_CLOSED),
    )
    return tuple(reason for failed, reason in findings if failed and reason in REASONS_BY_ROLE[role])


def _share_outside(face: Face, picture: tuple[int, int]) -> float:
    points = face.mesh[:, :2]
    return float(((points < 0) | (points > picture)).any(axis=1).mean())
