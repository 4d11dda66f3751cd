"""Verifications posted to a local stack of their own; the service itself says where the time went (Server-Timing)."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from local import sample
from local.stack import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

SERVE = "import sys, pathlib; from local.run import main; sys.exit(main(pathlib.Path(sys.argv[1])))"
CONCURRENCIES = (1, 4, 8)
ENGINES = ("faces", "mrz")
TIMEOUT_S = 60

Stages = dict[str, float]  # milliseconds


@dataclass(frozen=True)
class Posted:
    """What came of posting many at a time."""

    concurrency: int
    took_s: float
    seen_ms: list[float]  # by the client
    stages: list[Stages]  # by the service

    @property
    def per_second(self) -> float:
        """Verifications a second."""
        return len(self.seen_ms) / self.took_s

    def own_ms(self) -> list[float]:
        """Tell the handler's own time of each: all but the waiting for the engines, which run at the same time."""
        return [one["total"] - max(one[engine] for engine in ENGINES) for one in self.stages]


def measured(posts: int) -> list[Posted]:
    """Post so many at each concurrency, after as many unmeasured ones as wake every environment."""
    with tempfile.TemporaryDirectory() as state, _stack(Path(state)) as stack:
        pictures = [path.read_bytes() for path in sample.render(Path(state))]
        _post(stack, pictures, posts=2 * max(CONCURRENCIES), concurrency=max(CONCURRENCIES))
        return [_post(stack, pictures, posts=posts, concurrency=concurrency) for concurrency in CONCURRENCIES]


def quantile(values: list[float], percent: int) -> float:
    """Tell the value that so many percent stay below."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _post(stack: Stack, pictures: list[bytes], *, posts: int, concurrency: int) -> Posted:
    front, selfie = pictures

    def post(_: int) -> tuple[float, Stages]:
        began = time.perf_counter()
        answer = requests.post(
            f"{stack.url}/identity/verify",
            headers={"Authorization": stack.key},
            data={"type": "passport"},
            files={"front": front, "selfie": selfie},
            timeout=TIMEOUT_S,
        )
        answer.raise_for_status()
        return (time.perf_counter() - began) * 1000, _stages(answer.headers["Server-Timing"])

    began = time.perf_counter()
    with ThreadPoolExecutor(concurrency) as pool:
        answered = list(pool.map(post, range(posts)))
    took_s = time.perf_counter() - began
    return Posted(concurrency, took_s, [seen for seen, _ in answered], [stages for _, stages in answered])


def _stages(header: str) -> Stages:
    return {stage: float(milliseconds) for stage, milliseconds in re.findall(r"(\w+);dur=([\d.]+)", header)}


@contextlib.contextmanager
def _stack(state: Path) -> Iterator[Stack]:
    """Serve the template in a process of its own: the client must not share an interpreter with the cloud."""
    serving = subprocess.Popen(
        [sys.executable, "-c", SERVE, state], env={**os.environ, "PORT": "0"}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert serving.stdout is not None
        if not serving.stdout.readline().startswith("ready "):
            raise RuntimeError("the stack did not start")
        yield found(state)
    finally:
        serving.send_signal(signal.SIGINT)
        serving.communicate(timeout=TIMEOUT_S)
