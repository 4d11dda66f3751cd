"""One character printed over by another that no check digit tells from it, and blurred: none is accepted wrongly."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from cari_mrz import read
from tests.benchmarks.mrz.rivals import Original, drawn_swaps, originals_of, print_over, swaps
from tests.benchmarks.mrz.sheets import rendered

if TYPE_CHECKING:
    from tests.benchmarks.mrz.optics import Picture

PX_PER_MM = 4  # letters of ten pixels: blurred by two they can just be read
BLUR_PX = 2.0
SHEETS = (0, 3)


@pytest.fixture(scope="module")
def documents() -> list[Original]:
    sheets = [rendered(number, PX_PER_MM) for number in SHEETS]
    return [original for sheet in sheets for original in originals_of(sheet.name, sheet.picture, sheet.lines or ())]


def test_a_k_among_fillers_is_never_called_a_filler_for_certain(documents: list[Original]) -> None:
    printed_over = [
        (document, swap)
        for document in documents
        for swap in islice((each for each in swaps(document.lines) if each.rival == "K"), 2, 14, 4)
        if document.lines[swap.cell[0]][swap.cell[1]] == "<"
    ]

    readings = [
        (swap.of(document.lines), read(_blurred(print_over(document, swap)))) for document, swap in printed_over
    ]

    accepted = [(printed, reading.mrz and reading.mrz.lines) for printed, reading in readings if reading.valid]
    assert len(printed_over) >= len(SHEETS)
    assert [(printed, lines) for printed, lines in accepted if lines != printed] == []


def test_a_sharp_rival_is_read_as_what_it_is_and_believed(documents: list[Original]) -> None:
    printed_over = [(document, swap) for document in documents for swap in drawn_swaps(document, 3)]

    readings = [(swap.of(document.lines), read(print_over(document, swap))) for document, swap in printed_over]

    assert [reading.mrz and reading.mrz.lines for _, reading in readings] == [printed for printed, _ in readings]
    assert sum(reading.valid for _, reading in readings) > len(readings) / 2


def _blurred(picture: Picture) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), BLUR_PX), np.uint8)
