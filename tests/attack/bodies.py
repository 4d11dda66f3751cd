"""Bodies that no library writes: forms, JSON, and bytes on the wire."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.attack.forms import BOUNDARY, FORM, form, part
from tests.attack.target import HANG_S, Record, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

JSON = "application/json"
SURE_BAD = 400
FIELDS = (
    "selfie",
    "front",
    "type",
    "reference",
    "metadata",
    "retention_days",
    "policy",
    "files",
    "name",
    "scopes",
    "decision",
)
VALUES = (
    "null",
    "true",
    "-1",
    "1e999",
    "[]",
    "{}",
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"' + "x" * 60_000 + '"',
    "[[[[]]]]",
    "1" * 400,
)
TAKING_JSON = (
    ("POST", "/identity/verify"),
    ("POST", "/identity/uploads"),
    ("POST", "/identity/keys"),
    ("POST", "/identity/verify/" + "0" * 24 + "/review"),
    ("POST", "/identity/verify/" + "0" * 24 + "/evaluate"),
    ("PUT", "/identity/policies/attacked"),
)


def attack(stack: Stack, selfie: bytes, passport: bytes) -> Iterator[Record]:
    """Post every body once."""
    yield _forms(stack, selfie, passport)
    yield _json(stack)
    yield _wire(stack)


def _forms(stack: Stack, selfie: bytes, passport: bytes) -> Record:
    record, sound = Record("bodies: forms"), form(selfie, passport)
    end = f"--{BOUNDARY}--\r\n".encode()
    wrong = {
        "nothing": b"",
        "only its end": end,
        "cut off": sound[:-400],
        "half": sound[: len(sound) // 2],
        "bare line feeds": sound.replace(b"\r\n", b"\n"),
        "text as a file": form(selfie, passport, part("policy", b"default", "policy.txt")),
        "a file as text": sound.replace(b'; filename="selfie.jpg"', b""),
        "an unknown part": form(selfie, passport, part("polcy", b"default")),
        "a part twice": form(selfie, passport, part("type", b"card")),
        "a long filename": sound.replace(b"selfie.jpg", b"x" * 330_000),
        "a filename of lines": sound.replace(b"selfie.jpg", b"a\r\nX-Injected: 1"),
        "a name of bytes": form(selfie, passport, part("\x00\xff", b"x")),
        "50,000 parts": part("x", b"") * 50_000 + end,
        "headers without end": b"--frontier\r\n" + b"A: b\r\n" * 200_000,
        "text that is no text": form(selfie, passport, part("reference", b"\xff\xfe")),
        "metadata that nests": form(selfie, passport, part("metadata", b"[" * 100_000)),
        "metadata of 10,000 keys": form(
            selfie, passport, part("metadata", json.dumps({f"k{n}": "v" for n in range(10_000)}).encode())
        ),
        "days in other digits": form(selfie, passport, part("retention_days", "٣".encode())),
    }
    for what, body in wrong.items():
        answer = ask(stack, "POST", "/identity/verify", key=stack.key, body=body, Content_Type=FORM)
        record.note(what, answer.status, answer.took_s)
        record.claim(f"{what}: taken", answer.status >= SURE_BAD)
    for kind in ("BOUNDARY=", 'boundary=""', "boundary=" + "x" * 5000, "", "boundary=\xe9"):
        answer = ask(
            stack, "POST", "/identity/verify", key=stack.key, body=sound, Content_Type=f"multipart/form-data; {kind}"
        )
        record.note(f"Content-Type {kind[:40]!r}", answer.status, answer.took_s)
        record.claim(f"Content-Type {kind[:40]!r}: taken", answer.status >= SURE_BAD)
    return record


def _json(stack: Stack) -> Record:
    record = Record("bodies: JSON")
    texts = ["", "[", "[" * 100_000, '{"a":' * 40_000, "\ufeff{}", "NaN", '{"a": NaN}', '{"a": 1, "a": 2}', "{}" * 2]
    texts += [json.dumps({f"k{n}": 1 for n in range(100_000)}), json.dumps({"accepted_countries": ["DEU"] * 400_000})]
    texts += [f'{{"{name}": {value}}}' for name in FIELDS for value in VALUES]
    for number, text in enumerate(texts):
        method, path = TAKING_JSON[number % len(TAKING_JSON)]
        answer = ask(stack, method, path, key=stack.key, body=text.encode(), Content_Type=JSON)
        record.note(f"{method} {path} {text[:60]!r}", answer.status, answer.took_s)
    return record


def _wire(stack: Stack) -> Record:
    """Write requests that no client writes. No answer at all is an answer here; the service must live on."""
    record = Record("bodies: on the wire")
    head = f"POST /identity/verify HTTP/1.1\r\nHost: {urlsplit(stack.url).netloc}\r\nAuthorization: {stack.key}\r\n"
    chunked = head + "Content-Type: " + FORM + "\r\nTransfer-Encoding: chunked\r\n\r\n"
    sent = {
        "a chunk of no size": chunked + "\r\nabc\r\n",
        "a chunk of a wrong size": chunked + "zz\r\nabc\r\n0\r\n\r\n",
        "a chunk of a negative size": chunked + "-5\r\nabc\r\n0\r\n\r\n",
        "a chunk of an endless size": chunked + "f" * 64 + "\r\nabc\r\n",
        "a chunk without its end": chunked + "3\r\nabcdef\r\n0\r\n\r\n",
        "chunks that stop": chunked + "5\r\nab",
        "a chunk with extensions": chunked + "3;" + "x" * 20_000 + "\r\nabc\r\n0\r\n\r\n",
        "20,000 small chunks": chunked + "1\r\na\r\n" * 20_000 + "0\r\n\r\n",
        "trailers": chunked + "0\r\n" + "X: y\r\n" * 5000 + "\r\n",
        "two lengths": head + "Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
        "a length and chunks": head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "a length that is no number": head + "Content-Length: many\r\n\r\nabc",
        "a negative length": head + "Content-Length: -1\r\n\r\nabc",
        "a header of 200 kB": head + "X: " + "y" * 200_000 + "\r\n\r\n",
        "20,000 headers": head + "".join(f"X{n}: y\r\n" for n in range(20_000)) + "\r\n",
        "no version": "GET /\r\n\r\n",
        "no method": " / HTTP/1.1\r\n\r\n",
        "bytes": "\x00\x01\x02\xff" * 100,
    }
    for what, text in sent.items():
        began = time.monotonic()
        status = _spoken(stack, text.encode("latin-1"))
        record.statuses[status] += 1
        record.claim(f"{what}: {status}", status < 500)  # HTTP's server errors
        record.claim(f"{what}: hangs", time.monotonic() - began < HANG_S)
        alive = ask(stack, "GET", "/llms.txt", key=None).status
        record.claim(f"{what}: the service is gone after it", alive == 200)  # HTTP's OK
    return record


def _spoken(stack: Stack, text: bytes) -> int:
    """Send bytes, say that no more come, and read the status of whatever is answered; 0 where nothing is."""
    address = urlsplit(stack.url)
    try:
        with socket.create_connection((address.hostname, address.port), timeout=HANG_S) as speaking:
            speaking.sendall(text)
            speaking.shutdown(socket.SHUT_WR)
            answer = speaking.recv(65_536)
    except OSError:
        return 0
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
