"""How well the same face is found again: `python -m tests.benchmarks.duplicates` (needs CARI_EVAL_DATA)."""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cari_common.duplicate_faces import MOST
from cari_common.face_template import FaceTemplate, cosine, packed, unpacked
from cari_face import PairKind
from cari_face.models import built_in
from tests.benchmarks.end_to_end.rates import Share, share
from tests.benchmarks.face.looking import as_it_is, embeddings_of
from tests.benchmarks.face.photographs import labelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.benchmarks.face.looking import Embeddings

    Vector = NDArray[np.float32]

OUT = Path(__file__).parents[3] / "docs/benchmarks/duplicates.md"
SIZES, RATES = (10, 100, 500), (0.1, 0.01, 0.001)
DRAWS = 20
STRANGERS = 400
INTRODUCTION = """# The same face again

Made by `python -m tests.benchmarks.duplicates` from Labeled Faces in the Wild (folds 0–2, research use, not part of the
project): a gallery of so many people, one photograph each; searched with other photographs of the same people and with
people who are not in it. A search finds whom it names: whoever's false match rate, times the gallery's size, is at most
the policy's `face_error_rate`. TPIR and FPIR are ISO/IEC 19795-1's: how often the right one is found, and how often a
stranger finds anybody. Means over {draws} galleries drawn by lot; brackets are 95 % confidence over people. The
calibration was made from the same people, so the stated rates are those of its own set.

| gallery | `face_error_rate` | TPIR | FPIR |
|---|---|---|---|
"""


def main() -> int:
    """Write docs/benchmarks/duplicates.md."""
    data = os.environ.get("CARI_EVAL_DATA")
    if not data:
        print("CARI_EVAL_DATA names no folder of labelled pictures; there is nothing to measure on.", file=sys.stderr)
        return 2
    photographs = labelled(Path(data))
    vectors = embeddings_of(photographs.paths, as_it_is, "faces", processes=3)
    by_person: dict[int, list[Vector]] = {}
    for person, vector in zip(photographs.people, vectors, strict=True):
        if not np.isnan(vector).any():
            by_person.setdefault(int(person), []).append(vector)
    rows = [_row(by_person, size, rate) for size in SIZES for rate in RATES]
    OUT.write_text(
        INTRODUCTION.format(draws=DRAWS)
        + "\n".join(rows)
        + f"\n\nComparing with {MOST:,} in Python, as the function does, without reading the table:"
        f" {_search_ms(vectors):.0f} ms ({platform.machine()}, Python {platform.python_version()}).\n"
    )
    print(OUT.read_text())
    return 0


def _row(by_person: dict[int, list[Vector]], size: int, rate: float) -> str:
    mated: dict[int, list[bool]] = {}
    strange: dict[int, list[bool]] = {}
    for draw in range(DRAWS):
        people = np.random.default_rng(draw).permutation(list(by_person))
        twice = [person for person in people if len(by_person[person]) > 1]
        inside = set(twice[: size // 2])
        gallery = sorted(inside | set([each for each in people if each not in inside][: size - len(inside)]))
        known = np.stack([by_person[person][0] for person in gallery])
        for person in twice[: size // 2]:
            named = _named(known, by_person[person][1], rate)
            mated.setdefault(person, []).append(gallery.index(person) in named)
        for person in [each for each in people if each not in gallery][:STRANGERS]:
            strange.setdefault(person, []).append(len(_named(known, by_person[person][0], rate)) > 0)
    found, wrong = (share(list(each.values())) for each in (mated, strange))
    return f"| {size} | {rate:g} | {found} | {_small(wrong)} |"


def _named(gallery: Vector, probe: Vector, rate: float) -> set[int]:
    calibration = built_in().calibration(PairKind.PHOTO)
    rates = np.array([calibration.false_match_rate(float(each)) for each in gallery @ probe])
    return set(np.flatnonzero(rates * len(gallery) <= rate).tolist())


def _small(one: Share) -> str:
    return f"{one.value:.2%} ({one.low:.2%}–{one.high:.2%})"


def _search_ms(vectors: Embeddings) -> float:
    """Measure unpacking and comparing as many as are searched at most."""
    known = [packed(vector.tolist()) for vector in vectors if not np.isnan(vector).any()]
    notes = (known * (MOST // len(known) + 1))[:MOST]
    calibration = built_in().calibration(PairKind.PHOTO)
    template = FaceTemplate("model", unpacked(known[0]), calibration.cosines, calibration.fmr)
    began = time.perf_counter()
    for note in notes:
        template.fmr(cosine(template.vector, unpacked(note)))
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
