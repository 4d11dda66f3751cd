"""Lambda without Lambda: one `awslambdaric` process per execution environment, kept warm, one event at a time."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import awslambdaric

from local.lambda_runtime.read_only import read_only
from local.lambda_runtime.runtime_api import MAX_PAYLOAD_BYTES, Outcome, RuntimeApi, failure

if TYPE_CHECKING:
    from local.template import Function

CONCURRENCY = 8  # environments of one function; a laptop's memory sets it, where an AWS account has 1,000
INIT_S = 30.0  # for a process to start; AWS allows 10 s, a busy laptop needs more
POLL_S = 0.2
SITE_PACKAGES = Path(awslambdaric.__file__).parents[1]


class Pool:
    """The execution environments of one function. Events beyond CONCURRENCY at once wait; AWS would refuse them."""

    def __init__(self, function: Function, environment: dict[str, str], state: Path, log: IO[bytes]) -> None:
        self._function, self._environment, self._log = function, environment, log
        self._task = function.task or _task_root(function, state)
        self._idle: list[_Environment] = []
        self._all: set[_Environment] = set()
        self._is_closed = False
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(CONCURRENCY)

    def invoke(self, event: bytes) -> Outcome:
        """Run one event in an idle environment, or in a new one."""
        if len(event) > MAX_PAYLOAD_BYTES:
            return failure(
                "RequestTooLarge", f"{len(event)} byte payload is too large (limit {MAX_PAYLOAD_BYTES} bytes)"
            )
        with self._turns:
            environment = self._take()
            if environment is None:
                return failure("ServiceException", "The stack is ending")
            outcome = environment.invoke(event)
            self._give_back(environment)
            return outcome

    def kill(self) -> None:
        """End every environment in the middle of what it does; the next events get new ones."""
        with self._lock:
            environments = set(self._all)
        for environment in environments:
            environment.kill()

    def close(self) -> None:
        """End every environment, those at work too, and start no more."""
        with self._lock:
            self._is_closed = True
            environments, self._all, self._idle = self._all, set(), []
        for environment in environments:
            environment.end()

    def _take(self) -> _Environment | None:
        with self._lock:
            if self._is_closed:
                return None
            while self._idle:
                environment = self._idle.pop()
                if environment.is_usable:
                    return environment
                self._drop(environment)
            environment = _Environment(self._function, self._task, self._environment, self._log)
            self._all.add(environment)
            return environment

    def _give_back(self, environment: _Environment) -> None:
        with self._lock:
            if self._is_closed:
                return
            if environment.is_usable:
                self._idle.append(environment)
            else:
                self._drop(environment)

    def _drop(self, environment: _Environment) -> None:
        environment.end()
        self._all.discard(environment)


class _Environment:
    """A process, and the Runtime API that it talks to."""

    def __init__(self, function: Function, task: Path, environment: dict[str, str], log: IO[bytes]) -> None:
        self.function = function
        self._api = RuntimeApi(function.name, function.timeout_s)
        self._process = subprocess.Popen(
            # Without -S, site would read the .pth files by which every layer is installed editable, and a function
            # could import a layer that its template entry does not name. Third-party packages come from the venv.
            [
                *(read_only(task.parent, task) if function.task else ()),
                sys.executable,
                "-S",
                "-m",
                "awslambdaric",
                function.handler,
            ],
            env=_variables(function, task, environment, self._api.address),
            cwd=task,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a person's Ctrl-C is the stack's to handle
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_usable(self) -> bool:
        return self._process.poll() is None and not self._api.has_failed_to_start

    def invoke(self, event: bytes) -> Outcome:
        offered_at = time.monotonic()
        self._api.offer(event)
        while True:
            has_exited = self._process.poll() is not None  # read first: its last words may still be under way
            if outcome := self._api.outcome(within_s=POLL_S):
                return outcome
            if has_exited:
                return failure("Runtime.ExitError", f"Runtime exited with status {self._process.returncode}")
            taken_at = self._api.taken_at
            ends_at = offered_at + INIT_S if taken_at is None else taken_at + self.function.timeout_s
            if time.monotonic() > ends_at:
                self.end()
                return failure("Sandbox.Timedout", f"Task timed out after {self.function.timeout_s:.2f} seconds")

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended already
            os.killpg(self._process.pid, signal.SIGKILL)  # and its own children

    def end(self) -> None:
        self.kill()
        self._process.wait()
        self._api.close()


def _variables(function: Function, task: Path, environment: dict[str, str], api: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": "/tmp",  # noqa: S108  # as in Lambda
        "LANG": "C.UTF-8",
        "TZ": ":UTC",
        **function.environment,
        **environment,
        "PYTHONPATH": os.pathsep.join(map(str, [task, *function.packages, function.runtime or SITE_PACKAGES])),
        "AWS_LAMBDA_RUNTIME_API": api,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "LAMBDA_TASK_ROOT": str(task),
        "_HANDLER": function.handler,
    }


def _task_root(function: Function, state: Path) -> Path:
    """Lay a function's own folder out as its package has it: `functions/<name>/…` and nothing beside."""
    task = state / "tasks" / function.name
    link = task / "functions" / function.folder.name
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink():
        link.unlink()
    link.symlink_to(function.folder)
    return task
