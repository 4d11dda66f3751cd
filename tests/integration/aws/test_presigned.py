"""Pictures fetched by signed addresses: those of our bucket, and no others."""

import pytest

from cari_aws import presigned
from cari_core import settings
from tests.served_pictures import picture_at  # noqa: F401  # a fixture

LISTING = b"<Error><Code>AccessDenied</Code><Message>not authorized to perform: s3:ListBucket</Message></Error>"
READING = b"<Error><Code>AccessDenied</Code><Message>not authorized to perform: s3:GetObject</Message></Error>"
EXPIRED = b"<Error><Code>AccessDenied</Code><Message>Request has expired: s3:GetObject</Message></Error>"


@pytest.fixture
def in_aws(monkeypatch):
    monkeypatch.setenv("BUCKET", "cari-pictures")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")
    settings.forget()
    yield
    settings.forget()


def test_what_is_at_an_address_is_fetched(picture_at):  # noqa: F811
    address = picture_at("images/1/front.jpg", b"picture")

    assert presigned.is_of_our_bucket(address)
    assert presigned.fetch(address, max_bytes=7) == b"picture"


def test_what_is_too_large_is_not_read(picture_at):  # noqa: F811
    with pytest.raises(presigned.ObjectTooLarge):
        presigned.fetch(picture_at("images/1", b"picture"), max_bytes=6)


@pytest.mark.parametrize("answer", [(404, b"<Error><Code>NoSuchKey</Code></Error>"), (403, LISTING)])
def test_what_is_not_there_is_missing(picture_at, answer):  # noqa: F811
    with pytest.raises(presigned.NoSuchObject):
        presigned.fetch(picture_at("images/1", answer), max_bytes=9)


@pytest.mark.parametrize("answer", [(403, READING), (403, EXPIRED), (503, b""), (301, b"", ("Location", "/x"))])
def test_what_is_not_given_is_not_missing(picture_at, answer):  # noqa: F811
    with pytest.raises(presigned.NotFetched):
        presigned.fetch(picture_at("images/1", answer), max_bytes=9)


def test_where_nobody_listens_nothing_is_fetched():
    with pytest.raises(presigned.NotFetched):
        presigned.fetch("http://127.0.0.1:9/pictures/1", max_bytes=9)


@pytest.mark.usefixtures("in_aws")
@pytest.mark.parametrize(
    "address",
    [
        "https://cari-pictures.s3.eu-west-1.amazonaws.com/images/1?X-Amz-Signature=1",
        "https://cari-pictures.s3.amazonaws.com/images/1",
        "https://cari-pictures.s3.cn-north-1.amazonaws.com.cn/images/1",
    ],
)
def test_an_address_of_the_bucket_is_ours(address):
    assert presigned.is_of_our_bucket(address)


@pytest.mark.usefixtures("in_aws")
@pytest.mark.parametrize(
    "address",
    [
        "http://cari-pictures.s3.eu-west-1.amazonaws.com/images/1",
        "https://other.s3.eu-west-1.amazonaws.com/images/1",
        "https://cari-pictures.s3.example.com/images/1",
        "https://cari-pictures.s3.eu-west-1.amazonaws.com@example.com/images/1",
        "https://cari-pictures.s3.eu-west-1.amazonaws.com:8443/images/1",
        "https://x@cari-pictures.s3.eu-west-1.amazonaws.com/images/1",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://[",
        "https://cari-pictures.s3.eu-west-1.amazonaws.com/" + "a" * 9000,
        "",
    ],
)
def test_no_other_address_is(address):
    assert not presigned.is_of_our_bucket(address)
