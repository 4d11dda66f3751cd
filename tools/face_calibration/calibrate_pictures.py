"""Calibrate on labelled picture files: find and embed the main face of each once, then score its pairs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from cari_face import portrait
from cari_face.detection import find_faces
from cari_face.embedding import EmbeddedFace
from cari_face.models import PICTURES_OF, PairKind
from cari_imaging import decode
from tools.face_calibration.calibrate import calibrate
from tools.face_calibration.labelled import people_by_folder, people_by_pairs, pictures_of
from tools.face_calibration.scores import score_across, score_all, score_listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from cari_face.face import Face
    from cari_face.models import PictureKind
    from cari_imaging import Image
    from tools.face_calibration.calibrate import MeasuredThresholds
    from tools.face_calibration.labelled import LabelledPair
    from tools.face_calibration.scores import Numbers, Scores

Choose: TypeAlias = "Callable[[Image, Sequence[Face]], Face]"


@dataclass(frozen=True)
class Calibrated:
    """A calibration and what it was measured on; `document` compares column a's documents with column b's photos."""

    kind: PairKind
    pictures: int
    without_face: int
    people: int
    genuine_pairs: int
    impostor_pairs: int
    calibration: MeasuredThresholds


def calibrate_pictures(
    pairs: Sequence[LabelledPair], root: Path, kind: PairKind, choose: Choose, *, by_folder: bool
) -> Calibrated:
    """Measure the listed pairs; or, by folder, every pair of their pictures, those of one folder being one person's.

    Raises OSError or ImageRejected where a picture cannot be opened, ValueError where there are too few pairs.
    """
    names = pictures_of(pairs)
    shown_first, shown_second = PICTURES_OF[kind]
    documents = {pair.a for pair in pairs}
    kinds = [shown_first if name in documents else shown_second for name in names]
    embeddings = embed_pictures([root / name for name in names], choose, kinds)
    people = people_by_folder(names) if by_folder else people_by_pairs(names, pairs)
    found = ~np.isnan(embeddings[:, 0])
    number = {name: i for i, name in enumerate(names)}
    listed = np.array([(number[pair.a], number[pair.b]) for pair in pairs])
    if by_folder:
        scores = _all_scores(embeddings, people, found, listed, kind)
    else:
        usable = found[listed].all(axis=1)
        same = np.array([pair.same for pair in pairs])
        scores = score_listed(embeddings, people, listed[usable], same[usable])
    calibration = calibrate(scores)
    return Calibrated(
        kind=kind,
        pictures=int(found.sum()),
        without_face=int((~found).sum()),
        people=len(np.unique(people[found])),
        genuine_pairs=round(calibration.pair_rates.genuine_pairs),
        impostor_pairs=round(calibration.pair_rates.impostor_pairs),
        calibration=calibration,
    )


def embed_pictures(paths: Sequence[Path], choose: Choose, kinds: Sequence[PictureKind]) -> NDArray[np.float32]:
    """Embed one face of each picture, N×D unit vectors; a row of NaN stands for a picture without a face."""
    embeddings: list[NDArray[np.float32] | None] = []
    for path, kind in zip(paths, kinds, strict=True):
        image = decode(path.read_bytes())
        faces = find_faces(image)
        embeddings.append(EmbeddedFace(image, choose(image, faces).mesh).careful(kind) if faces else None)
        sys.stderr.write(f"\r{len(embeddings)} of {len(paths)} pictures")
    sys.stderr.write("\n")
    size = next((len(each) for each in embeddings if each is not None), 1)
    return np.array([np.full(size, np.nan) if each is None else each for each in embeddings], np.float32)


def main_face(image: Image, faces: Sequence[Face]) -> Face:
    """Choose the face that `cari_face.compare` takes of its source."""
    choice = portrait.choose(faces, (image.shape[0], image.shape[1]))
    return choice.face if choice else faces[0]


def central(image: Image, faces: Sequence[Face]) -> Face:
    """Choose the face nearest to the middle, as sets cut around one person have it (Labeled Faces in the Wild)."""
    middle = np.array(image.shape[1::-1]) / 2
    return min(faces, key=lambda face: float(np.linalg.norm(face.mesh[:, :2].mean(axis=0) - middle)))


def _all_scores(
    embeddings: NDArray[np.float32], people: Numbers, found: NDArray[np.bool_], listed: Numbers, kind: PairKind
) -> Iterator[Scores]:
    if kind == PairKind.PHOTO:
        return score_all(embeddings[found], people[found])
    documents, photos = (np.array([i for i in np.unique(column) if found[i]], np.int64) for column in listed.T)
    return score_across(embeddings[documents], people[documents], embeddings[photos], people[photos])
