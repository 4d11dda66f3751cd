"""What a check found, and the table of all that was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Verdict = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One claim about one thing: whether it holds, and what to do where it does not."""

    verdict: Verdict
    check: str
    subject: str
    says: str


def ok(check: str, subject: str, says: str) -> Finding:
    """Find that all is well."""
    return Finding("ok", check, subject, says)


def warn(check: str, subject: str, says: str) -> Finding:
    """Find something that the operator should know and may want so."""
    return Finding("warn", check, subject, says)


def fail(check: str, subject: str, says: str) -> Finding:
    """Find something that has to be mended."""
    return Finding("fail", check, subject, says)


def table(findings: Sequence[Finding]) -> str:
    """Write a line for each finding, one for what was found of several alike, and a last one that counts them."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for each in findings:
        alike.setdefault((each.verdict, each.check, each.says), []).append(each.subject)
    rows = [(verdict, check, _named(subjects), says) for (verdict, check, says), subjects in alike.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]
    counts = {verdict: sum(each.verdict == verdict for each in findings) for verdict in ("ok", "warn", "fail")}
    return "\n".join([*lines, ", ".join(f"{count} {verdict}" for verdict, count in counts.items())])


def _named(subjects: Sequence[str]) -> str:
    return subjects[0] if len(subjects) == 1 else f"{subjects[0]} and {len(subjects) - 1} more"
