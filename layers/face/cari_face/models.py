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
LOOKS = ("quick", "careful")


class PairKind(StrEnum):
    """What two pictures are: portraits printed on documents look less like their owners than photos do."""

    PHOTO = "photo"  # photo against photo
    DOCUMENT = "document"  # a document's portrait against a photo


class PictureKind(StrEnum):
    """What a picture of a pair is: an embedder may cut faces out of print in another way."""

    PHOTO = "photo"  # either of two photos
    PORTRAIT = "portrait"  # a document's
    BEARER = "bearer"  # the photo that a document's portrait is compared with


PICTURES_OF = {
    PairKind.PHOTO: (PictureKind.PHOTO, PictureKind.PHOTO),
    PairKind.DOCUMENT: (PictureKind.PORTRAIT, PictureKind.BEARER),
}


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
class Crop:
    """How a face is cut out: larger or smaller than the network's own measure, as it is or mirrored, and how smoothed.

    `blur` is a Gaussian's deviation as a share of the crop's side. `smoothing` is a bilateral filter's deviation in
    grey levels, as a multiple of the crop's own: it takes raster and grain away and leaves edges.
    """

    zoom: float
    mirrored: bool = False
    blur: float = 0.0
    smoothing: float = 0.0


Crops = tuple[Crop, ...]


@dataclass(frozen=True)
class Embedder:
    """One network. Its input is side×side×3, (channels - mean) * scale, with the mesh's vertices at `points`.

    The mean over `careful` crops is what was calibrated; `quick` ones settle what is clear.
    """

    name: str
    file: str
    side: int
    channels: str  # RGB or BGR
    mean: float
    scale: float
    mesh: tuple[tuple[int, ...], ...]  # groups of vertices; the mean of each goes to its point
    points: Points  # N×2, in pixels of the input
    quick: dict[PictureKind, Crops]
    careful: dict[PictureKind, Crops]


@dataclass(frozen=True)
class Model:
    """What compares faces: one embedder, or several that are asked together.

    Together, each one's unit vector is scaled by the root of its weight and appended to the others', so that cosines
    are the weighted mean of theirs; the weights sum up to 1. The first embedder alone gives the quick look, read by
    its own calibration.
    """

    name: str
    embedders: tuple[Embedder, ...]
    weights: tuple[float, ...]
    calibrations: dict[PairKind, Calibration]
    quick_calibrations: dict[PairKind, Calibration]

    def calibration(self, kind: PairKind) -> Calibration:
        """Find the calibration for such pairs. Raises UncalibratedModelError."""
        return _known(self.calibrations, kind, self.name)

    def quick_calibration(self, kind: PairKind) -> Calibration:
        """Find that of the quick look. Raises UncalibratedModelError."""
        return _known(self.quick_calibrations, kind, self.embedders[0].name)


@cache
def built_in() -> Model:
    """Find the model whose weights `make weights` left. Raises WeightsMissingError."""
    entries = registry()
    there = {entry["file"] for entry in entries.values() if "file" in entry and (FOLDER / entry["file"]).is_file()}
    for name in entries:
        if {entries[part]["file"] for part in _parts(entries, name)} == there:
            return model(name)
    raise WeightsMissingError(f"{FOLDER} holds no embedder of {REGISTRY.name}: run `make weights`")


@cache
def registry() -> dict[str, dict[str, Any]]:
    """Read every entry, as written, by the model's name."""
    return tomllib.loads(REGISTRY.read_text())


def files(name: str) -> tuple[str, ...]:
    """Name the networks of an entry. Raises KeyError."""
    entries = registry()
    return tuple(entries[part]["file"] for part in _parts(entries, name))


def entries_of(name: str) -> dict[str, dict[str, Any]]:
    """Read the entries that a model is made of, its own first. Raises KeyError."""
    entries = registry()
    return {each: entries[each] for each in (name, *_parts(entries, name))}


def model(name: str) -> Model:
    """Find an entry. Raises KeyError."""
    entries = registry()
    parts = _parts(entries, name)
    first = next(iter(parts))
    return Model(
        name,
        tuple(_embedder(part, entries[part], own) for part, own in parts.items()),
        tuple(own["weight"] for own in parts.values()),
        _calibrations(entries[name]),
        _calibrations(entries[first]),
    )


def _parts(entries: dict[str, dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    """Name the embedders of an entry, each with its weight and its crops there: itself, or those that it lists."""
    parts: dict[str, dict[str, Any]] = entries[name].get("parts", {name: {"weight": 1.0}})
    return parts


def _embedder(name: str, entry: dict[str, Any], own: dict[str, Any]) -> Embedder:
    cut, crops = entry["input"], entry["crops"] | own.get("crops", {})
    return Embedder(
        name,
        entry["file"],
        cut["side"],
        cut["channels"],
        cut["mean"],
        cut["scale"],
        tuple(tuple(group) for group in cut["mesh"]),
        np.array(cut["points"], float),
        *({kind: tuple(Crop(**crop) for crop in crops[look][kind]) for kind in PictureKind} for look in LOOKS),
    )


def _known(calibrations: dict[PairKind, Calibration], kind: PairKind, name: str) -> Calibration:
    if kind not in calibrations:
        raise UncalibratedModelError(
            f"{name} has no calibration for {kind} pairs: make one with `python -m tools.face_calibration`"
            f" and add it to {REGISTRY.name}"
        )
    return calibrations[kind]


def _calibrations(entry: dict[str, Any]) -> dict[PairKind, Calibration]:
    return {PairKind(kind): _calibration(table) for kind, table in entry.get("calibration", {}).items()}


def _calibration(table: dict[str, Any]) -> Calibration:
    thresholds = [(-1.0, 1.0, 0.0), *((row["cosine"], row["fmr"], row["fnmr"]) for row in table["by_pair"])]
    return Calibration(*zip(*sorted(thresholds), strict=True))
