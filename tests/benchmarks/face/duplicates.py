"""Measure whether a face seen before is found, and nobody else is: `python -m tests.benchmarks.face.duplicates`.

The photographs are not part of the project: CARI_EVAL_DATA names their folder. What is compared is what is kept:
vectors turned by a secret, in half precision.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cari_decision.checks.duplicates import allowed_fmr
from cari_face import recognition
from cari_verification.aws.face_index import comparable
from cari_verification.face_embedding import FaceEmbedding, packed, unpacked
from tests.benchmarks.face.duplicates_report import markdown
from tests.benchmarks.face.duplicates_speed import time_search
from tests.benchmarks.face.looking import as_it_is, embeddings_of
from tests.benchmarks.face.photographs import labelled
from tests.benchmarks.mrz.readers import ROOT
from tools.face_calibration.calibrate import calibrate
from tools.face_calibration.scores import score_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    Rates = tuple[tuple[float, float], ...]  # cosine, false match rate; the cosines grow

SAVED = ROOT / "docs/benchmarks/duplicates.md"
SHIPPED, HELD_OUT = "shipped", "of the other half"
GALLERIES = {SHIPPED: (10, 100, 1000), HELD_OUT: (10, 100)}  # people; half of them are too few for the last
ERROR_RATES = (0.01, 0.1)
DRAWS, RESAMPLES = 200, 2_000
SEED = 20_261_123


@dataclass(frozen=True)
class People:
    """Cosines of every two pictures, and whose each picture is."""

    cosines: NDArray[np.float32]
    people: NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """How many of how many, by person, summed over the draws."""

    hits: NDArray[np.float64]
    trials: NDArray[np.float64]

    @property
    def rate(self) -> float:
        """The share of all trials."""
        return float(self.hits.sum() / self.trials.sum())

    def interval(self, random: Generator) -> tuple[float, float]:
        """Say between which rates 95 % of those lie that as many people, drawn anew from these, would have given."""
        tried = self.trials > 0
        hits, trials = self.hits[tried], self.trials[tried]
        drawn = random.multinomial(len(hits), np.full(len(hits), 1 / len(hits)), RESAMPLES)
        low, high = np.quantile((drawn @ hits) / (drawn @ trials), (0.025, 0.975))
        return float(low), float(high)


@dataclass(frozen=True)
class Measured:
    """What became of probes against galleries of so many people, at one stated error rate."""

    calibration: str
    enrolled: int
    compared: int
    error_rate: float
    fpir: Share  # people who were not enrolled, of whom any enrolled one was told
    tpir: Share  # people who were enrolled, who were told by their own note


def main() -> int:
    """Print the report, and keep it unless only a part of the pictures was measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--step", type=int, default=1, metavar="N", help="every N-th pair only, and save nothing")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    asked = options.parse_args()
    folder = os.environ.get("CARI_EVAL_DATA")
    if not folder:
        print("CARI_EVAL_DATA is not set: it must name the folder of labelled pictures. Nothing measured.")
        return 0
    speed = time_search()  # while nothing else runs
    photographs = labelled(Path(folder), asked.step)
    embeddings = embeddings_of(photographs.paths, as_it_is, "photographs", asked.processes)
    found = ~np.isnan(embeddings[:, 0])
    random = np.random.default_rng(SEED)
    measured = list(_measured(embeddings[found], photographs.people[found], random))
    text = markdown(
        measured, speed, random, pictures=int(found.sum()), people=len(np.unique(photographs.people[found]))
    )
    print(text)
    if asked.step == 1:
        SAVED.write_text(text)
    return 0


def _measured(embeddings: NDArray[np.float32], people: NDArray[np.int64], random: Generator) -> Iterator[Measured]:
    everybody = People(_kept_cosines(embeddings), people)
    shipped = recognition.measured_rates()
    for enrolled in GALLERIES[SHIPPED]:
        yield from identified(SHIPPED, shipped, everybody, enrolled, random)
    halves = _in_halves(people, random)
    for enrolled in GALLERIES[HELD_OUT]:
        both = [
            identified(
                HELD_OUT,
                _rates_of(embeddings[~half], people[~half]),
                People(everybody.cosines[np.ix_(half, half)], people[half]),
                enrolled,
                random,
            )
            for half in (halves, ~halves)
        ]
        for one, other in zip(*both, strict=True):
            yield Measured(
                one.calibration,
                one.enrolled,
                one.compared,
                one.error_rate,
                _together(one.fpir, other.fpir),
                _together(one.tpir, other.tpir),
            )


def identified(
    calibration: str, rates: Rates, subjects: People, enrolled: int, random: Generator
) -> Iterator[Measured]:
    """Enrol people with one picture each, over and over, and look for everybody: again, or for the first time."""
    size = int(subjects.people.max()) + 1
    draws = [_drawn(subjects.people, enrolled, random) for _ in range(DRAWS)]
    for error_rate in ERROR_RATES:
        embedding = FaceEmbedding("", (), rates)
        compared = min(enrolled, comparable(error_rate, embedding.least_fmr))
        allowed, sums = allowed_fmr(error_rate, compared), np.zeros((2, 2, size))
        for gallery, mates, strangers in draws:
            newest = gallery[:compared]
            for kind, probes in enumerate((strangers, mates)):
                cosines = subjects.cosines[np.ix_(probes, newest)]
                if kind:  # of the mates, only their own notes count
                    own = subjects.people[probes][:, np.newaxis] == subjects.people[newest]
                    cosines = np.where(own, cosines, -1)
                likest = cosines.max(axis=1)
                hits = np.array([embedding.fmr(float(cosine)) <= allowed for cosine in likest])
                np.add.at(sums[kind, 0], subjects.people[probes], hits)
                np.add.at(sums[kind, 1], subjects.people[probes], 1)
        yield Measured(calibration, enrolled, compared, error_rate, Share(*sums[0]), Share(*sums[1]))


def _drawn(
    people: NDArray[np.int64], enrolled: int, random: Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Draw whom to enrol: their pictures, another of each who has one, and one of everybody else."""
    shuffled = random.permutation(len(people))
    everybody, first = np.unique(people[shuffled], return_index=True)
    chosen = random.permutation(len(everybody))[:enrolled]
    left = np.delete(shuffled, first)
    others, second = np.unique(people[left], return_index=True)
    is_mate = np.isin(others, everybody[chosen])
    return shuffled[first[chosen]], left[second[is_mate]], shuffled[np.delete(first, chosen)]


def _kept_cosines(embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compare vectors as the notes hold them."""
    kept = [unpacked(packed(tuple(map(float, each)))) for each in embeddings]
    vectors = np.array(kept, np.float32)
    return np.asarray(vectors @ vectors.T, np.float32)


def _in_halves(people: NDArray[np.int64], random: Generator) -> NDArray[np.bool_]:
    names = random.permutation(np.unique(people))
    return np.isin(people, names[: len(names) // 2])


def _rates_of(embeddings: NDArray[np.float32], people: NDArray[np.int64]) -> Rates:
    table = calibrate(score_all(embeddings, people)).by_pair
    return tuple(sorted((each.cosine, each.fmr) for each in table if not each.extrapolated))


def _together(one: Share, other: Share) -> Share:
    return Share(np.concatenate([one.hits, other.hits]), np.concatenate([one.trials, other.trials]))


if __name__ == "__main__":
    raise SystemExit(main())
