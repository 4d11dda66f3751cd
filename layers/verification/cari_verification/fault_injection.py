"""Failures that no picture can cause, on demand: so that whoever calls us can see their own code meet them.

In dev mode, `metadata` with {"cari_fault": name} makes the failure of that name happen. In live mode it is metadata
like any other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cari_core.errors import ValidationFailed
from cari_decision.evidence import EngineFailure
from cari_verification.stored import timed_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cari_verification.ports import Ports

FAULT = "cari_fault"
DEV = "dev"


def with_fault(ports: Ports, metadata: Mapping[str, str], mode: str) -> Ports:
    """Let the failure happen that the metadata names. Raises ValidationFailed for one that there is not."""
    if mode != DEV or FAULT not in metadata:
        return ports
    fail = FAULTS.get(metadata[FAULT])
    if fail is None:
        raise ValidationFailed(f"'{FAULT}' must be one of {', '.join(FAULTS)}.", field="metadata")
    return fail(ports)


def _faces_not_compared(ports: Ports) -> Ports:
    return replace(
        ports, compare_faces=lambda _document, _selfie: EngineFailure("faces_not_compared"), compare_and_embed=None
    )


def _mrz_not_read(ports: Ports) -> Ports:
    return replace(ports, read_mrz=lambda _picture, side, _budget_s, _extra: EngineFailure("mrz_not_read", side))


def _processing_timed_out(ports: Ports) -> Ports:
    """Ask nobody, and keep what is kept where the time is over."""
    return replace(
        _mrz_not_read(_faces_not_compared(ports)),
        save=lambda stored, _decided, record: ports.save(stored, timed_out(), record),
    )


FAULTS: Mapping[str, Callable[[Ports], Ports]] = {
    "faces_not_compared": _faces_not_compared,
    "mrz_not_read": _mrz_not_read,
    "processing_timed_out": _processing_timed_out,
}
