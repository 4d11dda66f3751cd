"""The figures as Markdown, beside the goals that they are held to."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.api.posts import quantile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmarks.api.imports import Import
    from tests.benchmarks.api.posts import Posted

OWN_P50_MS, OWN_P95_MS = 40, 80
IMPORT_RATIO = 1.3
STAGES = ("intake", "store_pictures", "faces", "mrz", "decide", "save", "total")

INTRODUCTION = """\
# The API beside its engines

Made by `make bench-api`: the local stack in a process of its own, a rendered passport and its holder's selfie, one
client on the same machine. S3, DynamoDB and Lambda are moto's and this laptop's, so these times compare releases of
this project with each other; they are not AWS's. Server-Timing says where the time went.
"""


def markdown(posted: Sequence[Posted], imported: Sequence[Import]) -> str:
    """Write the report."""
    alone, own = posted[0], posted[0].own_ms()
    p50, p95 = quantile(own, 50), quantile(own, 95)
    parts = [
        INTRODUCTION,
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}.\n",
        "## The handler's own time\n",
        "Everything but waiting for the two engines, one request at a time: reading the form, checking and stripping",
        "the pictures, storing them, deciding, saving, answering.\n",
        *_table(
            ("", "p50 ms", "p95 ms"),
            [
                ("**own**", f"**{p50:.1f}**", f"**{p95:.1f}**"),
                ("goal", f"≤ {OWN_P50_MS}: {_said(p50 <= OWN_P50_MS)}", f"≤ {OWN_P95_MS}: {_said(p95 <= OWN_P95_MS)}"),
                *((stage, *_quantiles([one[stage] for one in alone.stages])) for stage in STAGES),
            ],
        ),
        "## Throughput\n",
        *_table(
            ("at once", "a second", "p50 ms", "p95 ms", "own p50 ms", "own p95 ms"),
            [
                (str(one.concurrency), f"{one.per_second:.1f}", *_quantiles(one.seen_ms), *_quantiles(one.own_ms()))
                for one in posted
            ],
        ),
        "## Cold imports\n",
        "Importing a zip function's `app` in a fresh process, beside importing boto3, aws_lambda_powertools and",
        "pydantic alone. What verify pays beyond is Powertools' resolver and the pydantic behind it, which `import",
        "pydantic` alone leaves unloaded. The face function loads OpenCV and its models while it is imported, on",
        "purpose: start-up has full CPU.\n",
        *_table(
            ("function", "ms", "baseline ms", "ratio", f"≤ {IMPORT_RATIO}"),
            [
                (
                    one.function,
                    f"{one.seconds * 1000:.0f}",
                    f"{one.baseline_s * 1000:.0f}",
                    f"{one.ratio:.2f}",
                    _said(one.ratio <= IMPORT_RATIO),
                )
                for one in imported
            ],
        ),
    ]
    return "\n".join(parts)


def _said(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _quantiles(values: list[float]) -> tuple[str, str]:
    return f"{quantile(values, 50):.1f}", f"{quantile(values, 95):.1f}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
