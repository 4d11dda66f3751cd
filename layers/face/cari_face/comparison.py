"""Whether the largest face of one picture is among the faces of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cari_face.detection import find_faces
from cari_face.embedding import embed
from cari_face.similarity import false_match_rate, similarity

if TYPE_CHECKING:
    from cari_face.face import Face
    from cari_imaging import Image


@dataclass(frozen=True)
class Match:
    """A face of the target: how alike the source's face it is (0..1), and how often strangers are (FMR)."""

    face: Face
    similarity: float
    fmr: float


@dataclass(frozen=True)
class FaceComparison:
    """The source's largest face, None where it has none, against every face of the target, best first."""

    source: Face | None
    matches: tuple[Match, ...]


def compare(source: Image, target: Image, *, min_sharpness: float = 0.0) -> FaceComparison:
    """Compare the largest face of `source` with every face of `target`. Both RGB, H×W×3 uint8.

    Faces less sharp than `min_sharpness` (0..1, see Quality) are passed over in both.
    """
    known = next(iter(_usable(source, min_sharpness)), None)
    if known is None:
        return FaceComparison(None, ())
    embedding = embed(source, known.mesh)
    matches = [_match(face, float(embedding @ embed(target, face.mesh))) for face in _usable(target, min_sharpness)]
    return FaceComparison(known, tuple(sorted(matches, key=lambda match: match.similarity, reverse=True)))


def _usable(image: Image, min_sharpness: float) -> list[Face]:
    return [face for face in find_faces(image) if face.quality.sharpness >= min_sharpness]


def _match(face: Face, cosine: float) -> Match:
    return Match(face, similarity(cosine), false_match_rate(cosine))
