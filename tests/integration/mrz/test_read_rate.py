"""Read rates over labelled specimens, which are not part of the project: CARI_EVAL_DATA names their folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cari_imaging import decode
from cari_mrz import read
from functions.mrz.rungs.passporteye_rung import read_with_passporteye
from functions.mrz.rungs.tesseract import read_with_tesseract

FOLDER = os.environ.get("CARI_EVAL_DATA")
EXACT_FLOOR = 0.6  # measured: 26 of 39

pytestmark = pytest.mark.skipif(not FOLDER, reason="CARI_EVAL_DATA names no folder of labelled specimens")


def test_most_specimens_read_exactly_and_none_is_called_valid_but_wrong() -> None:
    folder = Path(FOLDER or "") / "mrz"
    truth = json.loads((folder / "truth.json").read_text())
    printed = {name: tuple(row["lines"]) for name, row in truth.items() if row["group"] == "main"}

    readings = {
        name: read(decode((folder / "images" / name).read_bytes()), [read_with_tesseract, read_with_passporteye])
        for name in printed
    }

    exact = {name for name, reading in readings.items() if reading.mrz and reading.mrz.lines == printed[name]}
    assert {name for name, reading in readings.items() if reading.valid} <= exact
    assert len(exact) >= EXACT_FLOOR * len(printed)
