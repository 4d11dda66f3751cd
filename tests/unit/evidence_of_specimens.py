"""Evidence of a verification in which everything is right; tests change one thing."""

from typing import Any

from cari_decision.evidence import Evidence, Faces, Mrz

FACE: dict[str, Any] = {
    "BoundingBox": {"Left": 0.25, "Top": 0.1, "Width": 0.5, "Height": 0.6},
    "Confidence": 99.5,
    "Landmarks": [
        {"Type": "eyeLeft", "X": 0.4, "Y": 0.3},
        {"Type": "eyeRight", "X": 0.6, "Y": 0.3},
        {"Type": "chinBottom", "X": 0.5, "Y": 0.68},
    ],
    "Pose": {"Yaw": 1.5, "Pitch": -2.0, "Roll": 0.5},
    "Quality": {"Brightness": 70.0, "Sharpness": 90.0},
    "Attributes": {"Lips": {"Value": "Together", "Confidence": 90.0}, "Glasses": {"Value": "None", "Confidence": 80.0}},
}
READING: dict[str, Any] = {
    "found": True,
    "valid": True,
    "valid_score": 100,
    "mrz_type": "TD3",
    "type": "P<",
    "number": "L898902C3",
    "date_of_birth": "740812",
    "expiration_date": "320415",
}
NOTHING_FOUND: dict[str, Any] = {"found": False, "valid": False, "valid_score": 0, "reason": "no_mrz"}


def faces(similarity: float = 0.97, *, strangers: int = 0) -> Faces:
    response = {
        "SourceImageFace": {"BoundingBox": FACE["BoundingBox"], "Confidence": 99.0},
        "FaceMatches": [{"Similarity": similarity * 100, "Face": FACE}],
        "UnmatchedFaces": [FACE] * strangers,
        "Engine": {"Name": "cari_face"},
    }
    return Faces(response, selfie_size=(400, 500), front_size=(1000, 700), states_fmr=True)


def no_faces() -> Faces:
    return Faces(
        {"FaceMatches": [], "UnmatchedFaces": []}, selfie_size=(400, 500), front_size=(1000, 700), states_fmr=True
    )


def reading(**changes: object) -> Mrz:
    return Mrz({**READING, **changes})


def evidence(**changes: Any) -> Evidence:
    return Evidence(**{"type": "passport", "faces": faces(), "front": reading(), **changes})
