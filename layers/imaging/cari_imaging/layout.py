"""What the readers of the three file formats share."""

from __future__ import annotations

from dataclasses import dataclass

UPRIGHT = 1  # EXIF's own value for "rows run from the top, columns from the left"


@dataclass(frozen=True)
class Header:
    """Pixels as stored, and the EXIF orientation (1..8) that says how to hold them."""

    width: int
    height: int
    orientation: int = UPRIGHT


class Incomplete(Exception):
    """The bytes end, or stop making sense, before the picture does."""
