"""Whether the false match rate that is stated is the one that is observed, on people who were not fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.face_calibration.calibrate import calibrate
from tools.face_calibration.rates import measure
from tools.face_calibration.scores import score_across, score_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from tests.benchmarks.face.looking import Embeddings
    from tools.face_calibration.calibrate import Threshold
    from tools.face_calibration.rates import Rates
    from tools.face_calibration.scores import Scores

STATED_FMRS = (1e-1, 1e-2, 1e-3, 1e-4)
REQUIRED_FMRS = (1e-1, 1e-2, 1e-3)  # the rates that must be right
MAX_FACTOR = 2.0  # times
HALVES_SEED = 0


@dataclass(frozen=True)
class Observed:
    """The share of strangers, by pair and by person, at thresholds for which a rate is stated."""

    name: str
    rates: dict[float, tuple[float, float]]

    @property
    def holds(self) -> bool:
        """Say whether it is right within a factor."""
        return all(
            1 / MAX_FACTOR <= seen / stated <= MAX_FACTOR
            for stated, (seen, _) in self.rates.items()
            if stated in REQUIRED_FMRS
        )


@dataclass(frozen=True)
class Subjects:
    """Embeddings of pictures and who is on them; of documents too, where those are compared with the pictures."""

    photos: Embeddings
    people: NDArray[np.int64]
    documents: Embeddings | None = None
    bearers: NDArray[np.int64] | None = None

    def only(self, chosen: NDArray[np.bool_]) -> Subjects:
        """Keep some people: `chosen` has a flag for each."""
        found = ~np.isnan(self.photos[:, 0]) & chosen[self.people]
        if self.documents is None or self.bearers is None:
            return Subjects(self.photos[found], self.people[found])
        seen = ~np.isnan(self.documents[:, 0]) & chosen[self.bearers]
        return Subjects(self.photos[found], self.people[found], self.documents[seen], self.bearers[seen])

    def scores(self) -> Iterator[Scores]:
        """Score all pairs."""
        if self.documents is None or self.bearers is None:
            return score_all(self.photos, self.people)
        return score_across(self.documents, self.bearers, self.photos, self.people)


def observe_held_out(name: str, subjects: Subjects) -> list[Observed]:
    """Fit a table to half of the people and observe it on the other half, then the other way round."""
    first = np.random.default_rng(HALVES_SEED).permutation(_people(subjects)) % 2 == 0
    return [
        _observed(
            f"{name}, held out ({which})",
            _read_off(calibrate(subjects.only(fitted).scores()).by_pair),
            subjects.only(~fitted),
        )
        for which, fitted in ((1, first), (2, ~first))
    ]


def observe_shipped(name: str, state: Callable[[float], float], subjects: Subjects) -> Observed:
    """Observe on everyone what the package states for a cosine."""
    everyone = np.ones(_people(subjects), bool)
    return _observed(name, lambda fmr: _inverse(state, fmr), subjects.only(everyone))


def _people(subjects: Subjects) -> int:
    return (
        int(subjects.people.max()) + 1
        if subjects.bearers is None
        else int(max(subjects.people.max(), subjects.bearers.max())) + 1
    )


def _observed(name: str, threshold_at: Callable[[float], float], subjects: Subjects) -> Observed:
    by_pair, by_person = measure(subjects.scores())
    return Observed(name, {fmr: _shares((by_pair, by_person), threshold_at(fmr)) for fmr in STATED_FMRS})


def _shares(both: tuple[Rates, Rates], cosine: float) -> tuple[float, float]:
    by_pair, by_person = (rates.fmr(cosine) for rates in both)
    return by_pair, by_person


def _read_off(table: tuple[Threshold, ...]) -> Callable[[float], float]:
    cosines = {each.fmr: each.cosine for each in table}
    return lambda fmr: cosines[fmr]


def _inverse(state: Callable[[float], float], fmr: float) -> float:
    """Find the cosine for which a rate is stated; statements fall as cosines grow."""
    low, high = -1.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if state(middle) > fmr else (low, middle)
    return high
