"""Write the engines' answers to specimens anew, beside this file: python -m tests.recorded.record.

The bundled engines answer in this process. Nobody is recorded but the specimens' people, who do not exist. Tesseract is
needed for `mrz-printed-text.json` alone. What Amazon Rekognition says is the example of its API reference
(CompareFaces and DetectFaces, "Response Syntax" and "Examples"), with the similarity of a case; it goes through our own
function as an answer of the service does, so that what is recorded is what that function gives.
"""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
from botocore.stub import Stubber

from cari_intake import intake
from tests.unit.face_compare.pictures import BLANK, inline

HERE = Path(__file__).parent
SPECIMENS = HERE.parents[1] / "functions/sandbox/specimens"
COMPARED = {"SimilarityThreshold": 0, "QualityFilter": "NONE", "SourceKind": "DOCUMENT"}
FACES = {
    "faces-same-person": ("passport.jpg", "selfie.jpg"),
    "faces-other-person": ("passport-of-somebody.jpg", "selfie-stranger.jpg"),
    "faces-no-face-in-selfie": ("passport.jpg", "selfie-nobody.jpg"),
    "faces-no-portrait": ("passport-without-portrait.jpg", "selfie.jpg"),
}
MRZS = {
    "mrz-passport": ("passport.jpg", {}),
    "mrz-card-back": ("card-back.jpg", {"Barcode": True}),
    "mrz-licence-back": ("licence-back.jpg", {"Barcode": True}),
    "mrz-nothing-found": ("selfie-nobody.jpg", {}),
}
BOX = {"Left": 0.3, "Top": 0.2, "Width": 0.2, "Height": 0.3}
FACE = {
    "BoundingBox": BOX,
    "Confidence": 99.99845123291016,
    "Landmarks": [
        {"Type": "eyeLeft", "X": 0.35, "Y": 0.3},
        {"Type": "eyeRight", "X": 0.45, "Y": 0.3},
        {"Type": "mouthLeft", "X": 0.36, "Y": 0.42},
        {"Type": "mouthRight", "X": 0.44, "Y": 0.42},
        {"Type": "nose", "X": 0.4, "Y": 0.36},
    ],
    "Pose": {"Roll": -0.5, "Yaw": 1.4, "Pitch": 3.2},
    "Quality": {"Brightness": 75.1, "Sharpness": 89.9},
}
DETAIL = {
    **FACE,
    "Landmarks": [*FACE["Landmarks"], {"Type": "chinBottom", "X": 0.4, "Y": 0.49}],  # type: ignore[misc]  # a list
    "Eyeglasses": {"Value": False, "Confidence": 99.2},
    "Sunglasses": {"Value": False, "Confidence": 99.6},
    "MouthOpen": {"Value": False, "Confidence": 98.3},
}


def main() -> None:
    """Write every file."""
    for name, (front, selfie) in FACES.items():
        _write(name, _bundled_faces(front, selfie))
    for name, (picture, more) in MRZS.items():
        _write(name, _mrz(picture, more))
    _write("mrz-printed-text", _printed_text("passport.jpg"))
    _write("faces-rekognition-75", _rekognition(75.0))


def _bundled_faces(front: str, selfie: str) -> dict[str, Any]:
    from functions.face_compare.app import handler  # noqa: PLC0415  # its model loads when it is imported

    return handler({"SourceImage": _inline(front), "TargetImage": _inline(selfie), **COMPARED}, None)  # type: ignore[arg-type]  # it asks no context


def _mrz(picture: str, more: dict[str, bool]) -> dict[str, Any]:
    from functions.mrz.app import handler  # noqa: PLC0415  # likewise

    answer = handler({"Image": _inline(picture), "Filename": picture, **more}, None)  # type: ignore[arg-type]  # likewise
    return answer | {"walltime": 0.0}


def _printed_text(picture: str) -> dict[str, Any]:
    from functions.mrz_fallback.app import handler  # noqa: PLC0415  # likewise

    answer = handler({"Image": _inline(picture), "Filename": picture, "PrintedText": True}, None)  # type: ignore[arg-type]  # likewise
    return answer | {"walltime": 0.0}


def _rekognition(similarity: float) -> dict[str, Any]:
    from functions.face_compare import rekognition  # noqa: PLC0415  # likewise
    from functions.face_compare.request import CompareFacesRequest  # noqa: PLC0415

    image = inline(BLANK)
    compared = {
        "SourceImageFace": {"BoundingBox": BOX, "Confidence": 99.9},
        "FaceMatches": [{"Similarity": similarity, "Face": FACE}],
        "UnmatchedFaces": [],
    }
    client = boto3.client("rekognition", "eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing")
    with Stubber(client) as service, patch.object(rekognition, "rekognition_client", lambda: client):
        service.add_response("compare_faces", compared)
        service.add_response("detect_faces", {"FaceDetails": [DETAIL]})
        asked = CompareFacesRequest.of({"SourceImage": image, "TargetImage": image, **COMPARED})
        return rekognition.compare_faces(asked).plain()


def _inline(name: str) -> dict[str, str]:
    """Take a picture in as the service does."""
    return {"Bytes": b64encode(intake((SPECIMENS / name).read_bytes(), field="front").payload).decode()}


def _write(name: str, answer: dict[str, Any]) -> None:
    (HERE / f"{name}.json").write_text(json.dumps(answer, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
