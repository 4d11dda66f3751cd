"""What was measured, as a page."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.benchmarks.cold import imports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local.built import Built
    from tests.benchmarks.cold.imports import Imported

GOALS_S = {
    "AuthorizerFunction": 0.35,
    "VerifyFunction": 0.8,
    "RecordsFunction": 0.6,
    "MrzFunction": 0.6,
    "FaceCompareFunction": 0.9,
}
MOST_RATIO = 1.2
HEADER = """# What a cold start pays

Made by `make bench-cold`: the zip functions as `sam build` and `tools.packaging` leave them, imported in a fresh
process that writes nothing, with the function's own layers and boto3 on the path. CPU seconds, the best of {times};
below 1,769 MB Lambda gives less than a core, so these times compare releases and are not AWS's. "Libraries" imports
what the function loads of others alone, in the same run; own code is what the function pays beyond.

{machine}

| function | processor | zip MB | unzipped MB | import s | libraries s | ratio | own code | peak MB | modules | goal |
|---|---|---|---|---|---|---|---|---|---|---|"""


@dataclass(frozen=True)
class Row:
    """One function of one build."""

    function: Built
    imported: Imported | None  # None where this machine cannot run it
    times: int


def row(function: Built, times: int) -> Row:
    """Measure one."""
    return Row(function, imports.measured(function, times) if function.runs_here else None, times)


def markdown(rows: Sequence[Row]) -> str:
    """Write the page."""
    python = platform.python_version()
    machine = f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python {python}."
    return "\n".join([HEADER.format(times=rows[0].times, machine=machine), *_lines(rows)]) + "\n"


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    for each in rows:
        built, found = each.function, each.imported
        weight = f"| {built.name} | {built.processor} | {built.zip_bytes / 1e6:.1f} | {built.bytes / 1e6:.1f} |"
        if found is None:
            yield f"{weight} – | – | – | – | – | – | – |"
            continue
        ratio = found.seconds / found.libraries_s
        yield (
            f"{weight} {found.seconds:.2f} | {found.libraries_s:.2f} | {ratio:.2f} | {1 - 1 / ratio:.0%} "
            f"| {found.peak_mb} | {found.modules} | {_verdict(built.name, found.seconds, ratio)} |"
        )


def _verdict(name: str, seconds: float, ratio: float) -> str:
    goal = GOALS_S.get(name)
    if goal is None:
        return "–"
    is_met = seconds <= goal and ratio <= MOST_RATIO
    return f"≤ {goal:g} s, ≤ {MOST_RATIO:g}×: {'met' if is_met else 'missed'}"
