"""botocore signs a form as the API does, and the local bucket checks it."""

import hashlib
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.config import Config

from cari_verification.aws import bucket
from cari_verification.uploads import Promise
from local.http.presigned import is_presigned

SECRET = "the functions' own"
KEY = "uploads/tenant/dev/name"
PROMISE = Promise("image/jpeg", 3, hashlib.sha256(b"abc").hexdigest())


@pytest.fixture
def form(monkeypatch):
    monkeypatch.setattr(bucket, "name", lambda: "bucket")
    client = boto3.client(
        "s3",
        region_name="eu-west-1",
        aws_access_key_id="local",
        aws_secret_access_key=SECRET,
        config=Config(signature_version="s3v4"),
    )
    monkeypatch.setattr(bucket, "presigning_s3_client", lambda: client)
    fields = bucket.sign_upload(KEY, PROMISE, expires_in_s=60)["fields"]
    return {name: [value] for name, value in fields.items()}


def test_a_form_as_it_was_signed_is_presigned(form):
    assert is_presigned(form, "bucket", SECRET)


@pytest.mark.parametrize(
    "change",
    [
        {"key": ["images/tenant/dev/somebody-elses"]},
        {"key": [KEY, "images/tenant/dev/somebody-elses"]},
        {"Key": ["images/tenant/dev/somebody-elses"]},
        {"success_action_redirect": ["https://example.com"]},
        {"Content-Type": ["text/html"]},
        {"x-amz-signature": ["0" * 64]},
        {"x-amz-signature": ["é"]},
        {"x-amz-credential": ["local"]},
        {"policy": ["bm90IEpTT04="]},
        {"policy": ["é"]},
    ],
)
def test_a_form_that_says_something_else_is_not(form, change):
    assert not is_presigned(form | change, "bucket", SECRET)


@pytest.mark.parametrize("missing", ["policy", "x-amz-signature", "x-amz-credential", "key", "Content-Type"])
def test_a_form_that_leaves_something_out_is_not(form, missing):
    del form[missing]

    assert not is_presigned(form, "bucket", SECRET)


def test_a_form_for_another_bucket_is_not(form):
    assert not is_presigned(form, "another", SECRET)


def test_a_form_that_somebody_else_signed_is_not(form):
    assert not is_presigned(form, "bucket", "local")


def test_a_form_whose_time_is_over_is_not(form):
    assert not is_presigned(form, "bucket", SECRET, now=datetime.now(UTC) + timedelta(seconds=61))
