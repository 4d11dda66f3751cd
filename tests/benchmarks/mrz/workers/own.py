"""The project's own reader, alone: no Tesseract behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2

from cari_imaging import decode
from cari_mrz import read
from tests.benchmarks.mrz.workers.serving import serve


def _read(path: str) -> dict[str, Any]:
    reading = read(decode(Path(path).read_bytes()))
    lines = list(reading.mrz.lines) if reading.mrz else None
    return {"lines": lines, "valid": reading.valid, "reason": reading.reason}


if __name__ == "__main__":
    cv2.setNumThreads(1)
    serve(_read)
