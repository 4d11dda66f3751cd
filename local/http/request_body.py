"""The body of an HTTP/1.1 request, read to its end before anyone works on it, as RFC 9112 frames it and no other way.

werkzeug's own reader of chunked bodies is for development alone: one that ends early crashes the interpreter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from email.message import Message

MAX_LINE_BYTES = 1024  # of a chunk's size with its extensions, and of a trailer
MAX_TRAILER_BYTES = 10_240
LINE_END = b"\r\n"
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?", re.DOTALL)
LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)


class Source(Protocol):
    """Where bytes come from: a socket's file."""

    def read(self, size: int, /) -> bytes:
        """Read so many bytes, fewer only at the end."""

    def readline(self, size: int, /) -> bytes:
        """Read to the end of a line, but no more than so many bytes."""


@dataclass(frozen=True)
class Refused(Exception):
    """The front answers this request by itself: a status, and a sentence for whoever sent it."""

    status: int
    sentence: str


def announced_bytes(headers: Message) -> int | None:
    """Say how long a body is: None where it comes in chunks, 0 where there is none. Raises Refused."""
    lengths, codings = headers.get_all("Content-Length", []), headers.get_all("Transfer-Encoding", [])
    if codings and lengths:
        raise Refused(400, "The request has both a Content-Length and a Transfer-Encoding. Send one of them.")
    if codings:
        if [coding.strip().lower() for coding in codings] != ["chunked"]:
            raise Refused(400, "The Transfer-Encoding must be 'chunked', once, and nothing else.")
        return None
    if not lengths:
        return 0
    if len(set(lengths)) > 1 or not LENGTH.fullmatch(lengths[0].strip()):
        raise Refused(400, "The Content-Length is not one number of bytes.")
    return int(lengths[0])


def read_body(source: Source, announced: int | None, max_bytes: int) -> bytes:
    """Read a body that is as long as it says. Raises Refused as soon as it is known to be refused."""
    return _chunks(source, max_bytes) if announced is None else _counted(source, announced, max_bytes)


def too_large(max_bytes: int) -> Refused:
    """Refuse a body for its size."""
    return Refused(413, f"The body is larger than {max_bytes} bytes.")


def _counted(source: Source, announced: int, max_bytes: int) -> bytes:
    if announced > max_bytes:
        raise too_large(max_bytes)
    body = source.read(announced)
    if len(body) < announced:
        raise Refused(400, f"The body ends after {len(body)} bytes; its Content-Length says {announced}.")
    return body


def _chunks(source: Source, max_bytes: int) -> bytes:
    """Join the chunks. What frames them may be as long as a body, so that tiny ones come to an end too."""
    body, framing = bytearray(), 0
    while True:
        line = _line(source)
        size = CHUNK_SIZE.fullmatch(line)
        if size is None:
            raise Refused(400, "A chunk of the body does not begin with its size in hexadecimal digits.")
        length = int(size[1], 16)
        if length == 0:
            _skip_trailers(source)
            return bytes(body)
        framing += len(line) + 2 * len(LINE_END)
        if len(body) + length > max_bytes or framing > max_bytes:
            raise too_large(max_bytes)
        chunk = source.read(length + len(LINE_END))
        if len(chunk) < length + len(LINE_END):
            raise Refused(400, "The body ends in the middle of a chunk.")
        if not chunk.endswith(LINE_END):
            raise Refused(400, "A chunk of the body is not as long as it says.")
        body += chunk[:length]


def _line(source: Source) -> bytes:
    line = source.readline(MAX_LINE_BYTES)
    if not line.endswith(LINE_END):
        raise Refused(400, "The body ends, or a line of its chunked coding is too long or has no CRLF.")
    return line[: -len(LINE_END)]


def _skip_trailers(source: Source) -> None:
    skipped = 0
    while line := _line(source):
        skipped += len(line)
        if skipped > MAX_TRAILER_BYTES:
            raise Refused(400, f"The trailers are longer than {MAX_TRAILER_BYTES} bytes.")
