"""A local stack that keeps what AWS would bill: each call of a function to AWS, each run of a function, each log line.

AWS's services are moto, but each request to them is the one that would go to AWS, as the function's role lets it. A
function runs in a process of its own, so its CPU time is the kernel's own account of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from werkzeug.wrappers import Request, Response

from local import stack
from local.iam import enforced
from local.iam.calls import calls
from local.lambda_runtime import runtime
from tests.benchmarks.cost import dynamodb_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.iam.calls import Asked
    from local.lambda_runtime.runtime_api import Outcome
    from local.stack import Stack

PROCESS_CPU_CLOCK = 2  # CPUCLOCK_SCHED: a kernel's clock of the CPU time of another process
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
CHILDREN = slice(13, 15)  # cutime and cstime among /proc/<pid>/stat's fields behind the name
SETTLING_S = 0.7  # until a message that was sent last has reached the worker


@dataclass(frozen=True)
class Call:
    """One request of a function to AWS."""

    function: str
    actions: tuple[str, ...]  # as IAM names them; the first is the request's own
    read_units: float = 0.0  # of DynamoDB
    write_units: float = 0.0
    body: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Run:
    """One run of a function, from the event's taking to the answer."""

    function: str
    memory_mb: int
    wall_s: float
    cpu_s: float  # of its process and of the children that it waited for
    pid: int


@dataclass
class Meter:
    """What was billed since it was reset, and how many functions run."""

    log: Path
    calls: list[Call] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _log_began: int = 0
    _running: int = 0

    def reset(self) -> None:
        """Begin anew, once nothing runs any more: a call that took too long leaves engines and a worker at work."""
        time.sleep(SETTLING_S)
        while self._running:
            time.sleep(SETTLING_S)
        with self._lock:
            self.calls, self.runs, self._log_began = [], [], self.log.stat().st_size

    @property
    def log_lines(self) -> list[bytes]:
        """What functions wrote since then."""
        with self.log.open("rb") as log:
            log.seek(self._log_began)
            return log.read().splitlines()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Know that a function runs until the block ends."""
        with self._lock:
            self._running += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    def add(self, one: Call | Run) -> None:
        """Keep one."""
        with self._lock:
            if isinstance(one, Call):
                self.calls.append(one)
            else:
                self.runs.append(one)


@contextlib.contextmanager
def metered(state: Path) -> Iterator[tuple[Stack, Meter]]:
    """Run a stack of its own whose use is kept until the block ends."""
    meter = Meter(state / "functions.log")
    guard, invoke = enforced.enforced, runtime._Environment.invoke  # noqa: SLF001  # one process, one event at a time

    def guarded(application: Any, iam: enforced.Iam) -> Any:
        return _counting(guard(application, iam), meter)

    def timed(self: runtime._Environment, event: bytes) -> Outcome:
        before = _cpu_s(self.pid)
        with meter.running():
            outcome = invoke(self, event)
        wall_s = time.monotonic() - (self._api.taken_at or 0.0)
        cpu_s = _cpu_s(self.pid) - before
        meter.add(Run(self.function.name, self.function.memory_mb, wall_s, cpu_s, self.pid))
        return outcome

    with (
        mock.patch.object(enforced, "enforced", guarded),
        mock.patch.object(runtime._Environment, "invoke", timed),  # noqa: SLF001
        stack.running(state=state) as served,
    ):
        yield served, meter


def _counting(application: Any, meter: Meter) -> Any:
    def counted(environ: dict[str, Any], start_response: Any) -> Any:
        caller, asked = enforced._read(Request(environ))  # noqa: SLF001  # what the enforcement itself reads
        answer = Response.from_app(application, environ)
        if caller is not None:
            meter.add(_call(caller, asked, answer))
        return answer(environ, start_response)

    return counted


def _call(caller: enforced.Caller, asked: Asked, answer: Response) -> Call:
    actions = tuple(call.action for call in calls(caller.service, caller.region, asked))
    if caller.service != "dynamodb":
        return Call(caller.function, actions, body=dict(asked.body))
    units = dynamodb_units.units(asked.operation, asked.body, json.loads(answer.get_data() or b"{}"))
    return Call(caller.function, actions, units.read, units.write)


def _cpu_s(pid: int) -> float:
    """Tell the CPU time of a process and of the children that it has waited for. 0 where it has ended."""
    try:
        own = time.clock_gettime((~pid << 3) | PROCESS_CPU_CLOCK)
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return own + sum(map(int, fields[CHILDREN])) / TICKS_A_SECOND
