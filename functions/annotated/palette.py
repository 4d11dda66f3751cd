"""Colours and signs. Whatever a colour says, a sign or a dash says too.

Colours: Okabe and Ito, "Color Universal Design" (2008), told apart with every usual kind of colour blindness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Color = tuple[int, int, int]  # RGB

INK: Color = (22, 24, 30)
PAPER: Color = (252, 252, 250)
GREY: Color = (110, 114, 122)
BLUE: Color = (0, 114, 178)
VERMILION: Color = (213, 94, 0)
ORANGE: Color = (230, 159, 0)
PURPLE: Color = (204, 121, 167)
YELLOW: Color = (240, 228, 66)
SKY: Color = (86, 180, 233)


@dataclass(frozen=True)
class Mark:
    """How one kind of finding looks."""

    color: Color
    sign: Literal["tick", "cross", "exclamation", "dash"]
    is_dashed: bool = False  # its outlines


PASSED = Mark(BLUE, "tick")
FAILED = Mark(VERMILION, "cross", is_dashed=True)
WARNING = Mark(ORANGE, "exclamation")
NEUTRAL = Mark(GREY, "dash")
PORTRAIT = Mark(SKY, "dash")
DOUBTFUL = Mark(PURPLE, "exclamation")
REPAIRED = Mark(YELLOW, "dash")

_MARKS = {
    "passed": PASSED,
    "approved": PASSED,
    "failed": FAILED,
    "declined": FAILED,
    "warning": WARNING,
    "review": WARNING,
    "warn": WARNING,
    "decline": FAILED,
}


def mark_of(word: str) -> Mark:
    """Choose how a check's result, a status or a severity looks."""
    return _MARKS.get(word, NEUTRAL)
