"""WSGI applications on 127.0.0.1: a port is claimed first, so that one that is taken is known at once.

An application sees whole, well-formed requests only. What HTTP itself forbids is answered before it.
"""

from __future__ import annotations

import contextlib
import io
import re
import socket
import threading
import time
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from werkzeug.serving import WSGIRequestHandler, make_server

from local.http.request_body import Refused, announced_bytes, read_body, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from wsgiref.types import WSGIApplication

    from werkzeug.wrappers import Response

HOST = "127.0.0.1"
BACKLOG = 128
SHUTDOWN_POLL_S = 0.05
RECEIVING_S = 60.0  # for a whole request to arrive
SILENCE_S = 2.0  # after which a client whose request was refused has no more to send
PIECE_BYTES = 1 << 16
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110: a method, a header's name
UNPRINTABLE = re.compile(r"[\0-\x08\x0a-\x1f\x7f]")  # all control characters but the tab
BROKEN_HEADERS = (FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect)


class PortRefused(Exception):
    """Another program listens there, or this one may not, or there is no such port."""


@contextlib.contextmanager
def claimed(port: int) -> Iterator[socket.socket]:
    """Claim a port, any free one for 0. Raises PortRefused."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise PortRefused(
                f"Cannot listen on {HOST}:{port}: {error.strerror}. Choose another with PORT=…"
            ) from error
        listener.listen(BACKLOG)
        yield listener


def url_of(listener: socket.socket) -> str:
    """Say where an application on a claimed port will answer."""
    return f"http://{HOST}:{port_of(listener)}"


def port_of(listener: socket.socket) -> int:
    """Name a claimed port."""
    port: int = listener.getsockname()[1]
    return port


@contextlib.contextmanager
def serving(
    application: WSGIApplication,
    listener: socket.socket,
    refuse: Callable[[Refused], Response],
    handler: type[RequestHandler] | None = None,
) -> Iterator[str]:
    """Serve an application on a claimed port until the block ends; give its URL. `refuse` words a refusal."""
    server = make_server(
        HOST,
        port_of(listener),
        application,
        threaded=True,
        request_handler=type("Handler", (handler or RequestHandler,), {"refuse": staticmethod(refuse)}),
        fd=listener.fileno(),
    )
    thread = threading.Thread(target=server.serve_forever, args=(SHUTDOWN_POLL_S,), daemon=True)
    thread.start()
    try:
        yield url_of(listener)
    finally:
        server.shutdown()
        thread.join()


class RequestHandler(WSGIRequestHandler):
    """Reads one request whole, and gives the application nothing that HTTP forbids."""

    protocol_version = "HTTP/1.1"
    max_body_bytes: ClassVar[int] = 10 * 1024 * 1024
    max_header_bytes: ClassVar[int] = 1 << 20  # of the request line and all headers
    refuse: ClassVar[Callable[[Refused], Response]]

    def setup(self) -> None:
        """Read from the socket for no longer than RECEIVING_S."""
        super().setup()
        self.rfile = io.BufferedReader(_Arriving(self.connection), PIECE_BYTES)

    def parse_request(self) -> bool:
        """Read the request line and the headers; False where they were refused."""
        if len(self.raw_requestline.split()) == len(("GET", "/")):
            self._answer(
                Refused(400, "HTTP/0.9 is not spoken here: send the version in the request line, and headers.")
            )
            return False
        if not super().parse_request():
            return False
        try:
            self._check_head()
        except Refused as refused:
            self._answer(refused)
            return False
        return True

    def handle_expect_100(self) -> bool:
        """Ask for the body only where it will be taken; `run_wsgi` does."""
        return True

    def run_wsgi(self) -> None:
        """Read the body, then let the application answer."""
        try:
            announced = announced_bytes(self.headers)
            if self.headers.get("Expect", "").strip().lower() == "100-continue":
                if (announced or 0) > self.max_body_bytes:
                    raise too_large(self.max_body_bytes)
                self.send_response_only(HTTPStatus.CONTINUE)
                self.end_headers()
            body = read_body(self.rfile, announced, self.max_body_bytes)
        except TimeoutError:
            self._answer(Refused(408, f"The request did not arrive within {RECEIVING_S:.0f} seconds."))
            return
        except Refused as refused:
            self._answer(refused)
            return
        for name in ("Expect", "Transfer-Encoding", "Content-Length"):
            del self.headers[name]
        self.headers["Content-Length"] = str(len(body))
        self.rfile = io.BufferedReader(io.BytesIO(body))
        self.connection.settimeout(RECEIVING_S)  # now for the answer to be taken
        super().run_wsgi()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what http.server cannot read: a request line, a version, too many headers. It is never our fault."""
        status = HTTPStatus.BAD_REQUEST if code >= HTTPStatus.INTERNAL_SERVER_ERROR else code
        self._answer(Refused(status, f"{message or explain or HTTPStatus(code).phrase}."))

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: paths name verifications."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Say nothing here either."""

    def _check_head(self) -> None:
        """Check what http.server lets pass. Raises Refused."""
        if not TOKEN.fullmatch(self.command):
            raise Refused(400, "The method is not a word.")
        try:
            urlsplit(self.path)
        except ValueError as error:
            raise Refused(400, "The address of the request cannot be read.") from error
        headers = self.headers.items()
        if any(isinstance(defect, BROKEN_HEADERS) for defect in self.headers.defects):
            raise Refused(400, "A header has no name or no colon after it.")
        if any(not TOKEN.fullmatch(name) or UNPRINTABLE.search(value) for name, value in headers):
            raise Refused(400, "A header has a name or a value with characters that it may not have.")
        head_bytes = len(self.raw_requestline) + sum(len(name) + len(value) + 4 for name, value in headers)
        if head_bytes > self.max_header_bytes:
            raise Refused(431, f"The request line and the headers are longer than {self.max_header_bytes} bytes.")
        if self.request_version == "HTTP/1.0" and "Transfer-Encoding" in self.headers:
            raise Refused(400, "HTTP/1.0 has no Transfer-Encoding. Send a Content-Length.")

    def _answer(self, refused: Refused) -> None:
        """Answer by ourselves and close: nobody knows where the next request would begin."""
        self.request_version = self.protocol_version  # also to HTTP/0.9, which has no status line
        answer = type(self).refuse(refused)
        body = answer.get_data()
        self.send_response(answer.status_code)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        if getattr(self, "command", None) != "HEAD":
            self.wfile.write(body)
        self._hear_out()

    def _hear_out(self) -> None:
        """Read away what a client still sends: closed before, it would not hear the answer."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            ends_at = time.monotonic() + RECEIVING_S
            self.connection.settimeout(SILENCE_S)
            while self.connection.recv(PIECE_BYTES) and time.monotonic() < ends_at:
                pass


class _Arriving(io.RawIOBase):
    """What arrives on a connection, while its time lasts. Reading raises TimeoutError."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._ends_at = time.monotonic() + RECEIVING_S

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._connection.settimeout(left_s)
        return self._connection.recv_into(buffer)
