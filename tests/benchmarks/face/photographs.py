"""The labelled photographs that CARI_EVAL_DATA points at; they are not part of the project."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.face_calibration.labelled import people_by_folder

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Photographs:
    """Picture files, who is on each, and the listed pairs with the fold of each."""

    paths: tuple[Path, ...]
    people: NDArray[np.int64]
    pairs: NDArray[np.int64]  # N×2, indices of paths
    same: NDArray[np.bool_]
    folds: NDArray[np.int64]

    def split(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the first picture of each person, to be changed, and the others, so that no moment meets itself."""
        _, first = np.unique(self.people, return_index=True)
        return first, np.setdiff1d(np.arange(len(self.paths)), first)


def labelled(folder: Path, step: int = 1) -> Photographs:
    """Read every `step`-th pair of face/pairs.csv, and its pictures."""
    with (folder / "face/pairs.csv").open(newline="") as rows:
        pairs = list(csv.DictReader(rows))[::step]
    names = sorted({pair[side] for pair in pairs for side in ("a", "b")})
    number = {name: i for i, name in enumerate(names)}
    return Photographs(
        paths=tuple(folder / "face" / name for name in names),
        people=people_by_folder(names),
        pairs=np.array([(number[pair["a"]], number[pair["b"]]) for pair in pairs]),
        same=np.array([pair["same"] == "1" for pair in pairs]),
        folds=np.array([int(pair["fold"]) for pair in pairs]),
    )
