"""A reading as one JSON object, in PassportEye's names."""

from __future__ import annotations

from dataclasses import asdict
from math import prod
from typing import TYPE_CHECKING, Any

from .passporteye_names import NAMES, named_as_passporteye

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .decode import Decoded
    from .layouts import Cell, Layout, Span
    from .reading import MrzReading


def as_answer(reading: MrzReading, *, filename: str | None, walltime_s: float) -> dict[str, Any]:
    """Give every name in every answer: null, and a score of 0, where there is no MRZ to tell of.

    `lines` are the corners of each line in pixels of the upright image; `confidence` says for each field, and
    `character_confidence` for each character of each line, how likely it is right (0..1); `uncertain_fields`
    names the fields, and `doubtful` the places (line, column) of the characters, that are in doubt; `unchecked_fields`
    names those that no check digit covers, whose confidence is that of their characters alone; `warnings` are codes
    of what is unusual; `repairs` are the characters that were changed after they were read.
    """
    named = named_as_passporteye(reading.mrz) if reading.mrz else dict.fromkeys(NAMES) | {"valid_score": 0}
    return {
        **named,
        "raw_text": "\n".join(reading.mrz.lines) if reading.mrz else None,
        "found": reading.found,
        "valid": reading.valid,
        "reason": reading.reason,
        "lines": [[list(corner) for corner in line] for line in reading.corners] if reading.corners else None,
        "confidence": _confidence(reading.decoded) if reading.decoded else None,
        "character_confidence": [[round(p, 4) for p in line] for line in reading.probabilities or ()] or None,
        "uncertain_fields": _uncertain(reading.decoded, reading.doubtful) if reading.decoded else [],
        "unchecked_fields": _unchecked(reading.decoded.layout) if reading.decoded else [],
        "warnings": [str(warning) for warning in reading.warnings],
        "repairs": [asdict(repair) for repair in reading.repairs],
        "doubtful": [list(cell) for cell in reading.doubtful],
        "method": reading.method,
        "walltime": round(walltime_s, 3),
        "filename": filename,
    }


def _confidence(decoded: Decoded) -> dict[str, float]:
    """Multiply the probabilities of each field's characters; both names have that of the field they share."""
    return {
        name: round(prod(decoded.probabilities[span.line][span.start : span.end]), 4)
        for name, span in _fields(decoded.layout).items()
    }


def _uncertain(decoded: Decoded, doubtful: Sequence[Cell]) -> list[str]:
    return [
        name
        for name, span in _fields(decoded.layout).items()
        if any(i == span.line and span.start <= j < span.end for i, j in doubtful)
    ]


def _unchecked(layout: Layout) -> list[str]:
    return [name for name, span in _fields(layout).items() if not layout.checked_cells.issuperset(span.cells)]


def _fields(layout: Layout) -> dict[str, Span]:
    fields = dict(layout.fields)
    name = fields.pop("name", None)
    return fields | ({"surname": name, "names": name} if name else {})
