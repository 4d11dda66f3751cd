"""Measure the face package on labelled photographs, printed ones and rendered documents; `make bench-face` runs this.

The photographs are not part of the project: CARI_EVAL_DATA names their folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face.models import PairKind, PictureKind, built_in
from tests.benchmarks.face import machine, plot, report
from tests.benchmarks.face.finding import find_on_documents, find_on_photographs
from tests.benchmarks.face.footprint import unzipped_mb
from tests.benchmarks.face.honesty import Subjects, observe_held_out, observe_shipped
from tests.benchmarks.face.looking import as_it_is, embeddings_of
from tests.benchmarks.face.peer import DLIB_PYTHON, embed_with_dlib
from tests.benchmarks.face.photographs import labelled
from tests.benchmarks.face.printing import as_document, as_small_document
from tests.benchmarks.face.sizing import accept_by_size
from tests.benchmarks.face.speed import pictures, time_cold, time_warm
from tests.benchmarks.face.verification import accuracy, cosines, stated_rates, verify, verify_across
from tests.benchmarks.mrz.readers import ROOT

if TYPE_CHECKING:
    from tests.benchmarks.face.honesty import Observed

SAVED = ROOT / "docs/benchmarks"
PHOTO, DOCUMENT, SMALL = "photo–photo", "photo–document", "photo–small document"
SIZE_FMRS = (1e-2, 1e-3, 1e-4)
WARM_REPEATS, COLD_REPEATS = 21, 9


def main() -> int:
    """Print the tables; save them unless only a part of the pictures was measured."""
    asked = _options().parse_args()
    folder = os.environ.get("CARI_EVAL_DATA")
    if not folder:
        print("CARI_EVAL_DATA is not set: it must name the folder of labelled pictures. Nothing measured.")
        return 0
    if not DLIB_PYTHON.exists():
        print("dlib is not installed: run `make bench-face`, which installs it.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        figures = _measured(Path(folder), Path(temporary), asked)
    text = report.markdown(figures, plot.NAMES)
    print(text)
    if asked.step == 1:
        SAVED.mkdir(parents=True, exist_ok=True)
        (SAVED / "face.md").write_text(text)
        (SAVED / "face.json").write_text(json.dumps(report.as_json(figures), indent=1) + "\n")
        for name, drawing in plot.drawn(figures).items():
            (SAVED / plot.NAMES[name]).write_text(drawing)
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--step", type=int, default=1, metavar="N", help="every N-th pair only, and save nothing")
    options.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, metavar="N", help="for what is not timed"
    )
    return options


def _measured(folder: Path, temporary: Path, asked: argparse.Namespace) -> report.Figures:
    """Take the times first, while nothing else runs."""
    where = machine.described()  # now: the tree may change while the rest is measured
    cv2.setNumThreads(1)
    pair = pictures(temporary)
    warm, cold = time_warm(pair, WARM_REPEATS), time_cold(pair, COLD_REPEATS)
    photographs = labelled(folder, asked.step)
    people, processes = photographs.people, asked.processes
    firsts, others = photographs.split()
    printed = [photographs.paths[i] for i in firsts]
    photos = embeddings_of(photographs.paths, as_it_is, "photographs", processes)
    documents = embeddings_of(printed, as_document, "printed portraits", processes, PictureKind.PORTRAIT)
    small = embeddings_of(printed, as_small_document, "small printed portraits", processes, PictureKind.PORTRAIT)
    bearers = embeddings_of(
        [photographs.paths[i] for i in others], as_it_is, "their bearers' photographs", processes, PictureKind.BEARER
    )
    peer = embed_with_dlib(photographs.paths, temporary, processes)
    verified = verify(PHOTO, photos, people)
    thresholds = {fmr: verified.by_pair.cosine_at(fmr) for fmr in SIZE_FMRS}
    return report.Figures(
        machine=where,
        arguments=f" ARGS={shlex.quote(' '.join(sys.argv[1:]))}" if sys.argv[1:] else "",
        peer=peer,
        verified=[
            verified,
            verify(f"dlib, {PHOTO}", peer.embeddings, people),
            verify_across(DOCUMENT, documents, people[firsts], bearers, people[others]),
            verify_across(SMALL, small, people[firsts], bearers, people[others]),
        ],
        accuracies=[
            accuracy("face in the middle", cosines(photos, photographs), photographs),
            accuracy("what `compare` gives", -np.log10(stated_rates(photographs, processes)), photographs),
            accuracy("dlib, face in the middle", cosines(peer.embeddings, photographs), photographs),
        ],
        sized=accept_by_size(photographs, photos, thresholds, processes),
        observed=[
            *_observed(PHOTO, PairKind.PHOTO, Subjects(photos, people)),
            *_observed(DOCUMENT, PairKind.DOCUMENT, Subjects(bearers, people[others], documents, people[firsts])),
            *_shipped(SMALL, PairKind.DOCUMENT, Subjects(bearers, people[others], small, people[firsts])),
        ],
        found=[*find_on_photographs(photographs.paths, processes), *find_on_documents(photographs.paths, processes)],
        warm=warm,
        cold=cold,
        unzipped_mb=unzipped_mb(),
    )


def _observed(name: str, kind: PairKind, subjects: Subjects) -> list[Observed]:
    return [*observe_held_out(name, subjects), *_shipped(name, kind, subjects)]


def _shipped(name: str, kind: PairKind, subjects: Subjects) -> list[Observed]:
    """Observe what the package states; nothing where another model is built in that nobody has calibrated."""
    known = built_in().calibrations.get(kind)
    return [observe_shipped(f"{name}, shipped", known.false_match_rate, subjects)] if known else []


if __name__ == "__main__":
    sys.exit(main())
