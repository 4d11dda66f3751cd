"""Requests that no HTTP library would send, byte by byte, to both ports of the stack."""

import socket
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.config import Config
from werkzeug.wrappers import Response

from local.http import serving

PATIENCE_S = 60
MEBIBYTE = 1024 * 1024


@pytest.fixture
def ask(stack):
    """Send bytes to the API, as they are but for the port; give the status and what came after it."""

    def ask(request: bytes, *, url=None, half_close=True):
        port = urlsplit(url or stack.url).port
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
            connection.sendall(request.replace(b"PORT", str(port).encode()))
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        return int(answer.split(b" ", 2)[1]), answer

    return ask


def post(*headers: str, body: bytes = b"") -> bytes:
    head = [
        "POST /identity/verify HTTP/1.1",
        "Host: 127.0.0.1:PORT",
        "Content-Type: application/json",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(head).encode("latin-1") + body


def get(*headers: str, path: str = "/openapi.json", host: str = "127.0.0.1:PORT") -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode("latin-1")


CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (post(CHUNKED, body=b"2\r\n{}\r\n0\r\n\r\n"), 401),
        (post(CHUNKED, body=b"1;x=y\r\n{\r\n1\r\n}\r\n0\r\nX-Trailer: z\r\n\r\n"), 401),
        (post(CHUNKED, body=b"1\r\n \r\n" * 20_000 + b"0\r\n\r\n"), 401),
        (post(CHUNKED, body=b"ff\r\n{}"), 400),
        (post(CHUNKED, body=b"ffffffffffffff\r\n{}"), 413),
        (post(CHUNKED, body=b"f" * 400 + b"\r\n{}"), 400),
        (post(CHUNKED, body=b"-2\r\n{}\r\n0\r\n\r\n"), 400),
        (post(CHUNKED, body=b"two\r\n{}\r\n0\r\n\r\n"), 400),
        (post(CHUNKED, body=b"2\r\n{}0\r\n\r\n"), 400),
        (post(CHUNKED), 400),
        (post(CHUNKED, CHUNKED, body=b"2\r\n{}\r\n0\r\n\r\n"), 400),
        (post(CHUNKED, "Content-Length: 2", body=b"2\r\n{}\r\n0\r\n\r\n"), 400),
        (post("Transfer-Encoding: gzip, chunked", body=b"2\r\n{}\r\n0\r\n\r\n"), 400),
        (post(CHUNKED).replace(b"HTTP/1.1", b"HTTP/1.0"), 400),
        (post("Content-Length: -1"), 400),
        (post("Content-Length: 2", "Content-Length: 3", body=b"{}"), 400),
        (post("Content-Length: 20", body=b"{}"), 400),
        (post("Content-Length: 99999999999"), 413),
        (post("Expect: 100-continue", "Content-Length: 99999999999"), 413),
        (get("X-Long: " + "x" * 10_240), 431),
        (get("X-Long: " + "x" * 100_000), 431),
        (get(*(f"X-{number}: x" for number in range(200))), 431),
        (get(path="/" + "x" * 70_000), 414),
        (get("X-Folded: a\r\n b"), 400),
        (get("X-No-Colon"), 400),
        (get("X-Space : x"), 400),
        (get("X-Null: \0"), 400),
        (get(path="http://[::1"), 400),
        (get().replace(b"GET", b"G\xe9T"), 400),
        (b"GET /openapi.json\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n", 400),
    ],
)
def test_what_http_forbids_is_a_problem_and_the_stack_goes_on(stack, ask, request_bytes, status):
    answered, answer = ask(request_bytes)

    assert (answered, b"\r\nContent-Type: application/problem+json" in answer) == (status, True)
    assert requests.get(f"{stack.url}/openapi.json", timeout=PATIENCE_S).status_code == 200


def test_of_requests_in_one_go_the_first_is_answered_and_the_connection_closed(ask):
    status, answer = ask(get() + get(path="/nowhere"))

    assert (status, answer.count(b"HTTP/1.1 ")) == (200, 1)


def test_a_client_that_sends_on_hears_that_its_chunks_are_too_many(ask):
    piece = b"100000\r\n" + b"x" * MEBIBYTE + b"\r\n"

    status, _ = ask(post(CHUNKED, body=piece * 20 + b"0\r\n\r\n"), half_close=False)

    assert status == 413


def test_a_body_is_asked_for_only_where_it_will_be_taken(ask):
    _, small = ask(post("Expect: 100-continue", "Content-Length: 2", body=b"{}"))
    _, large = ask(post("Expect: 100-continue", "Content-Length: 20000000"))

    assert (small.count(b"100 Continue"), large.count(b"100 Continue")) == (1, 0)


@pytest.mark.parametrize("port_of", ["api", "cloud"])
@pytest.mark.parametrize("host", ["rebound.example:PORT", "127.0.0.1", "127.0.0.1:1"])
def test_a_name_that_is_not_this_machines_gets_a_403(stack, ask, port_of, host):
    status, answer = ask(get(host=host), url=stack.url if port_of == "api" else stack.cloud.endpoint_url)

    assert (status, b"Ask for this under a name of this machine" in answer) == (403, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/BUCKET?list-type=2"), ("PUT", "/BUCKET/mine"), ("POST", "/moto-api/reset"), ("OPTIONS", "/BUCKET/mine")],
)
def test_a_web_page_gets_nothing_from_the_cloud(stack, method, path):
    url = stack.cloud.endpoint_url + path.replace("BUCKET", stack.cloud.outputs["Bucket"])

    answer = requests.request(method, url, headers={"Origin": "https://page.example"}, timeout=PATIENCE_S)

    assert (answer.status_code, [name for name in answer.headers if name.startswith("Access-Control")]) == (403, [])


def test_a_program_is_told_nothing_of_cors_by_the_cloud(stack):
    answer = requests.get(f"{stack.cloud.endpoint_url}/{stack.cloud.outputs['Bucket']}", timeout=PATIENCE_S)

    assert [name for name in answer.headers if name.startswith("Access-Control")] == []


def test_a_browser_sends_an_upload_by_the_form_that_the_api_signed(stack):
    file = {"side": "front", "content_type": "image/jpeg", "size_bytes": 3, "sha256": "00" * 32}
    asked = requests.post(
        f"{stack.url}/identity/uploads",
        json={"files": [file]},
        headers={"Authorization": stack.key, "Origin": "https://page.example"},
        timeout=PATIENCE_S,
    )
    offered = asked.json()["uploads"][0]

    answers = [
        requests.post(
            offered["url"],
            data=offered["fields"] | change,
            files={"file": ("me.jpg", b"abc")},
            headers={"Origin": "https://page.example", "Sec-Fetch-Site": "cross-site"},
            timeout=PATIENCE_S,
        )
        for change in ({}, {"key": "batch/tenant/dev/job.json"})
    ]

    assert [answer.status_code for answer in answers] == [204, 403]
    assert answers[0].headers["Access-Control-Allow-Origin"] == "*"


def test_a_bucket_is_reached_by_a_name_of_its_own(stack, ask):
    bucket = stack.cloud.outputs["Bucket"]
    stack.cloud.client("s3").put_object(Bucket=bucket, Key="by-name", Body=b"abc")
    signed = "Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/s3/aws4_request, Signature=x"
    asked = get(signed, path="/by-name", host=f"{bucket}.localhost:PORT")

    status, answer = ask(asked, url=stack.cloud.endpoint_url)

    assert (status, answer.endswith(b"abc")) == (200, True)


def test_an_sdk_that_sends_chunks_is_understood(stack):
    s3 = boto3.client(
        "s3",
        endpoint_url=stack.cloud.endpoint_url,
        region_name="eu-west-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )
    bucket = stack.cloud.outputs["Bucket"]

    def pieces():
        yield from [b"abc"] * 3

    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "chunks"})
    requests.put(url, data=pieces(), timeout=PATIENCE_S).raise_for_status()

    assert s3.get_object(Bucket=bucket, Key="chunks")["Body"].read() == b"abcabcabc"


def test_a_body_that_does_not_arrive_in_time_is_a_408(monkeypatch):
    monkeypatch.setattr(serving, "RECEIVING_S", 0.5)
    with (
        serving.claimed(0) as listener,
        serving.serving(Response("never asked"), listener, lambda refused: Response(refused.sentence, refused.status)),
        socket.create_connection(listener.getsockname(), timeout=PATIENCE_S) as connection,
    ):
        connection.sendall(post("Content-Length: 20", body=b"{}"))

        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")
