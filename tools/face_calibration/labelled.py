"""Labelled pairs of pictures in a CSV file: columns a, b and same (1 or 0)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True)
class LabelledPair:
    """Two pictures, and whether they show one person."""

    a: str
    b: str
    same: bool


def read_pairs(path: Path) -> list[LabelledPair]:
    """Read the pairs of a file, in its order."""
    with path.open(newline="") as rows:
        return [LabelledPair(row["a"], row["b"], row["same"].strip() == "1") for row in csv.DictReader(rows)]


def pictures_of(pairs: Iterable[LabelledPair]) -> list[str]:
    """Name every picture once, in the order of its first pair."""
    return list(dict.fromkeys(name for pair in pairs for name in (pair.a, pair.b)))


def people_by_folder(pictures: Sequence[str]) -> NDArray[np.int64]:
    """Give each picture its person's number: folders of one name are one person's."""
    return _numbered([PurePath(picture).parent.name for picture in pictures])


def people_by_pairs(pictures: Sequence[str], pairs: Iterable[LabelledPair]) -> NDArray[np.int64]:
    """Give each picture its person's number: what genuine pairs link is one person."""
    named = {picture: picture for picture in pictures}

    def name(picture: str) -> str:
        while named[picture] != picture:
            picture = named[picture]
        return picture

    for pair in pairs:
        if pair.same:
            named[name(pair.a)] = name(pair.b)
    return _numbered([name(picture) for picture in pictures])


def _numbered(names: Sequence[str]) -> NDArray[np.int64]:
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], np.int64)
