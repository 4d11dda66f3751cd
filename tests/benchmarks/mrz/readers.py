"""The readers that are measured, each in a process of its own on one thread."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.mrz.assembly import Text, assemble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[3]
RAPIDOCR_PYTHON = ROOT / ".build/rapidocr/bin/python"
TIMEOUT_S = 120  # a reader that takes longer over one picture is started anew, and has found nothing

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1"
)


@dataclass(frozen=True)
class Reading:
    """What a reader made of one picture and what it cost; lines is None where it found no MRZ."""

    lines: tuple[str, ...] | None
    valid: bool
    cpu_s: float
    wall_s: float
    note: str | None = None  # the reason it gave, or how it failed


@dataclass(frozen=True)
class Reader:
    """A reader: its name, the interpreter it runs in, its worker, and how to understand what that answers."""

    name: str
    python: Path
    worker: str
    interpret: Callable[[Mapping[str, Any]], tuple[tuple[str, ...] | None, bool]]

    @property
    def command(self) -> tuple[str, ...]:
        """Start its worker."""
        return str(self.python), "-m", f"tests.benchmarks.mrz.workers.{self.worker}"


def _as_lines(answer: Mapping[str, Any]) -> tuple[tuple[str, ...] | None, bool]:
    return tuple(answer["lines"]) if answer["lines"] else None, answer["valid"]


def _as_texts(answer: Mapping[str, Any]) -> tuple[tuple[str, ...] | None, bool]:
    texts = [Text(each["text"], tuple((x, y) for x, y in each["box"])) for each in answer.get("texts", [])]
    mrz = assemble(texts)
    return (mrz.lines, mrz.has_checks and mrz.checks_pass) if mrz else (None, False)


OWN = Reader("Cari", Path(sys.executable), "own", _as_lines)
PASSPORTEYE = Reader("PassportEye", Path(sys.executable), "passporteye", _as_lines)
RAPIDOCR = Reader("rapidocr", RAPIDOCR_PYTHON, "rapidocr", _as_texts)
READERS = (OWN, PASSPORTEYE, RAPIDOCR)


class Worker:
    """A reader's running process."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._process = self._start()

    def read(self, path: Path) -> Reading:
        """Have a picture read."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the worker was started without pipes")
        stdin.write(json.dumps(str(path)) + "\n")
        stdin.flush()
        ready, _, _ = select.select([stdout], [], [], TIMEOUT_S)
        line = stdout.readline() if ready else ""
        if not line:
            self.stop()
            self._process = self._start()
            return Reading(None, valid=False, cpu_s=TIMEOUT_S, wall_s=TIMEOUT_S, note="crashed" if ready else "late")
        answer = json.loads(line)
        lines, valid = self._reader.interpret(answer)
        note = answer.get("failure") or answer.get("reason")
        return Reading(lines, valid, answer["cpu_s"], answer["wall_s"], note)

    def peak_memory_mb(self) -> float:
        """Say how much memory the process itself, without children, has held at most."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        (peak,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024 / 1e6

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._reader.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | ONE_THREAD,
        )


@contextmanager
def running(readers: Sequence[Reader], warm_up: Path) -> Iterator[dict[str, Worker]]:
    """Start readers and have each read one picture that does not count; end them at the end."""
    workers = {reader.name: Worker(reader) for reader in readers}
    try:
        for worker in workers.values():
            worker.read(warm_up)
        yield workers
    finally:
        for worker in workers.values():
            worker.stop()
