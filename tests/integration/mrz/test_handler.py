"""The function as Lambda calls it: an event in, an answer out."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from datetime import date
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from cari_common import rekognition
from functions.mrz.app import handler
from local import specimen

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTEXT: Any = None


@pytest.fixture(scope="module")
def passport() -> bytes:
    page = specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), date(2026, 11, 22))
    file = io.BytesIO()
    page.save(file, "JPEG", quality=85)
    return file.getvalue()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    rekognition.s3_client.cache_clear()
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield s3
    rekognition.s3_client.cache_clear()


def test_a_passport_in_s3_is_read_whole(passport: bytes, bucket: Any) -> None:
    bucket.put_object(Bucket="pictures", Key="images/front.jpg", Body=passport)
    place = {"Bucket": "pictures", "Name": "images/front.jpg"}

    answer = handler({"Image": {"S3Object": place}, "Filename": "front.jpg", "TimeBudget": 20.0}, CONTEXT)

    assert (answer["found"], answer["valid"], answer["valid_score"], answer["mrz_type"]) == (True, True, 100, "TD3")
    assert (answer["surname"], answer["names"], answer["filename"]) == ("VOYAGER", "STELLA NOVA", "front.jpg")
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.usefixtures("bucket")
def test_a_picture_that_is_not_there_is_an_invalid_object() -> None:
    answer = handler({"Image": {"S3Object": {"Bucket": "pictures", "Name": "missing.jpg"}}}, CONTEXT)

    assert answer["__type"] == "InvalidS3ObjectException"


def test_bytes_of_no_picture_are_an_invalid_format() -> None:
    answer = handler({"Image": {"Bytes": b64encode(b"text named .jpg").decode()}}, CONTEXT)

    assert answer["__type"] == "InvalidImageFormatException"


def test_a_request_without_a_picture_is_an_invalid_parameter() -> None:
    assert handler({}, CONTEXT)["__type"] == "InvalidParameterException"
