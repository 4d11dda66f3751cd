"""What looks alike in OCR-B, and what was written otherwise than it was read."""

from __future__ import annotations

from dataclasses import dataclass

CONFUSED = ("O0", "I1", "B8", "S5", "Z2", "G6", "D0", "Q0", "DO", "QO")


@dataclass(frozen=True)
class Repair:
    """One character that was changed, and why."""

    line: int
    column: int
    read: str
    written: str
    reason: str
