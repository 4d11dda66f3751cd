"""Why a verification is not simply approved: stable codes, and a sentence each that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["decline", "review"]


@dataclass(frozen=True)
class Reason:
    """One finding. `retryable` says whether other pictures may help."""

    code: str
    severity: Severity
    retryable: bool
    message: str


def _index(*reasons: Reason) -> dict[str, Reason]:
    return {reason.code: reason for reason in reasons}


REASONS = _index(
    Reason(
        "face_mismatch",
        "decline",
        retryable=True,
        message="The face in the selfie is not the one on the document.",
    ),
    Reason(
        "face_uncertain",
        "review",
        retryable=True,
        message="The faces could not be told the same or different. Take the selfie again, facing the camera in even light.",
    ),
    Reason(
        "no_face_in_selfie",
        "review",
        retryable=True,
        message="No face was found in the selfie. Take it again with the whole face in the picture.",
    ),
    Reason(
        "several_faces",
        "review",
        retryable=True,
        message="The selfie shows more than one face. Take it again alone.",
    ),
    Reason(
        "no_portrait",
        "review",
        retryable=True,
        message="No portrait was found on the document. Photograph the side with the portrait, whole and sharp, as 'front'.",
    ),
    Reason(
        "faces_not_compared",
        "review",
        retryable=True,
        message="The faces could not be compared just now. Try again.",
    ),
    Reason(
        "mrz_not_found",
        "review",
        retryable=True,
        message="The lines of letters and '<' signs were not found. Photograph the whole document, flat, sharp and without glare.",
    ),
    Reason(
        "mrz_too_small",
        "review",
        retryable=True,
        message="The machine-readable lines are too small to read. Go closer, until the document fills the picture.",
    ),
    Reason(
        "mrz_blurred",
        "review",
        retryable=True,
        message="The machine-readable lines are blurred. Hold still, wait for the focus, and take the picture again.",
    ),
    Reason(
        "mrz_too_dark",
        "review",
        retryable=True,
        message="The picture of the document is too dark. Take it again in more light.",
    ),
    Reason(
        "mrz_glare",
        "review",
        retryable=True,
        message="Glare hides the machine-readable lines. Tilt the document or move the lamp, and take the picture again.",
    ),
    Reason(
        "mrz_cropped",
        "review",
        retryable=True,
        message="The machine-readable lines run out of the picture. Take it again with the whole document in it.",
    ),
    Reason(
        "back_needed",
        "review",
        retryable=True,
        message="The lines of letters and '<' signs are on this document's back. Send a picture of the back too.",
    ),
    Reason(
        "mrz_check_digits",
        "review",
        retryable=True,
        message="The machine-readable lines did not read consistently. Take a sharper picture without glare or fingers over the lines.",
    ),
    Reason(
        "mrz_doubtful",
        "review",
        retryable=True,
        message="Some of the machine-readable characters could not be read for certain. Take a sharper picture without glare.",
    ),
    Reason(
        "mrz_not_read",
        "review",
        retryable=True,
        message="The document could not be read just now. Try again.",
    ),
    Reason(
        "processing_timed_out",
        "review",
        retryable=True,
        message="The pictures could not be checked in time. Send them again.",
    ),
    Reason(
        "document_expired",
        "decline",
        retryable=False,
        message="The document has expired. Use one that is still valid.",
    ),
    Reason(
        "type_mismatch",
        "review",
        retryable=True,
        message="The document is not of the type that was declared.",
    ),
    Reason(
        "sides_disagree",
        "review",
        retryable=True,
        message="The front and the back seem to be of different documents.",
    ),
    Reason(
        "selfie_unreadable",
        "review",
        retryable=True,
        message="The selfie is damaged. Take or export it again.",
    ),
    Reason(
        "document_unreadable",
        "review",
        retryable=True,
        message="The document's picture is damaged. Take or export it again.",
    ),
)
