"""The Lambda Runtime API (2018-06-01) of one execution environment: events out, outcomes in, one at a time."""

from __future__ import annotations

import json
import queue
import threading
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from local.http.callers import is_this_machine, is_web_page
from local.http.request_body import Refused, announced_bytes, read_body

MAX_PAYLOAD_BYTES = 6 * 1024 * 1024  # of a synchronous invocation, either way; Lambda's documented quota
MAX_POSTED_BYTES = 64 * 1024 * 1024  # beyond the quota: what exceeds that is an outcome too
SHUTDOWN_POLL_S = 0.05


@dataclass(frozen=True)
class Outcome:
    """What an invocation came to: the payload, and whether it is an error's."""

    payload: bytes
    failed: bool = False


def failure(kind: str, message: str) -> Outcome:
    """Make the outcome of an invocation that Lambda itself ended."""
    return Outcome(json.dumps({"errorType": kind, "errorMessage": message}).encode(), failed=True)


class RuntimeApi:
    """Answers the one process that was given its address."""

    def __init__(self, function_name: str, timeout_s: float) -> None:
        self._arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{function_name}"
        self._timeout_s = timeout_s
        self._events: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()  # None: no more
        self._outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self.taken_at: float | None = None  # when the process took the event that it works on; monotonic
        self.has_failed_to_start = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(SHUTDOWN_POLL_S,), daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens, as AWS_LAMBDA_RUNTIME_API wants it."""
        return f"127.0.0.1:{self._server.server_port}"

    def offer(self, event: bytes) -> None:
        """Put an event where the process fetches its next."""
        self.taken_at = None
        self._events.put(event)

    def outcome(self, *, within_s: float) -> Outcome | None:
        """Wait for what the process answers."""
        try:
            return self._outcomes.get(timeout=within_s)
        except queue.Empty:
            return None

    def close(self) -> None:
        """Stop listening."""
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()

    def _next(self) -> tuple[bytes, dict[str, str]] | None:
        event = self._events.get()
        if event is None:
            return None
        self.taken_at = time.monotonic()
        return event, {
            "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
            # The time to start does not count: the clock runs from here.
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + self._timeout_s) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self._arn,
        }

    def _take(self, path: str, payload: bytes) -> None:
        """Keep what the process posts: a response, an error, or an error at start-up."""
        self.has_failed_to_start |= path.endswith("/init/error")
        if len(payload) > MAX_PAYLOAD_BYTES:
            self._outcomes.put(failure("Function.ResponseSizeTooLarge", "Response payload size exceeded the maximum"))
        else:
            self._outcomes.put(Outcome(payload, failed=path.endswith("/error")))


class _Handler(BaseHTTPRequestHandler):
    api: ClassVar[RuntimeApi]
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # write head and body at once: apart, Nagle and delayed ACK cost 40 ms a call
    disable_nagle_algorithm = True

    def parse_request(self) -> bool:
        """Read a request; False, answered, where it is not the process's own: a page could make up an outcome."""
        if not super().parse_request():
            return False
        host = self.headers.get("Host", "")
        if is_web_page(self.headers.get) or not is_this_machine(host, self.api._server.server_port):
            self.close_connection = True
            self._answer(403, b"Only the function's own process may ask this.\n", {"Connection": "close"})
            return False
        return True

    def do_GET(self) -> None:
        following = self.api._next()
        if following is None:
            self.close_connection = True
        else:
            self._answer(200, *following)

    def do_POST(self) -> None:
        try:
            payload = read_body(self.rfile, announced_bytes(self.headers), MAX_POSTED_BYTES)
        except Refused as refused:
            self.api._outcomes.put(failure("Runtime.InvalidResponse", refused.sentence))
            self.close_connection = True
            self._answer(refused.status)
        else:
            self.api._take(self.path, payload)
            self._answer(202)

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing: events pass here."""
