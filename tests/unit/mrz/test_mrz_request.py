from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from cari_aws.engine_requests import NoSuchPicture, Refusal, as_engine
from cari_aws.mrz_request import MrzRequest
from cari_core.errors import ImageRejected

BYTES = {"Image": {"Bytes": b64encode(b"picture").decode()}}


def test_a_picture_may_come_by_value() -> None:
    request = MrzRequest.of({**BYTES, "Filename": "front.jpg", "TimeBudget": 5})

    assert (request.picture, request.filename, request.time_budget_s) == (b"picture", "front.jpg", 5.0)


@pytest.mark.parametrize(("name", "field"), [("Barcode", "barcode"), ("PrintedText", "printed_text")])
def test_what_is_beside_the_mrz_is_read_only_where_it_is_asked_for(name: str, field: str) -> None:
    asked = [getattr(MrzRequest.of({**BYTES, **event}), field) for event in ({}, {name: False}, {name: True})]

    assert asked == [False, False, True]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Image": None},
        {"Image": {}},
        {"Image": {**BYTES["Image"], "Url": "https://b.s3.amazonaws.com/n"}},
        {**BYTES, "TimeBudget": 0},
        {**BYTES, "TimeBudget": "long"},
        {**BYTES, "TimeBudget": 21},
        {**BYTES, "Filename": 7},
        {**BYTES, "Barcode": "yes"},
        {**BYTES, "Barcode": 1},
        {**BYTES, "PrintedText": "yes"},
    ],
)
def test_an_event_that_asks_for_nothing_sensible_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        MrzRequest.of(event)


@pytest.mark.parametrize(
    "image", [{"Bytes": "not base64!"}, {"Bytes": None}, {"S3Object": {"Bucket": "b", "Name": "n"}}]
)
def test_a_picture_that_cannot_be_had_is_refused(image: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        MrzRequest.of({"Image": image})


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (Refusal("why"), "InvalidParameterException"),
        (NoSuchPicture("why"), "InvalidS3ObjectException"),
        (ImageRejected("why"), "InvalidImageFormatException"),
    ],
)
def test_refusals_are_answered_under_rekognitions_names(error: Exception, name: str) -> None:
    @as_engine
    def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
        raise error

    assert handler({}, None) == {"__type": name, "Message": "why"}
