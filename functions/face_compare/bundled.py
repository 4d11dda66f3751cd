"""CompareFaces and DetectFaces by the model in the face layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cari_face
from cari_aws.engine_requests import NotAPicture, Refusal, picture_of
from cari_core.engine_api import FaceComparison
from cari_core.errors import ImageRejected
from cari_core.settings import FaceSettings, settings
from cari_face import PairKind, engine
from cari_face.presentation import read_presentation
from cari_face.same_picture import picture_agreement
from cari_face.surroundings import count_printed_rows
from cari_imaging import decode
from functions.face_compare.shapes import compared_face, embedding_answer, face_detail, source_face

if TYPE_CHECKING:
    from cari_imaging import Image
    from functions.face_compare.request import CompareFacesRequest, DetectFacesRequest, QualityFilter

# The least sharpness (0..1) of a face that is compared at all. Among the faces of Labeled Faces in the Wild these
# leave out the worst 5 %, 25 % and half. AUTO is ours to choose.
MIN_SHARPNESS: dict[QualityFilter, float] = {"NONE": 0.0, "AUTO": 0.09, "LOW": 0.09, "MEDIUM": 0.24, "HIGH": 0.33}

LIKE_FMR = 0.3  # of faces less alike, nobody asks whether they are one photograph

cari_face.load(settings(FaceSettings).face_model)
ENGINE = {**engine.identity(), "Thresholds": {"Sharpness": dict(MIN_SHARPNESS)}}


def compare_faces(request: CompareFacesRequest) -> FaceComparison:
    """Compare, and answer in Rekognition's shape. Raises Refusal for pictures that Rekognition would refuse."""
    source, target = _decoded(request.event, "SourceImage"), _decoded(request.event, "TargetImage")
    comparison = cari_face.compare(
        source,
        target,
        kind=PairKind[request.source_kind or "PHOTO"],
        min_sharpness=MIN_SHARPNESS[request.quality_filter],
        embed_target=request.target_embedding,
    )
    if comparison.source is None:
        raise Refusal("SourceImage shows no face that could be compared.")
    threshold = request.similarity_threshold
    matches = [match for match in comparison.matches if 100 * match.similarity >= threshold]
    others = [match for match in comparison.matches if 100 * match.similarity < threshold]
    answer: dict[str, Any] = {
        "SourceImageFace": source_face(comparison.source, source),
        "FaceMatches": [
            {"Similarity": 100 * match.similarity, "Face": compared_face(match.face, target)} for match in matches
        ],
        "UnmatchedFaces": [compared_face(match.face, target) for match in others],
        "Engine": ENGINE,
    }
    if request.source_kind:
        answer["Reasons"] = {
            "SourceImage": list(comparison.source_reasons),
            "TargetImage": list(comparison.target_reasons),
        }
        answer |= _traces(source, target, comparison)
    if comparison.target_embedding is not None:
        answer["TargetEmbedding"] = embedding_answer(comparison.target_embedding)
    return FaceComparison.model_validate(answer)


def _traces(source: Image, target: Image, comparison: cari_face.FaceComparison) -> dict[str, Any]:
    """Measure what tells a portrait from a person, and one photograph from two, of the source and its best match."""
    portrait, best = comparison.source, next(iter(comparison.matches), None)
    if portrait is None:
        return {}
    rows = {"SourceImage": count_printed_rows(source, portrait.mesh)}
    if best is None:
        return {"PrintedRows": rows}
    told: dict[str, Any] = {
        "PresentationSignals": vars(read_presentation(target, best.face.mesh)),
        "PrintedRows": {**rows, "TargetImage": count_printed_rows(target, best.face.mesh)},
    }
    if best.fmr <= LIKE_FMR:
        told["PictureAgreement"] = picture_agreement(source, portrait.mesh, target, best.face.mesh)
    return told


def detect_faces(request: DetectFacesRequest) -> dict[str, Any]:
    """Describe every face, the largest first. Raises Refusal for a picture that Rekognition would refuse."""
    image = _decoded(request.event, "Image")
    return {"FaceDetails": [face_detail(face, image, request) for face in cari_face.find_faces(image, thorough=True)]}


def _decoded(event: dict[str, Any], name: str) -> Image:
    try:
        return decode(picture_of(event, name))
    except ImageRejected as rejected:
        raise NotAPicture(f"{name}: {rejected.detail}") from None
