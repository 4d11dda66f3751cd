"""dlib's comparison of two pictures: HOG detector, five points, embedding; no further fields."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tests.benchmarks.face.workers.dlib_pipeline import embed, faces
from tests.benchmarks.mrz.workers.serving import serve


def _read(request: str) -> dict[str, Any]:
    document, selfie = (np.load(path) for path in json.loads(request))
    found = [[embed(image, face) for face in faces(image, 0)] for image in (document, selfie)]
    return {"matches": len(found[1]) if found[0] else 0}


if __name__ == "__main__":
    serve(_read)
