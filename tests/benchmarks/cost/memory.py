"""How memory changes time and price: CPU time stretches by what a function's memory buys, waits stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.benchmarks.cost import billing, quota

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.cost.billing import Used
    from tests.benchmarks.cost.metering import Run

SIZES_MB = {
    "VerifyFunction": (512, 768, 1024, 1769),
    "MrzFunction": (885, 1327, 1769, 2654),
    "FaceCompareFunction": (885, 1327, 1769, 2654),
    "RecordsFunction": (256, 512, 1024, 1769),
}
HELD_TO = (1.0, 0.5, 0.25)  # of a processor: 1,769, 885 and 442 MB


@dataclass(frozen=True)
class Point:
    """One function at one size, and what that makes of a call."""

    function: str
    memory_mb: int
    is_the_templates: bool
    answer_s: float
    thousand_usd: float


@dataclass(frozen=True)
class Held:
    """A run of the MRZ reader under a CPU quota, and what the arithmetic says of it."""

    share: float
    wall_s: float
    cpu_s: float
    predicted_s: float


def curve(used: Used, functions: tuple[str, ...]) -> Iterator[Point]:
    """Price a call with each function, alone, at other sizes."""
    for function in functions:
        given = next(run.memory_mb for run in used.runs if run.function == function)
        for size in SIZES_MB[function]:
            other = replace(used, memory_mb={function: size})
            spent = sum(billing.dollars(other, "x86_64").values())
            yield Point(function, size, size == given, billing.answer_s(other), spent * 1000)


def under_quota(send: Callable[[], Used], times: int) -> list[Held]:
    """Hold the MRZ reader to parts of a processor, and measure; none where the kernel does not let us."""
    if not quota.is_possible():
        return []
    pids = {run.pid for run in _mrz(send())}
    measured = []
    for share in HELD_TO:
        with quota.held(pids, share):
            measured.append(min((run for _ in range(times) for run in _mrz(send())), key=lambda run: run.wall_s))
    waits_s = measured[0].wall_s - measured[0].cpu_s
    return [
        Held(share, run.wall_s, run.cpu_s, run.cpu_s / share + waits_s)
        for share, run in zip(HELD_TO, measured, strict=True)
    ]


def _mrz(used: Used) -> list[Run]:
    return [run for run in used.runs if run.function == billing.MRZ]
