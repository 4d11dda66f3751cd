"""The registry of embedders: which one is built in, how it wants faces cut out, and what its cosines mean."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cari_face.weights import FOLDER, WeightsMissingError

if TYPE_CHECKING:
    from cari_face.geometry import Points

REGISTRY = Path(__file__).with_name("models.toml")


class PairKind(StrEnum):
    """What two pictures are: portraits printed on documents look less like their owners than photos do."""

    PHOTO = "photo"  # photo against photo
    DOCUMENT = "document"  # a document's portrait against a photo


class UncalibratedModelError(RuntimeError):
    """Nobody has measured what this model's cosines mean for such pairs."""


@dataclass(frozen=True)
class Calibration:
    """Error rates at some cosines, as measured; cosines grow, `fmr` falls and `fnmr` grows along them."""

    cosines: tuple[float, ...]
    fmr: tuple[float, ...]
    fnmr: tuple[float, ...]

    def false_match_rate(self, cosine: float) -> float:
        """Estimate how often two strangers' faces reach this cosine, 0..1; log FMR is interpolated linearly."""
        return float(10 ** np.interp(cosine, self.cosines, np.log10(self.fmr)))

    def false_non_match_rate(self, cosine: float) -> float:
        """Estimate how often two pictures of one person stay below this cosine, 0..1."""
        return float(np.interp(cosine, self.cosines, self.fnmr))


@dataclass(frozen=True)
class Model:
    """An embedder. Its input is side×side×3, (channels - mean) * scale, with the mesh's vertices at `points`."""

    name: str
    file: str
    side: int
    channels: str  # RGB or BGR
    mean: float
    scale: float
    mesh: tuple[tuple[int, ...], ...]  # groups of vertices; the mean of each goes to its point
    points: Points  # N×2, in pixels of the input
    calibrations: dict[PairKind, Calibration]

    def calibration(self, kind: PairKind) -> Calibration:
        """Find the calibration for such pairs. Raises UncalibratedModelError."""
        if kind not in self.calibrations:
            raise UncalibratedModelError(
                f"{self.name} has no calibration for {kind} pairs: make one with `python -m tools.face_calibration`"
                f" and add it to {REGISTRY.name}"
            )
        return self.calibrations[kind]


@cache
def built_in() -> Model:
    """Find the model whose weights `make weights` left. Raises WeightsMissingError."""
    for name, entry in registry().items():
        if (FOLDER / entry["file"]).is_file():
            return model(name)
    raise WeightsMissingError(f"{FOLDER} holds no embedder: run `make weights`")


def registry() -> dict[str, dict[str, Any]]:
    """Read every entry, as written, by the model's name."""
    return tomllib.loads(REGISTRY.read_text())


def model(name: str) -> Model:
    """Find an entry. Raises KeyError."""
    entry = registry()[name]
    cut = entry["input"]
    return Model(
        name,
        entry["file"],
        cut["side"],
        cut["channels"],
        cut["mean"],
        cut["scale"],
        tuple(tuple(group) for group in cut["mesh"]),
        np.array(cut["points"], float),
        {PairKind(kind): _calibration(table) for kind, table in entry.get("calibration", {}).items()},
    )


def _calibration(table: dict[str, Any]) -> Calibration:
    thresholds = [(-1.0, 1.0, 0.0), *((row["cosine"], row["fmr"], row["fnmr"]) for row in table["by_pair"])]
    return Calibration(*zip(*sorted(thresholds), strict=True))
