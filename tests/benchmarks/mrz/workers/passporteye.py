"""PassportEye as published, with Tesseract's English model."""

from __future__ import annotations

from typing import Any

from passporteye import read_mrz
from passporteye.mrz.text import MRZOCRCleaner

from tests.benchmarks.mrz.workers.serving import serve

WIDTHS = {"TD1": 30, "TD2": 36, "MRVB": 36, "TD3": 44, "MRVA": 44}


def _read(path: str) -> dict[str, Any]:
    mrz = read_mrz(path)
    if mrz is None:
        return {"lines": None, "valid": False}
    width = WIDTHS.get(mrz.mrz_type, 0)
    # its parser fills up short lines the same way, and looks at no character beyond the width
    lines = [line.ljust(width, "<")[: width or None] for line in MRZOCRCleaner.apply(mrz.aux["raw_text"])]
    return {"lines": lines, "valid": mrz.valid}


if __name__ == "__main__":
    serve(_read)
