"""Compare the main face of one picture with every face of another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cari_core.similarity import similarity
from cari_face.detection import find_faces
from cari_face.embedding import CAREFUL_CROPS, QUICK_CROPS, embed
from cari_face.models import PairKind, built_in
from cari_face.portrait import choose
from cari_face.reasons import Role, find_reasons
from cari_face.recognition import RECOGNITION_CROPS

if TYPE_CHECKING:
    from cari_face.embedding import Crop, Embedding
    from cari_face.face import Face
    from cari_face.portrait import ChoiceReason
    from cari_face.reasons import FaceReason
    from cari_imaging import Image

# Beyond these false match rates one crop settles a comparison; in between, more crops are embedded.
CLEAR_MATCH_FMR, CLEAR_NON_MATCH_FMR = 1e-5, 0.3


@dataclass(frozen=True)
class Match:
    """A face of the target against the source's.

    `similarity` is 0..1 (see cari_core.similarity); a threshold at just this similarity would let strangers pass in
    `fmr` of comparisons and refuse the right person in `fnmr`.
    """

    face: Face
    similarity: float
    fmr: float
    fnmr: float


@dataclass(frozen=True)
class FaceComparison:
    """The source's face, None where it has none, against every face of the target, best first.

    `choice_reason` says why this face of the source was chosen, `others` are its other faces. `source_reasons` and
    `target_reasons` say what is wrong with the pictures (see cari_face.reasons); without a match there is at least one.
    """

    source: Face | None
    matches: tuple[Match, ...]
    choice_reason: ChoiceReason | None = None
    others: tuple[Face, ...] = ()
    source_reasons: tuple[FaceReason, ...] = ()
    target_reasons: tuple[FaceReason, ...] = ()
    target_embedding: Embedding | None = field(default=None, repr=False, compare=False)  # of the best match


def compare(
    source: Image,
    target: Image,
    *,
    kind: PairKind = PairKind.PHOTO,
    min_sharpness: float = 0.0,
    embed_target: bool = False,
) -> FaceComparison:
    """Compare the main face of `source` with every face of `target`. Both RGB, H×W×3 uint8.

    `kind` chooses the calibration: PairKind.DOCUMENT where `source` shows a printed portrait. Faces less sharp than
    `min_sharpness` (0..1, see Quality) are left out of both. `embed_target` also embeds the best match as
    cari_face.recognition does, whatever `kind` is. Raises UncalibratedModelError.
    """
    source_faces, target_faces = (_usable(image, min_sharpness) for image in (source, target))
    role = Role.DOCUMENT if kind is PairKind.DOCUMENT else Role.SELFIE
    reasons = find_reasons(source_faces, _size(source), role), find_reasons(target_faces, _size(target), Role.SELFIE)
    choice = choose(source_faces, (source.shape[0], source.shape[1]))
    if choice is None:
        return FaceComparison(None, (), None, (), *reasons)
    reference = _EmbeddedFace(source, choice.face)
    matches = sorted(
        (_match(reference, _EmbeddedFace(target, face), kind) for face in target_faces), key=lambda match: match.fmr
    )
    return FaceComparison(
        choice.face,
        tuple(matches),
        choice.reason,
        tuple(face for face in source_faces if face is not choice.face),
        *reasons,
        target_embedding=embed(target, matches[0].face.mesh, RECOGNITION_CROPS) if embed_target and matches else None,
    )


class _EmbeddedFace:
    """A face, with the embeddings that were computed so far."""

    def __init__(self, image: Image, face: Face) -> None:
        self.face = face
        self._image = image
        self._embeddings: dict[tuple[Crop, ...], Embedding] = {}

    def embedding(self, crops: tuple[Crop, ...]) -> Embedding:
        if crops not in self._embeddings:
            self._embeddings[crops] = embed(self._image, self.face.mesh, crops)
        return self._embeddings[crops]


def _match(reference: _EmbeddedFace, probe: _EmbeddedFace, kind: PairKind) -> Match:
    calibration = built_in().calibration(kind)
    cosine = _cosine(reference, probe, QUICK_CROPS[kind])
    if CLEAR_MATCH_FMR < calibration.false_match_rate(cosine) < CLEAR_NON_MATCH_FMR:
        cosine = _cosine(reference, probe, CAREFUL_CROPS[kind])
    fmr = calibration.false_match_rate(cosine)
    return Match(probe.face, similarity(fmr), fmr, calibration.false_non_match_rate(cosine))


def _cosine(one: _EmbeddedFace, other: _EmbeddedFace, crops: tuple[Crop, ...]) -> float:
    return float(one.embedding(crops) @ other.embedding(crops))


def _size(image: Image) -> tuple[int, int]:
    return image.shape[1], image.shape[0]


def _usable(image: Image, min_sharpness: float) -> list[Face]:
    return [face for face in find_faces(image) if face.quality.sharpness >= min_sharpness]
