"""How long each stage of a request took, told to the caller in a header and in the receipt."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Timings:
    """What a stopwatch showed at one moment, in milliseconds.

    `stages` holds, for each stage by name, every time that it was gone through: twice for a card's two MRZs.
    """

    stages: dict[str, list[float]]
    total_ms: float

    def wall_ms(self, stage: str) -> float:
        """Tell how long a stage took: of several at the same time, the longest."""
        return max(self.stages.get(stage, [0.0]))

    def sum_ms(self, stage: str) -> float:
        """Tell how long a stage took, all of its times together."""
        return sum(self.stages.get(stage, []))


@dataclass
class _Span:
    stage: str
    began_s: float
    ended_s: float | None = None


@dataclass
class Stopwatch:
    """Runs from the moment it is made; its stages may run on several threads."""

    now_s: Callable[[], float] = time.perf_counter
    _spans: list[_Span] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._began_s = self.now_s()

    def so_far(self, stage: str) -> None:
        """Call all that has passed until now a stage."""
        with self._lock:
            self._spans.append(_Span(stage, self._began_s, self.now_s()))

    @contextlib.contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Measure a block."""
        span = _Span(stage, self.now_s())
        with self._lock:
            self._spans.append(span)
        try:
            yield
        finally:
            span.ended_s = self.now_s()

    def timed(self, stage: str, step: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Call a step and measure it."""
        with self.measure(stage):
            return step(*args, **named)

    def read(self) -> Timings:
        """Show the times until now; a stage still under way counts with what it has taken."""
        now_s, stages = self.now_s(), dict[str, list[float]]()
        with self._lock:
            for span in self._spans:
                ended_s = now_s if span.ended_s is None else span.ended_s
                stages.setdefault(span.stage, []).append((ended_s - span.began_s) * 1000)
        return Timings(stages, (now_s - self._began_s) * 1000)


def server_timing(timings: Timings) -> str:
    """Spell timings out as a Server-Timing header (W3C): `intake;dur=3.2, …, total;dur=81.0`."""
    stages = [f"{stage};dur={timings.wall_ms(stage):.1f}" for stage in timings.stages]
    return ", ".join([*stages, f"total;dur={timings.total_ms:.1f}"])
