"""The fallback function as Lambda calls it: an event in, an answer out."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from datetime import date
from typing import Any

import cv2
import numpy as np
import pytesseract
import pytest
from PIL import Image as Pillow

from cari_aws import mrz_request
from cari_verification.printed_text import MIN_WORD_CONFIDENCE
from functions.mrz.app import handler as own_reader
from functions.mrz_fallback import app, printed_text
from functions.mrz_fallback.app import handler
from specimens import specimen

CONTEXT: Any = None
TESSERACT_S = 120.0  # of a busy test machine


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Tesseract end, however busy the machine is."""
    monkeypatch.setattr(printed_text, "MAX_SECONDS", TESSERACT_S)
    monkeypatch.setattr(mrz_request, "MRZ_TIME_BUDGET_S", TESSERACT_S)


@pytest.fixture(scope="module")
def passport() -> bytes:
    page = specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), date(2026, 11, 22))
    file = io.BytesIO()
    page.save(file, "JPEG", quality=85)
    return file.getvalue()


def test_what_the_own_reader_is_sure_of_is_answered_as_it_answers(passport: bytes) -> None:
    event = {"Image": {"Bytes": b64encode(passport).decode()}, "Filename": "front.jpg"}

    answers = [asked(event, CONTEXT) | {"walltime": 0} for asked in (own_reader, handler)]

    assert answers[0]["valid"]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(("blur_px", "asked"), [(3, []), (5, ["asked"])])
def test_fallback_engines_are_asked_only_where_the_own_reader_is_not_sure(
    passport: bytes, monkeypatch: pytest.MonkeyPatch, blur_px: float, asked: list[str]
) -> None:
    page = cv2.GaussianBlur(np.asarray(Pillow.open(io.BytesIO(passport)))[..., ::-1], (0, 0), blur_px)
    calls: list[str] = []
    monkeypatch.setattr(app, "FALLBACK_ENGINES", [lambda *_: calls.append("asked") or ()])  # type: ignore[func-returns-value]

    handler({"Image": {"Bytes": b64encode(cv2.imencode(".png", page)[1].tobytes()).decode()}}, CONTEXT)

    assert calls == asked


def test_a_barcode_is_left_to_the_other_function(passport: bytes) -> None:
    assert "barcode" not in handler({"Image": {"Bytes": b64encode(passport).decode()}, "Barcode": True}, CONTEXT)


def printed_words(picture: bytes, **event: Any) -> list[str]:
    answer = handler({"Image": {"Bytes": b64encode(picture).decode()}, "PrintedText": True, **event}, CONTEXT)
    assert json.loads(json.dumps(answer)) == answer
    return [word for line in answer["printed_text"] for word, confidence in line if confidence > MIN_WORD_CONFIDENCE]


def test_print_is_told_line_by_line_where_it_is_asked_for(passport: bytes) -> None:
    assert {"VOYAGER", "STELLA", "UX7204913"} <= set(printed_words(passport))


@pytest.mark.parametrize("degrees", [90, 180, 11])
def test_print_is_read_however_the_page_lies(passport: bytes, degrees: int) -> None:
    page, file = Pillow.open(io.BytesIO(passport)), io.BytesIO()
    page.rotate(degrees, Pillow.Resampling.BICUBIC, expand=True, fillcolor=(90, 80, 70)).save(file, "JPEG", quality=85)

    assert {"VOYAGER", "STELLA", "UX7204913"} <= set(printed_words(file.getvalue()))


def test_print_is_read_on_the_side_that_has_no_mrz() -> None:
    front, _ = specimen.render_card(specimen.IDENTITY, specimen.sample_portrait(), date(2026, 11, 22))
    file = io.BytesIO()
    front.convert("RGB").save(file, "JPEG", quality=85)

    assert {"VOYAGER", "STELLA", "UD5830267"} <= set(printed_words(file.getvalue()))


def test_print_is_not_read_where_nobody_asks(passport: bytes) -> None:
    assert "printed_text" not in handler({"Image": {"Bytes": b64encode(passport).decode()}}, CONTEXT)


@pytest.mark.parametrize("error", [RuntimeError, pytesseract.TesseractError(1, "crashed"), MemoryError])
def test_print_that_cannot_be_read_does_not_lose_the_mrz(
    passport: bytes, monkeypatch: pytest.MonkeyPatch, error: Any
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(pytesseract, "image_to_data", fail)

    answer = handler({"Image": {"Bytes": b64encode(passport).decode()}, "PrintedText": True}, CONTEXT)

    assert (answer["valid"], answer["printed_text"]) == (True, None)


def test_reading_print_ends_when_its_time_does(passport: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed_text, "MAX_SECONDS", 0.05)

    answer = handler({"Image": {"Bytes": b64encode(passport).decode()}, "PrintedText": True}, CONTEXT)

    assert (answer["valid"], answer["printed_text"]) == (True, None)


def test_bytes_of_no_picture_are_an_invalid_format() -> None:
    answer = handler({"Image": {"Bytes": b64encode(b"text named .jpg").decode()}}, CONTEXT)

    assert answer["__type"] == "InvalidImageFormatException"


def test_a_request_without_a_picture_is_an_invalid_parameter() -> None:
    assert handler({}, CONTEXT)["__type"] == "InvalidParameterException"
