"""The service under attack, and the record of what it answered."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from local.stack import found

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.stack import Stack

SERVE = "import sys, pathlib; from local.run import main; sys.exit(main(pathlib.Path(sys.argv[1])))"
HANG_S = 30.0  # longer than API Gateway waits
STOPPING_S = 60
SERVER_ERROR = 500


@dataclass
class Record:
    """What came of one kind of attack: how often each status, and what must not have been."""

    kind: str
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def note(self, what: str, status: int, took_s: float) -> None:
        """Count an answer; a server error and a hang are faults."""
        self.statuses[status] += 1
        if status >= SERVER_ERROR or status < 1:
            self.faults.append(f"{what}: {status or 'no answer'}")
        elif took_s > HANG_S:
            self.faults.append(f"{what}: {took_s:.0f} s")

    def claim(self, what: str, holds: bool) -> None:  # a claim is true or false
        """Record a fault unless something holds."""
        if not holds:
            self.faults.append(what)


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where nothing did."""

    status: int
    body: bytes
    took_s: float


def ask(stack: Stack, method: str, path: str, *, key: str | None, body: bytes | None = None, **headers: str) -> Answer:
    """Send a request as it is: nothing between us and the socket makes a path or a header better."""
    sent = {"Authorization": key} if key else {}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    began = time.monotonic()
    connection = http.client.HTTPConnection(urlsplit(stack.url).netloc, timeout=HANG_S + 5)
    try:
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(), time.monotonic() - began)
    except (OSError, http.client.HTTPException):
        return Answer(0, b"", time.monotonic() - began)
    finally:
        connection.close()


@contextlib.contextmanager
def serving(state: Path) -> Iterator[Stack]:
    """Serve the template in a process of its own, as `make run` does, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, state], env={**os.environ, "PORT": "0"}, stdout=subprocess.PIPE, text=True
    )
    try:
        said = process.stdout.readline() if process.stdout else ""
        if not said.startswith("ready "):
            raise SystemExit(f"the stack did not start: {said}")
        yield found(state)
        if process.poll() is not None:
            raise SystemExit(f"the stack died: {process.returncode}")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=STOPPING_S)
