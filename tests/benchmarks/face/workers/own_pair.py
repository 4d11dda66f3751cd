"""The project's own comparison, all fields of all faces included."""

from __future__ import annotations

import json
from typing import Any

import cv2
import numpy as np

import cari_face
from tests.benchmarks.mrz.workers.serving import serve


def _read(request: str) -> dict[str, Any]:
    document, selfie = (np.load(path) for path in json.loads(request))
    matches = cari_face.compare(document, selfie).matches
    return {"matches": len(matches)}


if __name__ == "__main__":
    cv2.setNumThreads(1)
    serve(_read)
