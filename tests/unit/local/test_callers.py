import hashlib
import io

import boto3
import pytest
from botocore.config import Config
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from cari_verification.aws import bucket
from cari_verification.uploads import Promise
from local.http import callers

PORT, BUCKET, SECRET = 3001, "cari-local-bucket", "the functions' own"
PAGE = {"Origin": "https://page.example"}


@Request.application
def inner(request):
    return Response(f"seen {len(request.get_data())} {request.headers.get('Origin')}")


def refuse(refused):
    return Response(refused.sentence, refused.status)


def named(host):
    return Client(callers.by_our_names(inner, PORT, refuse)).get("/", headers={"Host": host})


@pytest.fixture
def cloud():
    return Client(callers.no_pages_but_uploads(inner, lambda: BUCKET, SECRET, refuse))


@pytest.fixture
def form(monkeypatch):
    monkeypatch.setattr(bucket, "name", lambda: BUCKET)
    client = boto3.client(
        "s3",
        region_name="eu-west-1",
        aws_access_key_id="local",
        aws_secret_access_key=SECRET,
        config=Config(signature_version="s3v4"),
    )
    promise = Promise("image/jpeg", 3, hashlib.sha256(b"abc").hexdigest())
    monkeypatch.setattr(bucket, "presigning_s3_client", lambda: client)
    fields = bucket.sign_upload("uploads/tenant/dev/name", promise, expires_in_s=60)["fields"]
    return {**fields, "file": (io.BytesIO(b"abc"), "me.jpg")}


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:3001",
        "localhost:3001",
        "LOCALHOST:3001",
        "[::1]:3001",
        "host.docker.internal:3001",
        "cari-local-bucket.localhost:3001",
        "cari-local-bucket.host.docker.internal:3001",
    ],
)
def test_a_name_of_this_machine_is_passed_on(host):
    assert named(host).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example:3001",
        "127.0.0.1.rebound.example:3001",
        "localhost.rebound.example:3001",
        "notlocalhost:3001",
        "127.0.0.1",
        "127.0.0.1:3000",
        "127.0.0.1:3001, rebound.example:3001",
        "127.0.0.1:3001@rebound.example",
        "0.0.0.0:3001",
        "",
    ],
)
def test_any_other_name_is_a_403(host):
    answer = named(host)

    assert (answer.status_code, "127.0.0.1:3001" in answer.text) == (403, True)


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}])
def test_programs_and_typed_addresses_are_passed_on(cloud, headers):
    assert cloud.get("/", headers=headers).text == "seen 0 None"


@pytest.mark.parametrize(
    "headers",
    [
        PAGE,
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": f"http://127.0.0.1:{PORT}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/{BUCKET}"),
        ("GET", f"/{BUCKET}/images/tenant/dev/id/front.jpg"),
        ("PUT", f"/{BUCKET}/images/tenant/dev/id/front.jpg"),
        ("DELETE", f"/{BUCKET}"),
        ("POST", "/"),
        ("GET", "/?Action=PurgeQueue"),
        ("POST", f"/{BUCKET}?delete"),
        ("POST", "/moto-api/reset"),
        ("GET", "/moto-api/data.json"),
        ("OPTIONS", "/"),
        ("OPTIONS", "/moto-api/reset"),
    ],
)
def test_web_pages_are_refused_and_may_read_nothing(cloud, method, path, headers):
    answer = cloud.open(path, method=method, headers=headers)

    assert (answer.status_code, "Access-Control-Allow-Origin" in answer.headers) == (403, False)


@pytest.mark.parametrize("path", [f"/{BUCKET}", f"/{BUCKET}/"])
def test_a_page_may_post_a_signed_form_to_the_bucket_and_read_the_answer(cloud, form, path):
    answer = cloud.post(path, data=form, headers=PAGE)

    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert answer.text.startswith("seen ")
    assert not answer.text.startswith("seen 0")


def test_a_page_may_post_to_the_buckets_own_name(cloud, form):
    answer = cloud.post("/", base_url=f"http://{BUCKET}.localhost:{PORT}", data=form, headers=PAGE)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"key": "batch/tenant/dev/job.json"},
        {"policy": ""},
        {"x-amz-signature": "0" * 64},
    ],
)
def test_a_page_may_post_no_other_form(cloud, form, change):
    answer = cloud.post(f"/{BUCKET}", data=form | change, headers=PAGE)

    assert (answer.status_code, "Access-Control-Allow-Origin" in answer.headers) == (403, False)


@pytest.mark.parametrize(
    "service",
    [
        {"X-Amz-Target": "DynamoDB_20120810.PutItem"},
        {"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/dynamodb/aws4_request, Signature=y"},
    ],
)
def test_a_page_may_not_reach_another_service_by_the_bucket(cloud, form, service):
    assert cloud.post(f"/{BUCKET}", data=form, headers=PAGE | service).status_code == 403


def test_a_browser_may_ask_before_it_posts(cloud):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-progress"}

    answer = cloud.options(f"/{BUCKET}", headers=PAGE | asked)

    told = {name: value for name, value in answer.headers if name.startswith("Access-Control-Allow")}
    assert (answer.status_code, told) == (
        200,
        {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "x-progress",
        },
    )
