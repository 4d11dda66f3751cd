"""Whether the face that one picture means is among the faces of another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cari_decision.similarity import similarity
from cari_face.detection import find_faces
from cari_face.embedding import CAREFUL, QUICK, embed
from cari_face.models import PairKind, built_in
from cari_face.portrait import choose
from cari_face.reasons import Role, find_reasons
from cari_face.recognition import LOOK

if TYPE_CHECKING:
    from cari_face.embedding import Crop, Embedding
    from cari_face.face import Face
    from cari_face.portrait import Why
    from cari_face.reasons import FaceReason
    from cari_imaging import Image

# A quick look settles a comparison beyond these false match rates; in between, more crops are embedded.
CLEARLY_ALIKE, CLEARLY_STRANGERS = 1e-5, 0.3


@dataclass(frozen=True)
class Match:
    """A face of the target against the source's.

    `similarity` is 0..1 (see cari_decision.similarity); a threshold at just this similarity would let strangers pass in
    `fmr` of comparisons and refuse the right person in `fnmr`.
    """

    face: Face
    similarity: float
    fmr: float
    fnmr: float


@dataclass(frozen=True)
class FaceComparison:
    """The source's face, None where it has none, against every face of the target, best first.

    `why` says what made it the source's face, `others` are the faces that the source shows besides. The reasons are
    what whoever took the pictures can do better (see cari_face.reasons); no matches come with one at least.
    """

    source: Face | None
    matches: tuple[Match, ...]
    why: Why | None = None
    others: tuple[Face, ...] = ()
    source_reasons: tuple[FaceReason, ...] = ()
    target_reasons: tuple[FaceReason, ...] = ()
    target_embedding: Embedding | None = field(default=None, repr=False, compare=False)  # of the best match's face


def compare(
    source: Image,
    target: Image,
    *,
    kind: PairKind = PairKind.PHOTO,
    min_sharpness: float = 0.0,
    embed_target: bool = False,
) -> FaceComparison:
    """Compare the face that `source` means with every face of `target`. Both RGB, H×W×3 uint8.

    `kind` chooses the calibration: PairKind.DOCUMENT where `source` shows a printed portrait. Faces less sharp than
    `min_sharpness` (0..1, see Quality) are passed over in both. `embed_target` has the best match embedded as
    cari_face.recognition does, whatever `kind` says. Raises UncalibratedModelError.
    """
    known, seen = (_usable(image, min_sharpness) for image in (source, target))
    role = Role.DOCUMENT if kind is PairKind.DOCUMENT else Role.SELFIE
    reasons = find_reasons(known, _size(source), role), find_reasons(seen, _size(target), Role.SELFIE)
    choice = choose(known, (source.shape[0], source.shape[1]))
    if choice is None:
        return FaceComparison(None, (), None, (), *reasons)
    reference = _Looks(source, choice.face)
    matches = sorted((_match(reference, _Looks(target, face), kind) for face in seen), key=lambda match: match.fmr)
    return FaceComparison(
        choice.face,
        tuple(matches),
        choice.why,
        tuple(face for face in known if face is not choice.face),
        *reasons,
        target_embedding=embed(target, matches[0].face.mesh, LOOK) if embed_target and matches else None,
    )


class _Looks:
    """A face, and its embeddings as far as they were needed."""

    def __init__(self, image: Image, face: Face) -> None:
        self.face = face
        self._image = image
        self._embeddings: dict[tuple[Crop, ...], Embedding] = {}

    def embedding(self, crops: tuple[Crop, ...]) -> Embedding:
        if crops not in self._embeddings:
            self._embeddings[crops] = embed(self._image, self.face.mesh, crops)
        return self._embeddings[crops]


def _match(reference: _Looks, probe: _Looks, kind: PairKind) -> Match:
    calibration = built_in().calibration(kind)
    cosine = _cosine(reference, probe, QUICK[kind])
    if CLEARLY_ALIKE < calibration.false_match_rate(cosine) < CLEARLY_STRANGERS:
        cosine = _cosine(reference, probe, CAREFUL[kind])
    fmr = calibration.false_match_rate(cosine)
    return Match(probe.face, similarity(fmr), fmr, calibration.false_non_match_rate(cosine))


def _cosine(one: _Looks, other: _Looks, crops: tuple[Crop, ...]) -> float:
    return float(one.embedding(crops) @ other.embedding(crops))


def _size(image: Image) -> tuple[int, int]:
    return image.shape[1], image.shape[0]


def _usable(image: Image, min_sharpness: float) -> list[Face]:
    return [face for face in find_faces(image) if face.quality.sharpness >= min_sharpness]
