"""The function as Lambda calls it: an event in, an answer out."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from datetime import date
from typing import Any

import cv2
import pytest

from cari_barcode import compose
from cari_mrz import engine
from functions.mrz import barcode
from functions.mrz.app import handler
from specimens import specimen
from tests.benchmarks.barcode.cards import back
from tests.benchmarks.barcode.conditions import shot
from tests.served_pictures import picture_at  # noqa: F401  # a fixture

CONTEXT: Any = None


@pytest.fixture(scope="module")
def passport() -> bytes:
    page = specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), date(2026, 11, 22))
    file = io.BytesIO()
    page.save(file, "JPEG", quality=85)
    return file.getvalue()


def test_a_passport_at_an_address_is_read_whole(passport: bytes, picture_at: Any) -> None:  # noqa: F811
    image = {"Url": picture_at("images/front.jpg", passport)}

    answer = handler({"Image": image, "Filename": "front.jpg", "TimeBudget": 20.0}, CONTEXT)

    assert (answer["found"], answer["valid"], answer["valid_score"], answer["mrz_type"]) == (True, True, 100, "TD3")
    assert (answer["surname"], answer["names"], answer["filename"]) == ("VOYAGER", "STELLA NOVA", "front.jpg")
    assert json.loads(json.dumps(answer)) == answer


LICENCE = compose({"number": "D1234562", "surname": "SPECIMEN", "date_of_birth": date(1990, 1, 15)}, version=9)


def inline(card: Any) -> dict[str, Any]:
    return {"Image": {"Bytes": b64encode(cv2.imencode(".jpg", card)[1].tobytes()).decode()}}


def test_a_licences_barcode_is_told_where_it_is_asked_for() -> None:
    answer = handler({**inline(shot(back(LICENCE))), "Barcode": True, "TimeBudget": 5}, CONTEXT)

    licence = answer["barcode"]
    assert (licence["found"], licence["format"], licence["standard"], licence["version"]) == (
        True,
        "PDF417",
        "AAMVA",
        9,
    )
    assert (licence["country"], licence["jurisdiction"], licence["number"]) == ("USA", "CA", "D1234562")
    assert (licence["date_of_birth"], licence["reason"], len(licence["corners"])) == (
        "1990-01-15",
        None,
        4,
    )
    assert json.loads(json.dumps(answer)) == answer


def test_a_barcode_is_not_looked_for_where_nobody_asks() -> None:
    assert "barcode" not in handler({**inline(shot(back(LICENCE), width=800)), "TimeBudget": 2}, CONTEXT)


def test_a_passport_is_read_as_ever_where_its_barcode_is_asked_for(passport: bytes) -> None:
    answer = handler({"Image": {"Bytes": b64encode(passport).decode()}, "Barcode": True}, CONTEXT)

    assert (answer["valid"], answer["barcode"]["found"], answer["barcode"]["reason"]) == (True, False, "no_barcode")


def test_a_barcode_that_cannot_be_looked_for_does_not_lose_the_mrz(
    passport: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_image: Any, **_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(barcode, "read_licence", fail)

    answer = handler({"Image": {"Bytes": b64encode(passport).decode()}, "Barcode": True}, CONTEXT)

    assert (answer["valid"], answer["barcode"]) == (True, None)


def test_printed_text_is_left_to_the_fallback_function(passport: bytes) -> None:
    answer = handler({"Image": {"Bytes": b64encode(passport).decode()}, "PrintedText": True}, CONTEXT)

    assert (answer["valid"], "printed_text" in answer) == (True, False)


def test_the_answer_is_the_own_readers_and_names_it(passport: bytes) -> None:
    answer = handler({"Image": {"Bytes": b64encode(passport).decode()}}, CONTEXT)

    assert (answer["method"], answer["engine"]) == ("cari", engine.identity())


def test_a_picture_that_is_not_there_is_an_invalid_object(picture_at: Any) -> None:  # noqa: F811
    answer = handler({"Image": {"Url": picture_at("missing.jpg")}}, CONTEXT)

    assert answer["__type"] == "InvalidS3ObjectException"


def test_bytes_of_no_picture_are_an_invalid_format() -> None:
    answer = handler({"Image": {"Bytes": b64encode(b"text named .jpg").decode()}}, CONTEXT)

    assert answer["__type"] == "InvalidImageFormatException"


def test_a_request_without_a_picture_is_an_invalid_parameter() -> None:
    assert handler({}, CONTEXT)["__type"] == "InvalidParameterException"
