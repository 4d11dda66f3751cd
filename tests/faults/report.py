"""What came of the cases, as lines and as docs/benchmarks/faults.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.template import ROOT

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Hashable, Mapping, Sequence

    from tests.faults.running import Report

WRITTEN = ROOT / "docs/benchmarks/faults.md"
INTRODUCTION = """# Faults

What the service does while AWS fails, on the local stack: `make faults`, which also checks what must hold
afterwards. Written by it.

Each case sends requests that are waited for, that are not (`Prefer: respond-async`), and batch jobs where they matter,
while calls of AWS meet the fault, in the codes and forms of AWS. A caller repeats what fails with the same
`Idempotency-Key`. Then the fault is over, or outlasts every attempt, and this must hold:

- whoever was accepted (200, 202) can read the verification, and it ends;
- a request makes one verification and counts once, however often it is sent;
- nothing is approved that would not be without the fault;
- no picture, note or key's word is there of what is not, and none once all is erased;
- failures are problem documents; what passes is a 503 with `Retry-After` and no 500.

"""
HEAD = """| case | calls that failed | requests | answers | ended as | held |
|---|---|---|---|---|---|
"""


def line(report: Report) -> str:
    """Tell a case in a line, and in one more for each thing that did not hold."""
    counted = f"met {report.met:<4} answers {_counts(report.statuses):42} ended {_counts(report.ends)}"
    told = f"{'FAULT' if report.broken else 'ok':6}{report.name:42}{report.took_s:5.1f} s  {counted}"
    return "\n".join([told, *(f"        {each}" for each in report.broken)])


def write(reports: Sequence[Report]) -> None:
    """Write the table of a whole run."""
    rows = [
        f"| {each.name} | {each.met} | {each.requests} | {_counts(each.statuses)} | {_counts(each.ends)} "
        f"| {'no: ' + '; '.join(each.broken) if each.broken else 'yes'} |\n"
        for each in reports
    ]
    WRITTEN.write_text(INTRODUCTION + HEAD + "".join(rows))


def _counts(counted: Counter[int] | Counter[str] | Mapping[Hashable, int]) -> str:
    return " ".join(f"{name}: {count}" for name, count in sorted(counted.items(), key=str))
