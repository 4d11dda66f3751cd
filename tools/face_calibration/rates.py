"""How often strangers reach a cosine (FMR), and how often one person does not (FNMR)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from tools.face_calibration.scores import Scores

BINS = 100_000  # of cosines from -1 to 1: thresholds are good to 2e-5


@dataclass(frozen=True)
class Rates:
    """The shares of impostor and of genuine pairs that reach each cosine, and how many pairs these stand for."""

    reached_by_impostors: NDArray[np.float64]  # BINS + 1, from -1 to 1
    reached_by_genuine: NDArray[np.float64]
    impostor_pairs: float
    genuine_pairs: float

    def fmr(self, cosine: float) -> float:
        """Say which share of strangers reaches a cosine."""
        return float(np.interp(cosine, _edges(), self.reached_by_impostors))

    def fnmr(self, cosine: float) -> float:
        """Say which share of genuine pairs does not reach a cosine."""
        return 1 - float(np.interp(cosine, _edges(), self.reached_by_genuine))

    def cosine_at(self, fmr: float) -> float:
        """Find the lowest cosine that no more than this share of strangers reaches."""
        return float(_edges()[np.argmax(self.reached_by_impostors <= fmr)])


def measure(scores: Iterable[Scores]) -> tuple[Rates, Rates]:
    """Measure the rates twice: with every pair, and with every two people (or one person), counting the same.

    How many pairs the second stands for is Kish's effective sample size.
    """
    # by impostor or genuine: how many pairs, the sum of their weights, and of their weights' squares
    sums = np.zeros((2, 3, BINS))
    for block in scores:
        bins = np.clip(((block.cosines + 1) * (BINS / 2)).astype(np.int64), 0, BINS - 1)
        for kind, chosen in enumerate((~block.same, block.same)):
            for power in range(3):
                sums[kind, power] += np.bincount(bins[chosen], block.weights[chosen] ** power, BINS)
    totals = sums.sum(axis=2)
    if not totals.all():
        raise ValueError("both genuine and impostor pairs are needed")
    effective = totals[:, 1] ** 2 / totals[:, 2]
    return (
        Rates(_reached(sums[0, 0]), _reached(sums[1, 0]), *totals[:, 0].tolist()),
        Rates(_reached(sums[0, 1]), _reached(sums[1, 1]), *effective.tolist()),
    )


def _reached(histogram: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum up from the highest cosine down to each edge."""
    from_above = np.cumsum(histogram[::-1])[::-1]
    return np.asarray(np.append(from_above, 0.0) / from_above[0], np.float64)


def _edges() -> NDArray[np.float64]:
    return np.linspace(-1, 1, BINS + 1, dtype=np.float64)
