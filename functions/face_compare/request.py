"""CompareFaces' request, checked as Rekognition checks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from cari_common.rekognition import Refusal

QualityFilter = Literal["NONE", "AUTO", "LOW", "MEDIUM", "HIGH"]
DEFAULT_THRESHOLD = 80.0  # percent, as the service model has it
MEMBERS = frozenset({"SourceImage", "TargetImage", "SimilarityThreshold", "QualityFilter"})


@dataclass(frozen=True)
class CompareFacesRequest:
    """`event` is the request as it came; the rest is what of it was checked."""

    event: dict[str, Any]
    similarity_threshold: float  # percent
    quality_filter: QualityFilter

    @classmethod
    def of(cls, event: dict[str, Any]) -> CompareFacesRequest:
        """Check a request. Raises Refusal, InvalidParameterException, for one that the service model forbids."""
        if unknown := event.keys() - MEMBERS:
            raise Refusal(f"Unknown parameters: {', '.join(sorted(map(str, unknown)))}.")
        threshold = event.get("SimilarityThreshold", DEFAULT_THRESHOLD)
        if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 100:  # noqa: PLR2004  # percent
            raise Refusal("SimilarityThreshold is a number from 0 to 100.")
        quality_filter = event.get("QualityFilter", "NONE")
        if quality_filter not in get_args(QualityFilter):
            raise Refusal(f"QualityFilter is one of {', '.join(get_args(QualityFilter))}.")
        return cls(event, float(threshold), quality_filter)
