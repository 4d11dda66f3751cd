"""How well covers and recaptures are told from plain faces: python -m tests.benchmarks.face.signals FOLDER.

Prints, for everything drawn on the photographs of FOLDER, in how many a face is still found, the AUC of each score and
the share that its bound catches; of plain faces, that share is false alarms. `--people` takes half of them: the weights
of cari_face.shading were fitted to the odd half.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cari_face import Part, find_faces
from cari_face.presentation import read_presentation
from cari_face.shading import eye_cover_score, mouth_cover_score
from cari_face.view import cut_view
from tests.benchmarks.face.attacks import ATTACKS, bona_fide
from tests.benchmarks.face.looking import opened, seeded
from tests.benchmarks.face.occlusions import HIDING_EYES, HIDING_MOUTH
from tests.benchmarks.face.parallel import for_each
from tests.benchmarks.face.photographs import labelled
from tools.face_calibration.calibrate_pictures import central

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cari_imaging import Image

    Scores = dict[str, float]

PLAIN, BONA_FIDE = "plain", "bona fide"
SUSPICIOUS = 0.5


def main() -> None:
    """Measure both kinds of signal and print a table each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, help="holds face/pairs.csv")
    options.add_argument("--people", choices=("even", "odd", "all"), default="even")
    options.add_argument("--step", type=int, default=1, help="take every so manieth pair")
    options.add_argument("--processes", type=int, default=2)
    chosen = options.parse_args()
    paths = [path for path in labelled(chosen.folder, chosen.step).paths if chosen.people in ("all", _half(path))]
    for what, work, reference in (("covers", covers, PLAIN), ("recaptures", recaptures, BONA_FIDE)):
        _print(for_each(paths, work, what, chosen.processes), reference)


def covers(path: Path) -> dict[str, Scores]:
    """Score a picture plain and with each cover, wherever the same face is still found."""
    image, rng = opened(path), seeded(path)
    faces = find_faces(image)
    if not faces:
        return {}
    mesh = central(image, faces).mesh
    drawn = {draw.__name__: draw(image, mesh, rng) for draw in HIDING_MOUTH + HIDING_EYES}
    scored = {name: _cover_scores(picture) for name, picture in {PLAIN: image, **drawn}.items()}
    return {name: scores for name, scores in scored.items() if scores}


def recaptures(path: Path) -> dict[str, Scores]:
    """Score a picture as taken of the person, and of a print and a screen, with the mesh of the plain one."""
    image, rng = opened(path), seeded(path)
    faces = find_faces(image)
    if not faces:
        return {}
    signals = partial(read_presentation, mesh=central(image, faces).mesh)
    pictures = {BONA_FIDE: bona_fide(image, rng)} | {name: attack(image, rng) for name, attack in ATTACKS.items()}
    return {name: _caught(asdict(signals(picture))) for name, picture in pictures.items()}


def _cover_scores(image: Image) -> Scores:
    faces = find_faces(image)
    if not faces:
        return {}
    face = central(image, faces)
    brightness, covered = cut_view(image, face.mesh).brightness, face.occlusion.covered
    scores = {"mouth": mouth_cover_score(brightness), "eyes": eye_cover_score(brightness)}
    return scores | {"mouth caught": Part.MOUTH in covered, "eyes caught": Part.EYES in covered}


def _caught(signals: Scores) -> Scores:
    return signals | {f"{name} caught": value >= SUSPICIOUS for name, value in signals.items()}


def _print(pictures: Sequence[dict[str, Scores]], reference: str) -> None:
    kinds = list(dict.fromkeys(kind for picture in pictures for kind in picture))
    plain = [picture[reference] for picture in pictures if reference in picture]
    names = [name for name in plain[0] if not name.endswith(" caught")]
    for kind in kinds:
        found = [picture[kind] for picture in pictures if kind in picture]
        print(f"{kind}: {len(found)} of {len(pictures)} found")
        for name in names:
            auc = _auc(*(np.array([scores[name] for scores in side]) for side in (plain, found)))
            print(f"    {name:14} AUC {auc:.3f}  caught {np.mean([scores[f'{name} caught'] for scores in found]):.3f}")


def _auc(negatives: NDArray[np.float64], positives: NDArray[np.float64]) -> float:
    """Say how often a positive scores higher than a negative; a tie counts half."""
    order = np.sort(negatives)
    below = np.searchsorted(order, positives, "left") + np.searchsorted(order, positives, "right")
    return float(below.mean() / (2 * len(order)))


def _half(path: Path) -> str:
    return ("even", "odd")[sum(map(ord, path.parent.name)) % 2]


if __name__ == "__main__":
    main()
