"""What a rewritten picture is, and why one is not rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UPRIGHT = 1  # EXIF's own value for "rows run from the top, columns from the left"


@dataclass(frozen=True)
class Plain:
    """A file of nothing but what decodes its picture; size as stored, EXIF orientation 1..8 that says how to hold it.

    The payload says the orientation too, where it is not upright.
    """

    payload: bytes
    kind: Literal["jpeg", "png", "webp"]
    width: int
    height: int
    orientation: int = UPRIGHT


class Fault(Exception):
    """What is wrong with a picture, as the rest of a sentence that begins with "The picture"."""


def damaged() -> Fault:
    """Say that a file ends too early or contradicts itself."""
    return Fault("is cut off or damaged. Take or export it again.")
