"""The place where a real liveness check plugs in: whether a living person sat before the camera.

This package makes no such check of its own (see cari_face.presentation for what it can hint at). Amazon Rekognition
Face Liveness does, from a video of the person; its caller hands the answer of GetFaceLivenessSessionResults over here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

REKOGNITION_SCALE = 100.0  # its confidences are percentages


class LivenessState(StrEnum):
    """How far the check has come."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Liveness:
    """A liveness check: how sure it is that a living person was there (0..1), None unless the check is done."""

    state: LivenessState
    confidence: float | None


# Every status that the service model has, version 2016-06-27.
_STATES = {
    "CREATED": LivenessState.PENDING,
    "IN_PROGRESS": LivenessState.PENDING,
    "SUCCEEDED": LivenessState.DONE,
    "FAILED": LivenessState.FAILED,
    "EXPIRED": LivenessState.EXPIRED,
}


def liveness_of_rekognition(response: Mapping[str, Any]) -> Liveness:
    """Read the answer of GetFaceLivenessSessionResults.

    A status that is not known counts as failed, and so does a success without a confidence: neither says "alive".
    """
    state = _STATES.get(response["Status"], LivenessState.FAILED)
    if state is not LivenessState.DONE:
        return Liveness(state, None)
    confidence = response.get("Confidence")
    if confidence is None:
        return Liveness(LivenessState.FAILED, None)
    return Liveness(state, float(confidence) / REKOGNITION_SCALE)
