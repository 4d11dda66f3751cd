"""From Rekognition's CompareFaces shape to the public contract: ratios to pixels, percent to 0..1."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any

from cari_verification.reports import Attributes, DocumentFace, FaceReport, MatchedFace, SelfieFace

if TYPE_CHECKING:
    from cari_decision.evidence import Faces

Size = tuple[int, int]


def face_report(faces: Faces, identifier: str) -> FaceReport:
    """Map an engine's answer; `identifier` makes the faces' ids."""
    response, size = faces.response, faces.selfie_size
    source = response.get("SourceImageFace")
    matches, others = response.get("FaceMatches", []), response.get("UnmatchedFaces", [])
    return FaceReport(
        SourceImageFace=DocumentFace(**_box(source, faces.front_size)) if source else None,
        MatchedFaces=[
            MatchedFace(
                similarity=match["Similarity"] / 100,
                **_selfie_face(match["Face"], size, _face_id(identifier, index)),
            )
            for index, match in enumerate(matches)
        ],
        UnmatchedFaces=[
            SelfieFace(**_selfie_face(face, size, _face_id(identifier, len(matches) + index)))
            for index, face in enumerate(others)
        ],
    )


def _face_id(identifier: str, index: int) -> str:
    return hashlib.sha256(f"{identifier}/{index}".encode()).hexdigest()[: len(identifier)]


def _box(face: dict[str, Any], size: Size) -> dict[str, Any]:
    box, (width, height) = face["BoundingBox"], size
    return {
        "topLeftX": round(box["Left"] * width),
        "topLeftY": round(box["Top"] * height),
        "width": round(box["Width"] * width),
        "height": round(box["Height"] * height),
        "confidence": face.get("Confidence", 0) / 100,
    }


def _selfie_face(face: dict[str, Any], size: Size, face_id: str) -> dict[str, Any]:
    points = {
        mark["Type"]: (round(mark["X"] * size[0]), round(mark["Y"] * size[1])) for mark in face.get("Landmarks", [])
    }
    left, right = points.get("eyeLeft"), points.get("eyeRight")
    nowhere = (None, None)
    return {
        **_box(face, size),
        "face_id": face_id,
        **_point("leftEyeCenter", left or nowhere),
        **_point("rightEyeCenter", right or nowhere),
        "eyeDistance": round(math.dist(left, right)) if left and right else None,
        **_point("chinTip", points.get("chinBottom", nowhere)),
        **{angle.lower(): face.get("Pose", {}).get(angle) for angle in ("Yaw", "Pitch", "Roll")},
        "quality": _quality(face.get("Quality")),
        "attributes": Attributes(**{name.lower(): mark["Value"] for name, mark in face.get("Attributes", {}).items()}),
    }


def _point(name: str, point: tuple[int | None, int | None]) -> dict[str, int | None]:
    return {f"{name}X": point[0], f"{name}Y": point[1]}


def _quality(quality: dict[str, float] | None) -> float | None:
    """Rekognition's sharpness as 0..1: of its two numbers the one that foretells a false non-match."""
    return None if quality is None else min(1.0, max(0.0, quality["Sharpness"] / 100))
