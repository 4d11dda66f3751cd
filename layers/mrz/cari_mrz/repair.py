"""Characters that look alike in OCR-B, and characters that were changed after they were read."""

from __future__ import annotations

from dataclasses import dataclass

LOOKALIKES = ("O0", "I1", "B8", "S5", "Z2", "G6", "D0", "Q0", "DO", "QO")


@dataclass(frozen=True)
class Repair:
    """One character that was changed, and why."""

    line: int
    column: int
    read: str
    written: str
    reason: str
