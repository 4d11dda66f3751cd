"""What was counted and measured, as a page."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cari_verification import prices
from tests.benchmarks.cost import billing, memory
from tests.benchmarks.cost.others import OFFERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Final

    from cari_verification.prices import Processor
    from tests.benchmarks.cost.billing import Used
    from tests.benchmarks.cost.memory import Held

GOALS_USD: Final[Mapping[str, float]] = {"easy passport": 0.04, "hard picture": 0.10}  # a thousand
PROCESSORS: Final[tuple[Processor, ...]] = ("x86_64", "arm64")
PICTURE_MB = (0.1, 1, 4)
HEADER = """# What a call costs

Made by `make bench-cost`: the sandbox's pictures, sent to the local stack. The requests to AWS and the bytes of items,
logs and answers are counted there; CPU time is the kernel's account of each function's own process, the median of
{times}. The rest is arithmetic, in US dollars a thousand calls, by the list prices that the receipts use too
(`cari_verification.prices`: us-east-1, as known in 2026-11, without free tiers).

{machine}

A function is billed for its CPU time, stretched by the part of a processor that its memory buys (memory / 1,769), and
for its waits. Those for the engines follow from what the engines are billed; those for the stores are assumed, since
AWS promises none: {assumed}.
CPU time on another processor differs, and a busy machine lengthens it: these tables compare releases and services, and
a bill differs from them by the speed of AWS's processors. Graviton is taken to be as fast as this machine. X-Ray
records 5 % of the requests. Not counted: cold starts (docs/benchmarks/cold.md), and what costs the same whatever is
asked: the signing key ($1 a month), the alarms, and the polling of two queues.
"""
TRIED = """## What was tried

| what | what it saves or would save | done |
|---|---|---|
| the stored JSON compressed | 8 of 23 write units of an easy one, 9.5 of 15 read units of a list, half of a GET | yes |
| the tag in PutObject itself, no HEAD, no LIST | a PUT for each picture | was so |
| arm64 | a fifth of the compute | by `ARCH=arm64` |
| less memory for verify, which mostly waits | the curve above | no: 50 megapixels of HEIC take 550 MB there |
| other memory for the engines | nothing: they compute, on one thread | no |
| Lambda's own log lines left out | most of the log bytes, a hundredth of the whole | no: they tell what was billed |
| evidence outside the transaction | half of its write units | no: an end without its evidence is worse |

What would bring an easy verification to its goal is the MRZ reader's CPU time: it is paid twice, by the reader and by
verify, which waits. A hard picture pays the reader's longest way, and then the fallback engines.
"""


def markdown(used: Mapping[str, Used], held: Sequence[Held], times: int) -> str:
    """Write the page."""
    assumed = ", ".join(f"{name} {seconds * 1000:g} ms" for name, seconds in billing.STORE_S.items())
    machine = (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores with a load of {os.getloadavg()[0]:.0f},"
        f" Python {platform.python_version()}."
    )
    parts = [
        HEADER.format(times=times, assumed=assumed, machine=machine),
        "## Dollars a thousand\n",
        *_dollars(used),
        "The authorizer is asked once a minute and key; the worker looks after each verification once, ten minutes",
        "later. Neither is part of the rows above them.\n",
        "Against the goals, the worker's look and the two messages it takes beside included:\n",
        *_goals(used),
        "## What each call asks of AWS\n",
        *_requests(used),
        "## Where the compute goes\n",
        *_compute(used),
        "## Memory\n",
        "What a call costs and how long its function takes, with one function at another size and all else as the",
        "template has it (in bold), on x86_64:\n",
        *_curve(used),
        *_validation(held),
        TRIED,
        "## Pictures\n",
        "The sandbox's pictures are small. Keeping pictures costs more than anything else once they are large:\n",
        *_pictures(),
        "## Others\n",
        *_others(used),
    ]
    return "\n".join(parts)


def thousand(used: Used, processor: Processor) -> float:
    """Tell the dollars of a thousand calls."""
    return 1000 * sum(billing.dollars(used, processor).values())


def whole(used: Mapping[str, Used], kind: str, processor: Processor) -> float:
    """Tell the dollars of a thousand verifications with all that comes of them later."""
    receiving = 2 * prices.SQS_REQUEST * 1000  # the message's delivery and its deletion
    return thousand(used[kind], processor) + thousand(used["worker's look"], processor) + receiving


def _dollars(used: Mapping[str, Used]) -> Iterator[str]:
    rows = [
        (kind, processor, *(f"{1000 * each:.4f}" for each in spent.values()), f"**{1000 * sum(spent.values()):.4f}**")
        for kind, one in used.items()
        for processor in PROCESSORS
        for spent in [billing.dollars(one, processor)]
    ]
    names = [name.replace("_", " ") for name in billing.SERVICES]
    yield from _table(("call", "processor", *names, "all"), rows)


def _goals(used: Mapping[str, Used]) -> Iterator[str]:
    rows = [
        (kind, processor, f"{cost:.4f}", f"≤ {goal:g}: {'met' if cost <= goal else 'missed'}")
        for kind, goal in GOALS_USD.items()
        for processor in PROCESSORS
        for cost in [whole(used, kind, processor)]
    ]
    yield from _table(("call", "processor", "dollars a thousand", "goal"), rows)


def _requests(used: Mapping[str, Used]) -> Iterator[str]:
    rows = [
        (
            kind,
            ", ".join(f"{action} {count}" for action, count in sorted(billing.actions(one).items())),
            f"{sum(call.write_units for call in one.calls):g}",
            f"{sum(call.read_units for call in one.calls):g}",
            f"{billing.log_bytes(one):,}",
            f"{one.answer_bytes or 0:,}",
        )
        for kind, one in used.items()
    ]
    yield from _table(("call", "requests", "write units", "read units", "log bytes", "answer bytes"), rows)


def _compute(used: Mapping[str, Used]) -> Iterator[str]:
    rows = [
        (
            kind,
            run.function,
            str(one.memory(run)),
            f"{run.cpu_s:.3f}",
            f"{seconds:.3f}",
            f"{seconds * one.memory(run) / prices.LAMBDA_GB_MB:.3f}",
        )
        for kind, one in used.items()
        for run, seconds in billing.billed_s(one)
    ]
    yield from _table(("call", "function", "MB", "CPU s", "billed s", "GB-seconds"), rows)


def _curve(used: Mapping[str, Used]) -> Iterator[str]:
    asked = (
        ("easy passport", ("VerifyFunction", "MrzFunction", "FaceCompareFunction")),
        ("hard picture", ("VerifyFunction",)),
        ("GET one", ("RecordsFunction",)),
    )
    rows = [
        (kind, point.function, *(f"**{cell}**" if point.is_the_templates else cell for cell in cells))
        for kind, functions in asked
        for point in memory.curve(used[kind], functions)
        for cells in [(f"{point.memory_mb:,}", f"{point.answer_s:.3f}", f"{point.thousand_usd:.4f}")]
    ]
    yield from _table(("call", "function", "MB", "s", "dollars a thousand"), rows)


def _validation(held: Sequence[Held]) -> Iterator[str]:
    if not held:
        yield "Not held against a CPU quota here: the kernel lets nobody set one.\n"
        return
    yield "Tried on the MRZ reader, held to a part of a processor by the kernel's CPU quota; the best wall time:\n"
    rows = [
        (f"{one.share:g}", f"{one.share * billing.WHOLE_VCPU_MB:,.0f}", *(f"{s:.2f}" for s in _seconds(one)))
        for one in held
    ]
    yield from _table(("processors", "as MB", "CPU s", "wall s", "CPU / share + waits"), rows)


def _seconds(held: Held) -> tuple[float, float, float]:
    return held.cpu_s, held.wall_s, held.predicted_s


def _pictures() -> Iterator[str]:
    rows = [
        (
            f"{size:g}",
            *(f"{size / 1000 * prices.S3_GB_MONTH * days / prices.DAYS_A_MONTH * 1000:.4f}" for days in (1, 30, 365)),
        )
        for size in PICTURE_MB
    ]
    yield from _table(("MB of pictures each", "kept 1 day", "30 days", "365 days"), rows)


def _others(used: Mapping[str, Used]) -> Iterator[str]:
    own = [
        (
            f"Cari, {kind}, {processor}",
            f"{whole(used, kind, processor):.4f}",
            "document, faces, decision, evidence",
            "above",
        )
        for kind in GOALS_USD
        for processor in PROCESSORS
    ]
    theirs = [
        (
            offer.name,
            f"{offer.thousand_usd:.2f}",
            offer.covers,
            offer.source,
        )
        for offer in OFFERS
    ]
    yield from _table(("service", "dollars a thousand", "covers", "source"), own + theirs)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _processor() -> str:
    with Path("/proc/cpuinfo").open(encoding="utf-8") as told:
        return next(
            (line.partition(":")[2].strip() for line in told if line.startswith("model name")), platform.machine()
        )
