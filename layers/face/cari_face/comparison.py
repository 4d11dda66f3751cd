"""Compare the main face of one picture with every face of another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cari_core.similarity import similarity
from cari_face.detection import find_faces
from cari_face.embedding import EmbeddedFace
from cari_face.models import PICTURES_OF, PairKind, built_in
from cari_face.portrait import choose
from cari_face.reasons import Role, find_reasons
from cari_face.recognition import recognition_embedding

if TYPE_CHECKING:
    from cari_face.embedding import Embedding
    from cari_face.face import Face
    from cari_face.portrait import ChoiceReason
    from cari_face.reasons import FaceReason
    from cari_imaging import Image

# Beyond these false match rates the quick look settles a comparison; in between follows the careful one.
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
    reference = EmbeddedFace(source, choice.face.mesh)
    probes = [(face, EmbeddedFace(target, face.mesh)) for face in target_faces]
    matches = sorted(((_match(reference, probe, face, kind), probe) for face, probe in probes), key=_fmr)
    return FaceComparison(
        choice.face,
        tuple(match for match, _ in matches),
        choice.reason,
        tuple(face for face in source_faces if face is not choice.face),
        *reasons,
        target_embedding=recognition_embedding(matches[0][1]) if embed_target and matches else None,
    )


def _match(reference: EmbeddedFace, probe: EmbeddedFace, face: Face, kind: PairKind) -> Match:
    model, (source, target) = built_in(), PICTURES_OF[kind]
    calibration = model.quick_calibration(kind)
    cosine = float(reference.quick(source) @ probe.quick(target))
    if CLEAR_MATCH_FMR < calibration.false_match_rate(cosine) < CLEAR_NON_MATCH_FMR:
        calibration = model.calibration(kind)
        cosine = float(reference.careful(source) @ probe.careful(target))
    fmr = calibration.false_match_rate(cosine)
    return Match(face, similarity(fmr), fmr, calibration.false_non_match_rate(cosine))


def _fmr(match: tuple[Match, EmbeddedFace]) -> float:
    return match[0].fmr


def _size(image: Image) -> tuple[int, int]:
    return image.shape[1], image.shape[0]


def _usable(image: Image, min_sharpness: float) -> list[Face]:
    return [face for face in find_faces(image) if face.quality.sharpness >= min_sharpness]
