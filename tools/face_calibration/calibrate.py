"""Fit the table of thresholds, from false match rate to cosine, of which the similarity scale is made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.face_calibration.rates import measure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.face_calibration.rates import Rates
    from tools.face_calibration.scores import Scores

FMRS = (0.5, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
MIN_FALSE_MATCHES = 10  # expected at a threshold; with fewer the standard error exceeds a third of the rate


@dataclass(frozen=True)
class Threshold:
    """A cosine, with its error rates 0..1; extrapolated where too few impostor pairs reach it."""

    fmr: float
    cosine: float
    fnmr: float
    extrapolated: bool


@dataclass(frozen=True)
class MeasuredThresholds:
    """Thresholds measured with every pair counting the same, and with every two people counting the same."""

    by_pair: tuple[Threshold, ...]
    by_person: tuple[Threshold, ...]
    pair_rates: Rates
    person_rates: Rates


def calibrate(scores: Iterable[Scores]) -> MeasuredThresholds:
    """Fit the table to labelled pairs.

    Raises ValueError where there are too few impostor pairs for two thresholds, or no genuine one.
    """
    by_pair, by_person = measure(scores)
    return MeasuredThresholds(thresholds(by_pair), thresholds(by_person), by_pair, by_person)


def thresholds(rates: Rates) -> tuple[Threshold, ...]:
    """Read the thresholds off; beyond what the pairs support, extend the last decade linearly: cosine by log FMR."""
    supported = [fmr for fmr in FMRS if fmr * rates.impostor_pairs >= MIN_FALSE_MATCHES]
    if len(supported) < len(FMRS[:2]):
        raise ValueError(f"{rates.impostor_pairs:.0f} impostor pairs are too few: a rate of {FMRS[1]} needs 100")
    before, last = (rates.cosine_at(fmr) for fmr in supported[-2:])
    per_decade = (last - before) / math.log10(supported[-2] / supported[-1])
    measured = [Threshold(fmr, rates.cosine_at(fmr), rates.fnmr(rates.cosine_at(fmr)), False) for fmr in supported]
    extrapolated = [
        _extrapolated(rates, fmr, last + per_decade * math.log10(supported[-1] / fmr)) for fmr in FMRS[len(supported) :]
    ]
    return (*measured, *extrapolated)


def _extrapolated(rates: Rates, fmr: float, cosine: float) -> Threshold:
    cosine = min(cosine, 1.0)
    return Threshold(fmr, cosine, rates.fnmr(cosine), extrapolated=True)
