"""CompareFaces by the model in the face layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cari_face
from cari_common.errors import ImageRejected
from cari_common.rekognition import NotAPicture, Refusal, picture_of
from cari_imaging import decode

if TYPE_CHECKING:
    from cari_face import Face, FaceComparison
    from cari_imaging import Image
    from functions.face_compare.request import CompareFacesRequest, QualityFilter

# The least sharpness (0..1) of a face that is compared at all. Among the faces of Labeled Faces in the Wild these
# leave out the worst 5 %, 25 % and half. AUTO is ours to choose.
MIN_SHARPNESS: dict[QualityFilter, float] = {"NONE": 0.0, "AUTO": 0.09, "LOW": 0.09, "MEDIUM": 0.24, "HIGH": 0.33}

cari_face.load()


def compare_faces(request: CompareFacesRequest) -> dict[str, Any]:
    """Compare, and answer in Rekognition's shape. Raises Refusal for pictures that Rekognition would refuse."""
    source, target = _decoded(request, "SourceImage"), _decoded(request, "TargetImage")
    comparison = cari_face.compare(source, target, min_sharpness=MIN_SHARPNESS[request.quality_filter])
    if comparison.source is None:
        raise Refusal("SourceImage shows no face that could be compared.")
    return _answer(comparison, comparison.source, source, target, request.similarity_threshold)


def _decoded(request: CompareFacesRequest, name: str) -> Image:
    try:
        return decode(picture_of(request.event, name))
    except ImageRejected as rejected:
        raise NotAPicture(f"{name}: {rejected.detail}") from None


def _answer(comparison: FaceComparison, known: Face, source: Image, target: Image, threshold: float) -> dict[str, Any]:
    matches = [match for match in comparison.matches if 100 * match.similarity >= threshold]
    others = [match for match in comparison.matches if 100 * match.similarity < threshold]
    return {
        "SourceImageFace": {"BoundingBox": _bounding_box(known, source), "Confidence": 100 * known.confidence},
        "FaceMatches": [{"Similarity": 100 * match.similarity, "Face": _face(match.face, target)} for match in matches],
        "UnmatchedFaces": [_face(match.face, target) for match in others],
    }


def _bounding_box(face: Face, image: Image) -> dict[str, float]:
    height, width = image.shape[:2]
    box = face.box
    return {
        "Left": box.left / width,
        "Top": box.top / height,
        "Width": box.width / width,
        "Height": box.height / height,
    }


def _face(face: Face, image: Image) -> dict[str, Any]:
    """Write a ComparedFace, and beside its members Attributes, which the service model leaves to DetectFaces."""
    height, width = image.shape[:2]
    return {
        "BoundingBox": _bounding_box(face, image),
        "Confidence": 100 * face.confidence,
        "Landmarks": [
            {"Type": name, "X": point.x / width, "Y": point.y / height} for name, point in face.landmarks.items()
        ],
        "Pose": {"Yaw": face.pose.yaw, "Pitch": face.pose.pitch, "Roll": face.pose.roll},
        "Quality": {"Brightness": 100 * face.quality.brightness, "Sharpness": 100 * face.quality.sharpness},
        "Attributes": {
            "Lips": {"Value": face.lips.value, "Confidence": 100 * face.lips.confidence},
            "Glasses": {"Value": face.glasses.value, "Confidence": 100 * face.glasses.confidence},
        },
    }
