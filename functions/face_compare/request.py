"""CompareFaces' and DetectFaces' requests, checked as Rekognition checks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from cari_aws.engine_requests import Refusal, flag

QualityFilter = Literal["NONE", "AUTO", "LOW", "MEDIUM", "HIGH"]
SourceKind = Literal["PHOTO", "DOCUMENT"]
COMPARE_FACES_MEMBERS = (
    "SourceImage",
    "TargetImage",
    "SimilarityThreshold",
    "QualityFilter",
    "SourceKind",
    "TargetEmbedding",
)
DEFAULT_THRESHOLD = 80.0  # percent, as the service model has it

Attribute = Literal[
    "DEFAULT",
    "ALL",
    "AGE_RANGE",
    "BEARD",
    "EMOTIONS",
    "EYE_DIRECTION",
    "EYEGLASSES",
    "EYES_OPEN",
    "GENDER",
    "MOUTH_OPEN",
    "MUSTACHE",
    "FACE_OCCLUDED",
    "SMILE",
    "SUNGLASSES",
]


@dataclass(frozen=True)
class CompareFacesRequest:
    """`event` is the request as it came; the rest is what of it was checked.

    `source_kind` is no member of Rekognition's: the bundled model states other error rates for a portrait that is
    printed on a document. With it the answer has `Reasons`, which say what is wrong with the pictures, and from
    Rekognition the faces' `Attributes`, which take another call. Nor is `target_embedding`: with it the answer has the
    embedding of the target's best match.
    """

    event: dict[str, Any]
    similarity_threshold: float  # percent
    quality_filter: QualityFilter
    source_kind: SourceKind | None = None
    target_embedding: bool = False

    @classmethod
    def of(cls, event: dict[str, Any]) -> CompareFacesRequest:
        """Check a request. Raises Refusal, InvalidParameterException, for one that the service model forbids."""
        _refuse_unknown(event, *COMPARE_FACES_MEMBERS)
        threshold = event.get("SimilarityThreshold", DEFAULT_THRESHOLD)
        if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 100:  # noqa: PLR2004  # percent
            raise Refusal("SimilarityThreshold is a number from 0 to 100.")
        quality_filter = event.get("QualityFilter", "NONE")
        if quality_filter not in get_args(QualityFilter):
            raise Refusal(f"QualityFilter is one of {', '.join(get_args(QualityFilter))}.")
        source_kind = event.get("SourceKind")
        if source_kind not in (None, *get_args(SourceKind)):
            raise Refusal(f"SourceKind is one of {', '.join(get_args(SourceKind))}.")
        return cls(event, float(threshold), quality_filter, source_kind, flag(event, "TargetEmbedding"))


@dataclass(frozen=True)
class DetectFacesRequest:
    """`event` is the request as it came; the rest is what of it was checked."""

    event: dict[str, Any]
    attributes: tuple[Attribute, ...]

    @classmethod
    def of(cls, event: dict[str, Any]) -> DetectFacesRequest:
        """Check a request. Raises Refusal, InvalidParameterException, for one that the service model forbids."""
        _refuse_unknown(event, "Image", "Attributes")
        attributes = event.get("Attributes", [])
        if not isinstance(attributes, list) or any(each not in get_args(Attribute) for each in attributes):
            raise Refusal(f"Attributes is a list of {', '.join(get_args(Attribute))}.")
        return cls(event, tuple(attributes))

    def asks_for(self, attribute: Attribute) -> bool:
        """Say whether a face's answer should tell this."""
        return attribute in self.attributes or "ALL" in self.attributes


def parse(event: dict[str, Any]) -> CompareFacesRequest | DetectFacesRequest:
    """Tell the two requests apart by their members, and check the one it is. Raises Refusal."""
    return DetectFacesRequest.of(event) if "Image" in event else CompareFacesRequest.of(event)


def _refuse_unknown(event: dict[str, Any], *members: str) -> None:
    if unknown := event.keys() - set(members):
        raise Refusal(f"Unknown parameters: {', '.join(sorted(map(str, unknown)))}.")
