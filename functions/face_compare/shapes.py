"""Faces in Rekognition's shapes: pixels to ratios of the picture, 0..1 to percent."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from cari_face import Glasses, Lips, recognition

if TYPE_CHECKING:
    from cari_face import Face
    from cari_face.embedding import Embedding
    from cari_imaging import Image
    from functions.face_compare.request import DetectFacesRequest


def source_face(face: Face, image: Image) -> dict[str, Any]:
    """Write a ComparedSourceImageFace."""
    return {"BoundingBox": _bounding_box(face, image), "Confidence": 100 * face.confidence}


def compared_face(face: Face, image: Image) -> dict[str, Any]:
    """Write a ComparedFace, and beside its members Attributes, which the service model leaves to DetectFaces."""
    return {
        **_members_of_every_face(face, image),
        "Attributes": {
            "Lips": {"Value": face.lips.value, "Confidence": 100 * face.lips.confidence},
            "Glasses": {"Value": face.glasses.value, "Confidence": 100 * face.glasses.confidence},
        },
    }


def embedding_answer(embedding: Embedding) -> dict[str, Any]:
    """Write an embedding: `Model`, `Vector` (float16, base64), `FalseMatchRates` (0..1) at cosines."""
    return {
        "Model": recognition.embedder_identity(),
        "Vector": b64encode(embedding.astype("<f2").tobytes()).decode(),
        "FalseMatchRates": [{"Cosine": cosine, "FalseMatchRate": fmr} for cosine, fmr in recognition.measured_rates()],
    }


def face_detail(face: Face, image: Image, request: DetectFacesRequest) -> dict[str, Any]:
    """Write a FaceDetail, with those of the requested attributes that can be told.

    Nobody here can tell age, gender, emotions and the like; the service model lets them be missing.
    """
    detail = _members_of_every_face(face, image)
    # Glasses are read once, as none, eye or sun: the confidence that they are one is at least that they are no other.
    if request.asks_for("EYEGLASSES"):
        detail["Eyeglasses"] = _with_confidence(face.glasses.value == Glasses.EYE, face.glasses.confidence)
    if request.asks_for("SUNGLASSES"):
        detail["Sunglasses"] = _with_confidence(face.glasses.value == Glasses.SUN, face.glasses.confidence)
    if request.asks_for("MOUTH_OPEN"):
        detail["MouthOpen"] = _with_confidence(face.lips.value == Lips.APART, face.lips.confidence)
    if request.asks_for("EYES_OPEN"):
        detail["EyesOpen"] = _with_confidence(face.eyes.open, face.eyes.confidence)
    if request.asks_for("FACE_OCCLUDED"):
        detail["FaceOccluded"] = _with_confidence(bool(face.occlusion.covered), face.occlusion.confidence)
    return detail


def _members_of_every_face(face: Face, image: Image) -> dict[str, Any]:
    height, width = image.shape[:2]
    return {
        "BoundingBox": _bounding_box(face, image),
        "Confidence": 100 * face.confidence,
        "Landmarks": [
            {"Type": name, "X": point.x / width, "Y": point.y / height} for name, point in face.landmarks.items()
        ],
        "Pose": {"Yaw": face.pose.yaw, "Pitch": face.pose.pitch, "Roll": face.pose.roll},
        "Quality": {"Brightness": 100 * face.quality.brightness, "Sharpness": 100 * face.quality.sharpness},
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


def _with_confidence(value: bool, confidence: float) -> dict[str, Any]:
    return {"Value": value, "Confidence": 100 * confidence}
