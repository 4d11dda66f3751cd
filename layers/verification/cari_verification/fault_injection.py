"""Failures that no picture can cause, on demand: so that whoever calls us can see their own code meet them.

In dev mode, `metadata` with {"cari_fault": name} makes the failure of that name happen. In live mode it is metadata
like any other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cari_core.errors import ValidationFailed
from cari_decision.evidence import EngineFailure
from cari_verification import processing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cari_verification.verification import Steps

FAULT = "cari_fault"
DEV = "dev"


def rehearsed(steps: Steps, metadata: Mapping[str, str], mode: str) -> Steps:
    """Let the failure happen that the metadata names. Raises ValidationFailed for one that there is not."""
    if mode != DEV or FAULT not in metadata:
        return steps
    fail = FAULTS.get(metadata[FAULT])
    if fail is None:
        raise ValidationFailed(f"'{FAULT}' must be one of {', '.join(FAULTS)}.", field="metadata")
    return fail(steps)


def _faces_not_compared(steps: Steps) -> Steps:
    return replace(
        steps, compare_faces=lambda _document, _selfie: EngineFailure("faces_not_compared"), compare_and_embed=None
    )


def _mrz_not_read(steps: Steps) -> Steps:
    return replace(steps, read_mrz=lambda _stored, side, _budget_s, _also: EngineFailure("mrz_not_read", side))


def _processing_timed_out(steps: Steps) -> Steps:
    """Ask nobody, and keep what is kept where the time is over."""
    return replace(
        _mrz_not_read(_faces_not_compared(steps)),
        save=lambda case, _decided, evidence: steps.save(
            case, processing.timed_out(processing.under_way(case.id, case.type, case.tenant, case.wishes)), evidence
        ),
    )


FAULTS: Mapping[str, Callable[[Steps], Steps]] = {
    "faces_not_compared": _faces_not_compared,
    "mrz_not_read": _mrz_not_read,
    "processing_timed_out": _processing_timed_out,
}
