"""Verifications to draw."""

from typing import Any

import numpy as np

from cari_verification.contract import Verification

LINES = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3204153ZE184226B<<<<<16"]
QUADS = [[[60, 600], [1116, 600], [1116, 630], [60, 630]], [[60, 680], [1116, 680], [1116, 710], [60, 710]]]
PITCH_PX = 24  # 44 of them from 60 to 1116
FACE = {
    "topLeftX": 300,
    "topLeftY": 200,
    "width": 200,
    "height": 240,
    "confidence": 0.99,
    "face_id": "2" * 24,
    "leftEyeCenterX": 350,
    "leftEyeCenterY": 280,
    "rightEyeCenterX": 450,
    "rightEyeCenterY": 280,
    "chinTipX": 400,
    "chinTipY": 430,
    "yaw": 0.0,
    "pitch": 0.0,
    "roll": 0.0,
    "quality": 0.8,
    "attributes": {"lips": "Together", "glasses": "None"},
}
MRZ = {
    "found": True,
    "valid": True,
    "valid_score": 100,
    "mrz_type": "TD3",
    "raw_text": "\n".join(LINES),
    "lines": QUADS,
    "method": "cari",
}


def verification(**changes: Any) -> Verification:
    whole = {
        "id": "1" * 24,
        "type": "passport",
        "user": "a" * 24,
        "status": "review",
        "created_at": "2026-01-01T00:00:00Z",
        "selfie": {},
        "front": {},
        "checks": [],
        "reasons": [],
        **changes,
    }
    return Verification.model_validate(whole)


def sheet(brightness: int = 128, height: int = 800, width: int = 1200) -> np.ndarray:
    return np.full((height, width, 3), brightness, np.uint8)


def changed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Give x and y of every pixel that differs, N×2."""
    rows, columns = np.nonzero((one != other).any(axis=2))
    return np.stack([columns, rows], axis=1)
