"""A reading as one JSON object, in PassportEye's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .passporteye_names import NAMES, named_as_passporteye

if TYPE_CHECKING:
    from .reading import MrzReading


def as_answer(reading: MrzReading, *, filename: str | None, walltime_s: float) -> dict[str, Any]:
    """Give every name in every answer: null, and a score of 0, where there is no MRZ to tell of.

    `lines` are the corners of each line in pixels of the upright image, `repairs` what was changed after it
    was read, `doubtful` the places (line, column) of characters that nothing proves.
    """
    named = named_as_passporteye(reading.mrz) if reading.mrz else dict.fromkeys(NAMES) | {"valid_score": 0}
    return {
        **named,
        "raw_text": "\n".join(reading.mrz.lines) if reading.mrz else None,
        "found": reading.found,
        "valid": reading.valid,
        "reason": reading.reason,
        "lines": [[list(corner) for corner in line] for line in reading.corners] if reading.corners else None,
        "repairs": [
            {
                "line": repair.line,
                "column": repair.column,
                "read": repair.read,
                "written": repair.written,
                "reason": repair.reason,
            }
            for repair in reading.repairs
        ],
        "doubtful": [list(cell) for cell in reading.doubtful],
        "method": reading.method,
        "walltime": round(walltime_s, 3),
        "filename": filename,
    }
