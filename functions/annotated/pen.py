"""Outlines, dots, arrows and plates on a picture, in its own coordinates, readable on dark and on light."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from functions.annotated import lettering
from functions.annotated.palette import INK, PAPER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cari_imaging import Image
    from functions.annotated.palette import Color, Mark

    Points = NDArray[np.float64]  # N×2, x and y
    Plate = tuple[int, int, int, int]  # left, top, right, bottom

MAX_SIDE_PX, MIN_SIDE_PX = 1600, 900  # the longer side of the picture; larger is shrunk, smaller enlarged
DASH_STROKES = 5  # a dash's length, in strokes; the gap is as long
TINT_OPACITY = 0.4  # the mark's share of a tinted area's colour
# Nothing is drawn farther out: a dashed line has a piece for every few pixels, and OpenCV's integers overflow.
MAX_COORDINATE_PX = 10**4


class Pen:
    """Draws on a copy of a picture, enlarged or shrunk, in the coordinates it had before."""

    def __init__(self, picture: Image) -> None:
        longer = max(picture.shape[:2])
        self.scale = min(MAX_SIDE_PX, max(MIN_SIDE_PX, longer)) / longer
        size = [max(1, round(length * self.scale)) for length in (picture.shape[1], picture.shape[0])]
        interpolation = cv2.INTER_AREA if self.scale < 1 else cv2.INTER_CUBIC
        self.picture = np.array(cv2.resize(picture, size, interpolation=interpolation), np.uint8)
        self.stroke = max(2, round(max(self.picture.shape) / 500))
        self.text_px = max(18, round(max(self.picture.shape) / 60))
        self._taken: list[Plate] = []  # by outlines and plates
        self._texts: list[tuple[Points, str, Mark]] = []

    def outline(self, corners: Points, mark: Mark) -> None:
        """Draw a closed outline: the mark's colour, with white and black beside it; dashed where the mark is."""
        points = self._at(corners)
        closed = np.vstack([points, points[:1]])
        stroke = self.stroke
        self._taken.append(_around(points))
        self._line(closed, INK, stroke + 4)
        self._line(closed, PAPER, stroke + 2)
        if not mark.is_dashed:
            self._line(closed, mark.color, stroke)
            return
        self._line(closed, INK, stroke)
        for start, end in pairwise(closed):
            pieces = max(1, round(float(np.linalg.norm(end - start)) / (DASH_STROKES * stroke)))
            for piece in range(0, pieces, 2):
                ends = start + np.outer((piece / pieces, min(1.0, (piece + 1) / pieces)), end - start)
                self._line(ends, mark.color, stroke)

    def dot(self, point: Sequence[float], color: Color) -> None:
        """Mark a point."""
        x, y = np.rint(self._at(np.array([point], np.float64))[0]).astype(int).tolist()
        for radius, ink in ((self.stroke + 3, INK), (self.stroke + 2, PAPER), (self.stroke + 1, color)):
            cv2.circle(self.picture, (x, y), radius, ink, -1, cv2.LINE_AA)

    def arrow(self, start: Points, end: Points, color: Color) -> None:
        """Draw an arrow."""
        (a, b), (c, d) = np.rint(self._at(np.stack([start, end]))).astype(int).tolist()
        for width, ink in ((self.stroke + 4, INK), (self.stroke + 2, PAPER), (self.stroke, color)):
            cv2.arrowedLine(self.picture, (a, b), (c, d), ink, width, cv2.LINE_AA, tipLength=0.25)

    def tint(self, corners: Points, mark: Mark) -> None:
        """Colour a small area, so that what is printed there stays readable, and outline it finely."""
        points = np.rint(self._at(corners)).astype(np.int32)
        (left, top), (right, bottom) = np.maximum(points.min(axis=0), 0), points.max(axis=0) + 1
        area = self.picture[top:bottom, left:right]
        if area.size == 0:
            return
        colored = np.array(cv2.fillPoly(area.copy(), [points - (left, top)], mark.color), np.uint8)
        area[:] = cv2.addWeighted(area, 1 - TINT_OPACITY, colored, TINT_OPACITY, 0)
        for width, ink in ((3, INK), (1, mark.color)):
            cv2.polylines(self.picture, [points], isClosed=True, color=ink, thickness=width, lineType=cv2.LINE_AA)

    def plate(self, corners: Points, text: str, mark: Mark) -> None:
        """Remember to write a text beside a box, once everything else is drawn."""
        self._texts.append((corners, text, mark))

    def finish(self) -> Image:
        """Write every text and give the picture."""
        for corners, text, mark in self._texts:
            self._write(_around(self._at(corners)), text, mark)
        self._texts = []
        return self.picture

    def _write(self, box: Plate, text: str, mark: Mark) -> None:
        """Write a text below a box, above it, beside it or within: where it covers the least."""
        size, pad = self.text_px, self.text_px // 3
        width, height = lettering.width_of(text, size) + size + 3 * pad, size + 2 * pad
        (left, top, right, bottom), gap = box, 3 * self.stroke + 4  # a chin's dot may lie on the edge
        places = [
            self._held_inside(x, y, width, height)
            for x, y in (
                (left, bottom + gap),
                (left, top - gap - height),
                (right + gap, top),
                (left - gap - width, top),
                (left, bottom - gap - height),
                (left, top + gap),
            )
        ]
        place = min(places, key=lambda place: sum(_overlap(place, other) for other in self._taken))
        self._taken.append(place)
        x, y = place[:2]
        cv2.rectangle(self.picture, (x - 1, y - 1), (place[2] + 1, place[3] + 1), PAPER, -1)
        cv2.rectangle(self.picture, (x, y), place[2:], INK, -1)
        lettering.draw_sign(self.picture, (x + pad, y + pad), size, mark)
        lettering.write(self.picture, (x + 2 * pad + size, y + pad + size * 0.8), text, size, PAPER)

    def _held_inside(self, x: float, y: float, width: int, height: int) -> Plate:
        rows, columns = self.picture.shape[:2]
        left, top = round(max(0, min(x, columns - width))), round(max(0, min(y, rows - height)))
        return left, top, left + width, top + height

    def _line(self, points: Points, color: Color, stroke: int) -> None:
        whole = [np.rint(points).astype(np.int32)]
        cv2.polylines(self.picture, whole, isClosed=False, color=color, thickness=stroke, lineType=cv2.LINE_AA)

    def _at(self, points: Points) -> Points:
        return np.clip(np.asarray(points, np.float64) * self.scale, -MAX_COORDINATE_PX, MAX_COORDINATE_PX)


def _around(points: Points) -> Plate:
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return round(left), round(top), round(right), round(bottom)


def _overlap(one: Plate, other: Plate) -> int:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(0, width) * max(0, height)
