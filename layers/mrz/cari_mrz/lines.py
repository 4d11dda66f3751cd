"""A line of print, wherever it lies in a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Gray: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class TextLine:
    """One printed line: corners (4x2, from top left in reading direction) and letter height, in pixels.

    A line on a bent page is bowed: its middle lies so many pixels below the middle of its ends.
    """

    corners: Floats
    height: float
    bow: float = 0.0

    def moved(self, corners: Floats) -> TextLine:
        """Give the same line another place."""
        return replace(self, corners=corners)

    @property
    def center(self) -> Floats:
        """The middle of the line."""
        return np.asarray(self.corners.mean(axis=0), np.float32)

    @property
    def length(self) -> float:
        """How long the line is."""
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))

    @property
    def direction(self) -> Floats:
        """The unit vector along the line."""
        return np.asarray((self.corners[1] - self.corners[0]) / self.length, np.float32)
