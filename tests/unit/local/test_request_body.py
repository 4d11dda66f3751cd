import io
from email.message import Message

import pytest

from local.http.request_body import Refused, announced_bytes, read_body

LIMIT = 100


def chunked(wire):
    return read_body(io.BytesIO(wire), None, LIMIT)


def headers(*pairs):
    message = Message()
    for name, value in pairs:
        message[name] = value
    return message


def status_of(read, *arguments):
    with pytest.raises(Refused) as refused:
        read(*arguments)
    assert refused.value.sentence.endswith(".")
    return refused.value.status


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        (b"0\r\n\r\n", b""),
        (b"3\r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", b"abc0123456789"),
        (b"0003;name=value;other\r\nabc\r\n0;last\r\n\r\n", b"abc"),
        (b"3\r\nabc\r\n0\r\nX-Checksum: 1\r\nX-More: 2\r\n\r\n", b"abc"),
        (b"4\r\na\r\nb\r\n0\r\n\r\nGET / HTTP/1.1\r\n", b"a\r\nb"),
    ],
)
def test_chunks_are_joined(wire, body):
    assert chunked(wire) == body


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"3",
        b"3\r\n",
        b"3\r\nab",
        b"3\r\nabc",
        b"3\r\nabc\r\n",
        b"3\r\nabc\r\n0",
        b"3\r\nabc\r\n0\r\n",
        b"3\r\nabcd\r\n0\r\n\r\n",
        b"3\r\nabc0\r\n\r\n",
        b"3\nabc\n0\n\n",
        b"\r\nabc\r\n0\r\n\r\n",
        b"xyz\r\nabc\r\n0\r\n\r\n",
        b"-3\r\nabc\r\n0\r\n\r\n",
        b"+3\r\nabc\r\n0\r\n\r\n",
        b"0x3\r\nabc\r\n0\r\n\r\n",
        b"1_0\r\n0123456789abcdef\r\n0\r\n\r\n",
        b" 3\r\nabc\r\n0\r\n\r\n",
        b"3" * 400 + b"\r\nabc",
        b"3;" + b"x" * 10_000 + b"\r\nabc\r\n0\r\n\r\n",
        b"0\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
    ],
)
def test_chunks_that_are_not_as_they_say_are_a_400(wire):
    assert status_of(chunked, wire) == 400


@pytest.mark.parametrize(
    "wire",
    [
        b"65\r\n" + b"x" * 101 + b"\r\n0\r\n\r\n",
        b"32\r\n" + b"x" * 50 + b"\r\n33\r\n" + b"x" * 51 + b"\r\n0\r\n\r\n",
        b"fffffffffffffff\r\nx",
        b"1\r\nx\r\n" * 50 + b"0\r\n\r\n",
    ],
    ids=["one", "two", "huge", "mostly framing"],
)
def test_chunks_beyond_the_limit_are_a_413(wire):
    assert status_of(chunked, wire) == 413


def test_a_counted_body_is_read_and_no_more():
    assert read_body(io.BytesIO(b"abcdef"), 3, LIMIT) == b"abc"


@pytest.mark.parametrize(("announced", "status"), [(7, 400), (101, 413), (10**17, 413)])
def test_a_counted_body_must_be_whole_and_within_the_limit(announced, status):
    assert status_of(read_body, io.BytesIO(b"abcdef"), announced, LIMIT) == status


@pytest.mark.parametrize(
    ("pairs", "announced"),
    [
        ([], 0),
        ([("Content-Length", "17")], 17),
        ([("Content-Length", "17"), ("Content-Length", "17")], 17),
        ([("Transfer-Encoding", " Chunked ")], None),
    ],
)
def test_the_headers_say_how_long_the_body_is(pairs, announced):
    assert announced_bytes(headers(*pairs)) == announced


@pytest.mark.parametrize(
    "pairs",
    [
        [("Content-Length", "-1")],
        [("Content-Length", "+1")],
        [("Content-Length", "1_0")],
        [("Content-Length", "٣")],
        [("Content-Length", "")],
        [("Content-Length", "9" * 400)],
        [("Content-Length", "1"), ("Content-Length", "2")],
        [("Content-Length", "1, 1")],
        [("Content-Length", "1"), ("Transfer-Encoding", "chunked")],
        [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
        [("Transfer-Encoding", "gzip, chunked")],
        [("Transfer-Encoding", "identity")],
        [("Transfer-Encoding", "xchunked")],
    ],
)
def test_headers_that_leave_the_length_open_are_a_400(pairs):
    assert status_of(announced_bytes, headers(*pairs)) == 400
