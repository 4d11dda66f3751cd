"""How many genuine pairs pass at thresholds that let few strangers pass, and accuracy on the listed pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cari_face import compare
from tests.benchmarks.face.looking import opened
from tests.benchmarks.face.parallel import for_each
from tools.face_calibration.rates import measure
from tools.face_calibration.scores import score_across, score_all

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.benchmarks.face.looking import Embeddings
    from tests.benchmarks.face.photographs import Photographs
    from tools.face_calibration.rates import Rates

FMRS = (1e-2, 1e-3, 1e-4, 1e-5)


@dataclass(frozen=True)
class Verified:
    """Error rates with every pair counting the same, and with every two people; `lost` pictures showed no face.

    `genuine_pairs` counts those of the lost pictures too.
    """

    name: str
    pictures: int
    lost: int
    genuine_pairs: int
    by_pair: Rates
    by_person: Rates

    def accepted(self) -> dict[float, tuple[float, float]]:
        """Give the shares of genuine pairs that pass at each FMR, by pair and by person."""
        return {fmr: (_accepted(self.by_pair, fmr), _accepted(self.by_person, fmr)) for fmr in FMRS}


@dataclass(frozen=True)
class Accuracy:
    """The share of listed pairs judged right, each fold with the threshold that was best on the others."""

    name: str
    mean: float
    by_fold: tuple[float, ...]


def verify(name: str, embeddings: Embeddings, people: NDArray[np.int64]) -> Verified:
    """Compare every two pictures."""
    found = ~np.isnan(embeddings[:, 0])
    rates = measure(score_all(embeddings[found], people[found]))
    genuine = (people[:, np.newaxis] == people).sum() - len(people)
    return Verified(name, len(found), int((~found).sum()), int(genuine) // 2, *rates)


def verify_across(
    name: str, changed: Embeddings, bearers: NDArray[np.int64], photos: Embeddings, people: NDArray[np.int64]
) -> Verified:
    """Compare every changed picture with every photo, none of which may show the same moment."""
    seen, found = ~np.isnan(changed[:, 0]), ~np.isnan(photos[:, 0])
    rates = measure(score_across(changed[seen], bearers[seen], photos[found], people[found]))
    genuine = (bearers[:, np.newaxis] == people).sum()
    return Verified(name, len(seen), int((~seen).sum()), int(genuine), *rates)


def _accepted(rates: Rates, fmr: float) -> float:
    return 1 - rates.fnmr(rates.cosine_at(fmr))


def accuracy(name: str, scores: NDArray[np.float64], photographs: Photographs) -> Accuracy:
    """Judge the listed pairs by scores that are higher for the likelier ones."""
    right = []
    for fold in np.unique(photographs.folds):
        held_out = photographs.folds == fold
        threshold = _best_threshold(scores[~held_out], photographs.same[~held_out])
        right.append(float(((scores >= threshold) == photographs.same)[held_out].mean()))
    return Accuracy(name, float(np.mean(right)), tuple(right))


def cosines(embeddings: Embeddings, photographs: Photographs) -> NDArray[np.float64]:
    """Score the listed pairs; one without a face is no match."""
    a, b = (embeddings[photographs.pairs[:, side]] for side in (0, 1))
    return np.nan_to_num(np.einsum("ij,ij->i", a, b), nan=-1.0).astype(float)


def stated_rates(photographs: Photographs, processes: int) -> NDArray[np.float64]:
    """Have compare() say the FMR of every listed pair; 1 where it finds no face."""
    paths = [(photographs.paths[a], photographs.paths[b]) for a, b in photographs.pairs]
    return np.array(for_each(paths, _stated, "compared", processes))


def _stated(paths: tuple[Path, Path]) -> float:
    matches = compare(opened(paths[0]), opened(paths[1])).matches
    return matches[0].fmr if matches else 1.0


def _best_threshold(scores: NDArray[np.float64], same: NDArray[np.bool_]) -> float:
    order = np.argsort(-scores)
    right = np.cumsum(np.where(same[order], 1, -1))  # accept one pair more
    best = int(np.argmax(right))
    return float(scores[order][best : best + 2].mean())
