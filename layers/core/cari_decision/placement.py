"""Where the portrait lies against the machine-readable lines of its own side, measured in lengths of a line.

A passport's line is 111.8 mm long, its portrait 35 mm wide, above the lines' first third; a TD2 card's 91.4 mm and
about 23 mm; visas lie between (ICAO 9303 parts 4, 6 and 7). On 37 published specimens of 20 issuers, photographed or
scanned, the faces' sizes were 0.12-0.24, 0.19-0.34 above the lines and 0.07-0.17 along them; the bounds are wider.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PORTRAIT_SIZE = (0.09, 0.30)  # of the face's box, the middle of its sides
PORTRAIT_ABOVE_MRZ = (0.12, 0.50)  # the face's middle, above the upper line
PORTRAIT_ALONG_MRZ = (-0.02, 0.40)  # the face's middle, from the lines' beginning
CORNERS = 4


@dataclass(frozen=True)
class Place:
    """A face's size and place, in lengths of the upper line; `above` is negative below it."""

    size: float
    above: float
    along: float


def portrait_place(box: tuple[float, float, float, float] | None, reading: Mapping[str, Any]) -> Place | None:
    """Measure a face (left, top, width, height, in pixels) against the lines that were read on the same picture."""
    lines = reading.get("lines")
    if box is None or not reading.get("found") or not lines or len(lines[0]) != CORNERS:
        return None
    start, end, below = lines[0][0], lines[0][1], lines[-1][3]
    length = math.dist(start, end)
    if not length:
        return None
    x, y = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    down = _dot((below[0] - start[0], below[1] - start[1]), (-y, x))
    left, top, width, height = box
    offset = (left + width / 2 - start[0], top + height / 2 - start[1])
    above = -_dot(offset, (-y, x)) * math.copysign(1, down)
    return Place(math.sqrt(width * height) / length, above / length, _dot(offset, (x, y)) / length)


def fits(place: Place) -> bool:
    """Say whether a portrait may lie so."""
    bounds = ((place.size, PORTRAIT_SIZE), (place.above, PORTRAIT_ABOVE_MRZ), (place.along, PORTRAIT_ALONG_MRZ))
    return all(low <= value <= high for value, (low, high) in bounds)


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return one[0] * other[0] + one[1] * other[1]
