"""Lambda without Lambda: one `awslambdaric` process per execution environment, fed by the Runtime API.

Source: the Lambda Runtime API (2018-06-01) and its documented limits and error types.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, TYPE_CHECKING

import awslambdaric

if TYPE_CHECKING:
    from local.template import Function

MAX_PAYLOAD_BYTES = 6 * 1024 * 1024  # of a synchronous invocation, either way
INIT_S = 30.0  # a cold start gets this on top of the function's timeout; AWS allows 10 s, a busy laptop needs more
POLL_S = 0.2
SITE_PACKAGES = Path(awslambdaric.__file__).parents[1]


@dataclass(frozen=True)
class Outcome:
    """What an invocation came to: the payload, and whether it is an error's."""

    payload: bytes
    failed: bool = False


class Pool:
    """The warm execution environments of one function. An environment serves one event at a time, as in AWS."""

    def __init__(self, function: Function, environment: dict[str, str], state: Path, log: IO[bytes]) -> None:
        self._function, self._environment, self._log = function, environment, log
        self._task = _task_root(function, state)
        self._idle: list[_Slot] = []
        self._all: list[_Slot] = []
        self._lock = threading.Lock()

    def invoke(self, event: bytes) -> Outcome:
        """Run one event in an idle environment, or in a new one."""
        if len(event) > MAX_PAYLOAD_BYTES:
            return _error(
                "RequestTooLarge", f"{len(event)} byte payload is too large (limit {MAX_PAYLOAD_BYTES} bytes)"
            )
        with self._lock:
            slot = self._idle.pop() if self._idle else None
        slot = slot or self._start()
        outcome = slot.invoke(event)
        with self._lock:
            if slot.is_alive:
                self._idle.append(slot)
            else:
                self._all.remove(slot)
        return outcome

    def close(self) -> None:
        """End every environment."""
        with self._lock:
            slots, self._all, self._idle = self._all, [], []
        for slot in slots:
            slot.kill()

    def _start(self) -> _Slot:
        slot = _Slot(self._function, self._task, self._environment, self._log)
        with self._lock:
            self._all.append(slot)
        return slot


class _Slot:
    """One execution environment: a process, and the Runtime API it talks to."""

    def __init__(self, function: Function, task: Path, environment: dict[str, str], log: IO[bytes]) -> None:
        self._function = function
        self._events: queue.Queue[tuple[str, bytes, float]] = queue.Queue(1)
        self._answers: queue.Queue[Outcome] = queue.Queue(1)
        self._warm = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._api())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self._process = subprocess.Popen(
            # -S: the layers are installed editable, and site would put every one of them on the path.
            [sys.executable, "-S", "-m", "awslambdaric", function.handler],
            env=self._variables(task, environment),
            cwd=task,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a person's Ctrl-C is the stack's to handle
        )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def invoke(self, event: bytes) -> Outcome:
        request, started = str(uuid.uuid4()), time.monotonic()
        allowed_s = self._function.timeout_s + (0 if self._warm else INIT_S)
        self._events.put((request, event, time.time() + self._function.timeout_s))
        while True:
            with contextlib.suppress(queue.Empty):
                outcome = self._answers.get(timeout=POLL_S)
                self._warm = True
                return outcome
            if not self.is_alive:
                self.kill()
                return _error("Runtime.ExitError", f"Runtime exited with exit status {self._process.returncode}")
            if time.monotonic() - started > allowed_s:
                self.kill()
                return _error("Sandbox.Timedout", f"Task timed out after {self._function.timeout_s:.2f} seconds")

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._server.shutdown()
        self._server.server_close()

    def _variables(self, task: Path, environment: dict[str, str]) -> dict[str, str]:
        path = [task, *self._function.packages, SITE_PACKAGES]
        host, port = self._server.server_address[:2]
        return {
            "PATH": os.environ["PATH"],
            "HOME": "/tmp",  # noqa: S108  # as in Lambda
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self._function.environment,
            **environment,
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "AWS_LAMBDA_RUNTIME_API": f"{host!s}:{port}",
            "AWS_LAMBDA_FUNCTION_NAME": self._function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self._function.memory_mb),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "LAMBDA_TASK_ROOT": str(task),
            "_HANDLER": self._function.handler,
        }

    def _api(self) -> type[BaseHTTPRequestHandler]:
        slot = self

        class RuntimeApi(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # write head and body at once: apart, Nagle and delayed ACK cost 40 ms a call
            disable_nagle_algorithm = True

            def do_GET(self) -> None:  # next event
                request, event, deadline = slot._events.get()
                arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{slot._function.name}"
                self._answer(
                    200,
                    event,
                    {
                        "Lambda-Runtime-Aws-Request-Id": request,
                        "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
                        "Lambda-Runtime-Invoked-Function-Arn": arn,
                    },
                )

            def do_POST(self) -> None:  # a response, an error, or an error at start-up
                outcome = Outcome(self._body(), failed=self.path.endswith("/error"))
                if len(outcome.payload) > MAX_PAYLOAD_BYTES:
                    outcome = _error("Function.ResponseSizeTooLarge", "Response payload size exceeded the maximum")
                slot._answers.put(outcome)
                self._answer(202)

            def _body(self) -> bytes:
                if (length := self.headers.get("Content-Length")) is not None:
                    return self.rfile.read(int(length))
                body = b""  # chunked: awslambdaric streams its larger errors
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

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

        return RuntimeApi


def _task_root(function: Function, state: Path) -> Path:
    """Lay a function's own folder out as its package has it: `functions/<name>/…` and nothing beside."""
    task = state / "tasks" / function.name
    link = task / "functions" / function.folder.name
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink():
        link.unlink()
    link.symlink_to(function.folder)
    return task


def _error(kind: str, message: str) -> Outcome:
    return Outcome(json.dumps({"errorType": kind, "errorMessage": message}).encode(), failed=True)
