"""A line of print in a picture: its corners, letter height and bow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Gray: TypeAlias = NDArray[np.uint8]
"""A grey picture, H×W."""
Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class TextLine:
    """One printed line: corners (4×2, x and y, from top left in reading direction) and letter height, in pixels.

    A line on a bent page is bowed: its middle lies `bow` pixels below the middle of its ends. `orientation` (-1..1) is
    positive where the line is likelier to be read in this direction than from its other end.
    """

    corners: Floats
    height: float
    bow: float = 0.0
    orientation: float = 1.0

    @property
    def flipped(self) -> TextLine:
        """The same line read from its other end."""
        return replace(self, corners=self.corners[[2, 3, 0, 1]], bow=-self.bow, orientation=-self.orientation)

    def moved(self, corners: Floats) -> TextLine:
        """Give the same line other corners."""
        return replace(self, corners=corners)

    def extended(self, before_px: float, after_px: float) -> TextLine:
        """Lengthen the line along its own direction and bow at either end."""
        top, bottom = (self.corners[end] - self.corners[start] for start, end in ((0, 1), (3, 2)))
        start, end = before_px / self.length, after_px / self.length
        corners = [
            self.corners[0] - start * top,
            self.corners[1] + end * top,
            self.corners[2] + end * bottom,
            self.corners[3] - start * bottom,
        ]
        bow = self.bow * (1 + start + end) ** 2
        return replace(self, corners=np.asarray(corners, np.float32), bow=bow)

    @property
    def center(self) -> Floats:
        """The middle of the line."""
        return np.asarray(self.corners.mean(axis=0), np.float32)

    @property
    def length(self) -> float:
        """How long the line is, in pixels."""
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))

    @property
    def direction(self) -> Floats:
        """The unit vector along the line."""
        return np.asarray((self.corners[1] - self.corners[0]) / self.length, np.float32)
