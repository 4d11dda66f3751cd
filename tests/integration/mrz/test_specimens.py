"""The documents that the project renders, read by the real engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from cari_mrz import MrzReading, Reason, read, read_with_fallbacks
from functions.mrz_fallback.passporteye_engine import read_with_passporteye
from functions.mrz_fallback.tesseract_engine import read_with_tesseract
from specimens import specimen

if TYPE_CHECKING:
    from numpy.typing import NDArray

TODAY = date(2026, 11, 22)
PASSPORT_LINES = specimen.passport_lines(specimen.IDENTITY, expires=date(2035, 10, 18))
NUMBERS_FIRST = ((1, 0),)
CARD_LINES = specimen.card_lines(specimen.IDENTITY, expires=date(2030, 10, 18))


@pytest.fixture(scope="module")
def passport() -> NDArray[np.uint8]:
    return np.asarray(specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), TODAY))


@pytest.fixture(scope="module")
def card() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    front, back = specimen.render_card(specimen.IDENTITY, specimen.sample_portrait(), TODAY)
    return np.asarray(front), np.asarray(back)


def test_the_specimen_passport_reads_exactly(passport: NDArray[np.uint8]) -> None:
    reading = read(passport)

    assert (reading.valid, reading.method) == (True, "cari")
    assert _lines(reading) == PASSPORT_LINES


def test_the_specimen_card_reads_exactly_from_its_back(card: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    reading = read(card[1])

    assert (reading.valid, _lines(reading)) == (True, CARD_LINES)


@pytest.mark.parametrize("turn", [cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE])
def test_a_turned_passport_reads_the_same(passport: NDArray[np.uint8], turn: int) -> None:
    reading = read(np.asarray(cv2.rotate(passport, turn), np.uint8))

    assert _lines(reading) == PASSPORT_LINES
    assert reading.doubtful in {(), NUMBERS_FIRST}  # whether the letter could be a zero hangs on a few pixels


@pytest.mark.parametrize("degrees", [-20, -10, 10, 20])
def test_a_tilted_passport_reads_the_same(passport: NDArray[np.uint8], degrees: float) -> None:
    reading = read(_tilted(passport, degrees))

    assert (reading.valid, _lines(reading)) == (True, PASSPORT_LINES)


def test_a_bowed_page_reads_the_same(passport: NDArray[np.uint8]) -> None:
    reading = read(_bowed(passport, 30))

    assert (reading.valid, _lines(reading)) == (True, PASSPORT_LINES)


@pytest.mark.parametrize("long_side_px", [400, 4000])
def test_a_small_and_a_large_picture_read_the_same(passport: NDArray[np.uint8], long_side_px: int) -> None:
    scale = long_side_px / max(passport.shape)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC

    reading = read(np.asarray(cv2.resize(passport, None, fx=scale, fy=scale, interpolation=method), np.uint8))

    assert _lines(reading) == PASSPORT_LINES


def test_a_card_small_in_a_large_picture_is_found(card: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    desk = np.full((2400, 3200, 3), 150, np.uint8)
    small = cv2.resize(card[1], (640, round(card[1].shape[0] * 640 / card[1].shape[1])), interpolation=cv2.INTER_AREA)
    desk[1500 : 1500 + small.shape[0], 400 : 400 + small.shape[1]] = small

    assert _lines(read(desk)) == CARD_LINES


def test_corners_stand_around_the_lines_where_they_are_printed(passport: NDArray[np.uint8]) -> None:
    reading = read(np.asarray(cv2.rotate(passport, cv2.ROTATE_90_CLOCKWISE), np.uint8))

    assert reading.corners is not None
    centers = np.array(reading.corners).mean(axis=1)
    below_px = specimen.PASSPORT_PX_PER_MM * np.array(specimen.PASSPORT_MRZ_MM)
    assert np.abs(centers - np.stack([below_px, [625, 625]], axis=1)).max() < 15


def test_a_card_front_without_an_mrz_is_no_mrz(card: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    reading = read_with_fallbacks(card[0], [read_with_tesseract, read_with_passporteye])

    assert (reading.found, reading.reason) == (False, Reason.NO_MRZ)


def test_a_passport_too_blurred_to_read_is_blurred(passport: NDArray[np.uint8]) -> None:
    assert read(np.asarray(cv2.GaussianBlur(passport, (0, 0), 13), np.uint8)).reason is Reason.BLURRED


def test_a_passport_cut_through_its_mrz_is_cropped(passport: NDArray[np.uint8]) -> None:
    assert read(passport[:, : passport.shape[1] // 2]).reason is Reason.CROPPED


def test_a_picture_of_the_night_is_too_dark(passport: NDArray[np.uint8]) -> None:
    assert read(np.asarray(passport // 250, np.uint8)).reason is Reason.TOO_DARK


def test_a_thumbnail_is_too_small(passport: NDArray[np.uint8]) -> None:
    thumbnail = cv2.resize(passport, None, fx=0.06, fy=0.06, interpolation=cv2.INTER_AREA)

    assert read(np.asarray(thumbnail, np.uint8)).reason is Reason.TOO_SMALL


def test_tesseract_reads_again_what_the_own_reader_found(passport: NDArray[np.uint8]) -> None:
    transcripts = list(read_with_tesseract(passport, read(passport), 60.0))

    assert [transcript.shape for transcript in transcripts] == [(2, 44)]
    read_alike = sum(a == b for a, b in zip("".join(transcripts[0].lines), "".join(PASSPORT_LINES), strict=True))
    assert read_alike > 0.8 * sum(character != "<" for character in "".join(PASSPORT_LINES))


def test_passporteye_transcribes_the_passport_too(passport: NDArray[np.uint8]) -> None:
    transcripts = list(read_with_passporteye(passport, NOTHING, 60.0))

    assert [(transcript.method, transcript.shape) for transcript in transcripts] == [("passporteye", (2, 44))]


def test_a_fallback_engine_without_time_gives_nothing(passport: NDArray[np.uint8]) -> None:
    assert list(read_with_tesseract(passport, read(passport), 0.0)) == []
    assert list(read_with_passporteye(passport, NOTHING, 0.0)) == []


NOTHING = MrzReading(decoded=None, reason=Reason.BLURRED)


def _lines(reading: MrzReading) -> tuple[str, ...] | None:
    return reading.mrz.lines if reading.mrz else None


def _tilted(picture: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.8)
    return np.asarray(cv2.warpAffine(picture, turn, (width, height), borderValue=(120, 120, 120)), np.uint8)


def _bowed(picture: NDArray[np.uint8], bow_px: float) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    rows += np.float32(bow_px) * ((2 * columns / width - 1) ** 2 - np.float32(0.5))
    return np.asarray(cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def test_several_threads_read_what_one_reads(
    passport: NDArray[np.uint8], card: tuple[NDArray[np.uint8], NDArray[np.uint8]]
) -> None:
    pictures = [passport, card[1], cv2.rotate(passport, cv2.ROTATE_180)] * 4

    with ThreadPoolExecutor(4) as threads:
        readings = list(threads.map(read, pictures))

    assert [_lines(reading) for reading in readings] == [PASSPORT_LINES, CARD_LINES, PASSPORT_LINES] * 4
