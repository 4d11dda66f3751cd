"""How well readings agree with what is printed: pure."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cari_mrz import layout_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.mrz.readers import Reading

KEY_FIELDS = ("number", "nationality", "date_of_birth", "expiration_date")
P90 = 89  # of the 99 cuts that part a hundred


@dataclass(frozen=True)
class Outcome:
    """One reading, judged."""

    has_mrz: bool
    found: bool
    exact: bool  # every character of every line
    key_fields: bool  # document number, nationality, birth and expiry, as far as the format has them
    valid: bool
    cpu_s: float

    @property
    def valid_but_wrong(self) -> bool:
        """Whether the reader vouched for what is not printed."""
        return self.valid and not self.exact


@dataclass(frozen=True)
class Score:
    """Outcomes, counted. Shares are of the pictures with an MRZ; None where there was none."""

    pictures: int
    exact: float | None
    key_fields: float | None
    valid: float | None
    valid_but_wrong: int  # of all pictures, with an MRZ or without
    without_mrz: int
    not_found: int  # of those without
    median_cpu_ms: float | None
    p90_cpu_ms: float | None


def judge(reading: Reading, printed: tuple[str, ...] | None) -> Outcome:
    """Hold a reading against what is printed."""
    lines = reading.lines
    return Outcome(
        has_mrz=printed is not None,
        found=lines is not None,
        exact=lines == printed,
        key_fields=printed is not None and lines is not None and _key_fields(lines) == _key_fields(printed),
        valid=reading.valid,
        cpu_s=reading.cpu_s,
    )


def _key_fields(lines: tuple[str, ...]) -> tuple[str, ...] | None:
    """Cut the key fields out, a long number's rest among them, whatever the check digits say."""
    layout = layout_of(lines)
    if layout is None:
        return None
    spans = [layout.fields[name] for name in KEY_FIELDS if name in layout.fields]
    fields = tuple(span.of(lines) for span in spans)
    rule, overflow = layout.number_rule, layout.number_overflow
    is_long = rule is not None and overflow is not None and rule.at.of(lines) == "<" and "<" not in fields[0]
    return (*fields, overflow.of(lines).partition("<")[0]) if is_long and overflow else fields


def score(outcomes: Sequence[Outcome]) -> Score:
    """Count outcomes."""
    printed = [outcome for outcome in outcomes if outcome.has_mrz]
    blank = [outcome for outcome in outcomes if not outcome.has_mrz]
    cpu_ms = [1000 * outcome.cpu_s for outcome in outcomes]
    return Score(
        pictures=len(printed),
        exact=_share([outcome.exact for outcome in printed]),
        key_fields=_share([outcome.key_fields for outcome in printed]),
        valid=_share([outcome.valid for outcome in printed]),
        valid_but_wrong=sum(outcome.valid_but_wrong for outcome in outcomes),
        without_mrz=len(blank),
        not_found=sum(not outcome.found for outcome in blank),
        median_cpu_ms=statistics.median(cpu_ms) if cpu_ms else None,
        p90_cpu_ms=statistics.quantiles(cpu_ms, n=100, method="inclusive")[P90] if len(cpu_ms) > 1 else None,
    )


def _share(claims: Sequence[bool]) -> float | None:
    return sum(claims) / len(claims) if claims else None
