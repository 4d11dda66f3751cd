"""The documents that the project renders, read by the real engines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from cari_mrz import Reason, read
from functions.mrz.rungs.passporteye_rung import read_with_passporteye
from functions.mrz.rungs.tesseract import read_with_tesseract
from local import specimen

if TYPE_CHECKING:
    from numpy.typing import NDArray

TODAY = date(2026, 11, 22)
PASSPORT_LINES = specimen.passport_lines(specimen.IDENTITY, expires=date(2035, 10, 18))
CARD_LINES = specimen.card_lines(specimen.IDENTITY, expires=date(2030, 10, 18))


@pytest.fixture(scope="module")
def passport() -> NDArray[np.uint8]:
    return np.asarray(specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), TODAY))


@pytest.fixture(scope="module")
def card() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    front, back = specimen.render_card(specimen.IDENTITY, specimen.sample_portrait(), TODAY)
    return np.asarray(front), np.asarray(back)


def test_the_specimen_passport_reads_exactly(passport: NDArray[np.uint8]) -> None:
    reading = read(passport, [read_with_tesseract])

    assert (reading.valid, reading.method) == (True, "tesseract")
    assert reading.mrz is not None
    assert reading.mrz.lines == PASSPORT_LINES
    assert all(check.passed for check in reading.mrz.checks)


def test_the_specimen_card_reads_exactly_from_its_back(card: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    reading = read(card[1], [read_with_tesseract])

    assert reading.mrz is not None
    assert (reading.valid, reading.mrz.lines) == (True, CARD_LINES)


@pytest.mark.parametrize("turn", [cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE])
def test_a_turned_passport_reads_the_same(passport: NDArray[np.uint8], turn: int) -> None:
    reading = read(np.asarray(cv2.rotate(passport, turn), np.uint8), [read_with_tesseract])

    assert reading.mrz is not None
    assert (reading.valid, reading.mrz.lines) == (True, PASSPORT_LINES)


def test_corners_stand_around_the_lines_where_they_are_printed(passport: NDArray[np.uint8]) -> None:
    reading = read(np.asarray(cv2.rotate(passport, cv2.ROTATE_90_CLOCKWISE), np.uint8), [read_with_tesseract])

    assert reading.corners is not None
    centers = np.array(reading.corners).mean(axis=1)
    below_px = specimen.PASSPORT_PX_PER_MM * np.array(specimen.PASSPORT_MRZ_MM)
    assert np.abs(centers - np.stack([below_px, [625, 625]], axis=1)).max() < 15


def test_a_card_front_without_an_mrz_is_no_mrz(card: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    reading = read(card[0], [read_with_tesseract, read_with_passporteye])

    assert (reading.found, reading.reason) == (False, Reason.NO_MRZ)


def test_passporteye_transcribes_the_passport_too(passport: NDArray[np.uint8]) -> None:
    transcripts = list(read_with_passporteye(passport, 60.0))

    assert [(transcript.method, transcript.shape) for transcript in transcripts] == [("passporteye", (2, 44))]


def test_a_rung_without_time_gives_nothing(passport: NDArray[np.uint8]) -> None:
    assert list(read_with_tesseract(passport, 0.0)) == []
    assert list(read_with_passporteye(passport, 0.0)) == []
