"""Which engine this is: the same identity gives the same answers."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Any

from cari_core.release import VERSION, digests
from cari_face import models
from cari_face.weights import FOLDER

DETECTOR_AND_MESH = ("face_detection_short_range.tflite", "face_landmark.tflite")


@cache
def identity() -> dict[str, Any]:
    """Name the engine: `Name`, `Version`, `Model` (the embedder), `Weights` (file → SHA-256), `Calibration` (SHA-256).

    Raises WeightsMissingError.
    """
    name = models.built_in().name
    return {
        "Name": "cari_face",
        "Version": VERSION,
        "Model": name,
        "Weights": digests(FOLDER / file for file in (*DETECTOR_AND_MESH, *models.files(name))),
        "Calibration": sha256(json.dumps(models.entries_of(name), sort_keys=True).encode()).hexdigest(),
    }
