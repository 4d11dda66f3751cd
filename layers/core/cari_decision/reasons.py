"""Why a verification is not simply approved: stable codes, what each leads to, and sentences that people can act on.

The sentences lie in texts/<language>.toml. English is the only language yet; another is one more file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Severity = Literal["decline", "review", "warn"]

ENGLISH = "en"

# Code → what it leads to unless the policy says otherwise, and whether other pictures may help.
_SEVERITIES: dict[str, tuple[Severity, bool]] = {
    "face_mismatch": ("decline", True),
    "face_uncertain": ("review", True),
    "no_face_in_selfie": ("review", True),
    "several_faces": ("review", True),
    "bystanders": ("warn", True),
    "no_portrait": ("review", True),
    "faces_not_compared": ("review", True),
    "portrait_not_of_document": ("review", True),
    "presentation_suspected": ("warn", True),
    "same_picture": ("decline", True),
    "portrait_copied": ("review", True),
    "document_in_selfie": ("review", True),
    "nothing_printed": ("review", True),
    # What is wrong with a picture of faces that were told the same all the same does no harm.
    "selfie_face_cut": ("warn", True),
    "selfie_face_too_small": ("warn", True),
    "selfie_blurred": ("warn", True),
    "selfie_too_dark": ("warn", True),
    "selfie_too_bright": ("warn", True),
    "selfie_low_contrast": ("warn", True),
    "selfie_not_frontal": ("warn", True),
    "selfie_sunglasses": ("review", True),
    "selfie_face_covered": ("review", True),
    "portrait_cut": ("warn", True),
    "portrait_too_small": ("warn", True),
    "portrait_too_dark": ("warn", True),
    "portrait_too_bright": ("warn", True),
    "portrait_low_contrast": ("warn", True),
    "portrait_not_frontal": ("warn", False),
    "portrait_sunglasses": ("review", False),
    "portrait_covered": ("review", True),
    "document_not_found": ("review", True),
    "mrz_not_found": ("review", True),
    "mrz_too_small": ("review", True),
    "mrz_blurred": ("review", True),
    "mrz_too_dark": ("review", True),
    "mrz_glare": ("review", True),
    "mrz_cropped": ("review", True),
    "back_needed": ("review", True),
    "back_not_expected": ("warn", True),
    "sides_swapped": ("review", True),
    "sides_identical": ("review", True),
    "mrz_on_back": ("review", True),
    "mrz_check_digits": ("review", True),
    "mrz_doubtful": ("review", True),
    "mrz_not_read": ("review", True),
    "barcode_not_found": ("review", True),
    "barcode_damaged": ("review", True),
    "barcode_not_aamva": ("review", True),
    "barcode_incomplete": ("review", False),
    "barcode_disagrees": ("review", True),
    "processing_timed_out": ("review", True),
    "specimen_document": ("decline", False),
    "document_expired": ("decline", False),
    "expires_soon": ("warn", False),
    "expiry_unknown": ("review", True),
    "dates_impossible": ("review", True),
    "under_age": ("decline", False),
    "age_unknown": ("review", True),
    "type_mismatch": ("review", True),
    "type_not_accepted": ("decline", False),
    "country_not_accepted": ("decline", False),
    "country_unknown": ("review", True),
    "sides_disagree": ("review", True),
    "printed_text_differs": ("review", True),
    "printed_text_not_found": ("review", True),
    "duplicate_document": ("review", False),
    "duplicate_face": ("review", False),
    "check_not_performed": ("review", True),
    "selfie_unreadable": ("review", True),
    "document_unreadable": ("review", True),
}


@dataclass(frozen=True)
class Reason:
    """One finding. `retryable`: other pictures may help; `message` is the end user's, `operator` the staff's."""

    code: str
    severity: Severity
    retryable: bool
    message: str
    operator: str


@cache
def reasons(language: str = ENGLISH) -> dict[str, Reason]:
    """List every reason by its code, in one of the languages there are."""
    texts = tomllib.loads(files("cari_decision").joinpath("texts", f"{language}.toml").read_text(encoding="utf-8"))
    return {
        code: Reason(code, severity, retryable, texts[code]["user"], texts[code]["operator"])
        for code, (severity, retryable) in _SEVERITIES.items()
    }


REASONS = reasons()
