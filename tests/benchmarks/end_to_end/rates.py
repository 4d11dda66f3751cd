"""Shares with how sure they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Z = 1.96  # 95 %
DRAWS = 2000


@dataclass(frozen=True)
class Share:
    """A share of cases, and between what it lies with 95 % confidence."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.low:.1%}–{self.high:.1%})"


def share(hits: Sequence[Sequence[bool]]) -> Share:
    """Measure a share of cases that come in groups, here documents: one group's cases are no independent ones.

    The bounds are a bootstrap's over groups; where nothing or everything is a hit, Wilson's over groups.
    """
    counts = np.array([(sum(group), len(group)) for group in hits if group], np.int64)
    found, of = counts.sum(axis=0)
    value = float(found / of)
    if found in (0, of):
        low, high = wilson(len(counts) if found else 0, len(counts))
        return Share(value, low, high)
    rng = np.random.default_rng(0)
    drawn = counts[rng.integers(len(counts), size=(DRAWS, len(counts)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], (2.5, 97.5))
    return Share(value, float(low), float(high))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Give Wilson's interval of a share."""
    middle = (hits + Z * Z / 2) / (of + Z * Z)
    half = Z / (of + Z * Z) * math.sqrt(hits * (of - hits) / of + Z * Z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)
