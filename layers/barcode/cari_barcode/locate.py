"""Where a picture may show a stacked barcode: dense stripes that all run one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Line = tuple[float, float]  # slope and offset

MAX_CANDIDATES = 3
_MIN_COHERENCE = 0.35  # of the gradients' directions; text has less, a PDF417's rows have 0.5 and more
_MIN_ENERGY = 60.0  # squared grey levels per pixel: paper's own grain has less
_MIN_RELATIVE_ENERGY = 0.25  # of the picture's strongest: a symbol is among what has most contrast
_SMOOTHING_PX = 0.8
_SCHARR_WEIGHT = 16  # sum of one side of Scharr's filter
_EDGE_ROUNDS = 3
_EDGE_STRIPS = 24
_OMITTED_ENDS = 0.05  # share of an edge, at either end: corners are rounded
_FIT_PERCENTILE = 67  # of points by their distance, with which a line is fitted again
_MAX_SLOPE = 0.9  # of rows and of bars, each in its own frame, so that any two of them meet
_MAX_HEIGHT_TO_LENGTH = 2.0  # a symbol is lower than long, and twice as high once most of it is cut off
_WINDOW_SHARE = 1 / 40  # of the longer side: several modules wide, a few rows high
_MIN_SIDE_SHARES = (1 / 12, 1 / 60)  # length and height, of the longer side


@dataclass(frozen=True)
class Candidate:
    """A turned rectangle: its centre and size in pixels, and the angle in degrees that the rows run at.

    `corners` are those of the region itself, which is no rectangle where it is seen at an angle: 4×2, from the top left
    by the top right of the frame that the angle makes upright.
    """

    centre: tuple[float, float]
    size: tuple[float, float]
    angle: float
    corners: NDArray[np.float64]

    def scaled(self, factor: float) -> Candidate:
        """Give the same place in a picture that is so many times as large."""
        (x, y), (width, height) = self.centre, self.size
        return Candidate((x * factor, y * factor), (width * factor, height * factor), self.angle, self.corners * factor)


def locate(gray: NDArray[np.uint8]) -> list[Candidate]:
    """List the likeliest places, best first, in a picture that is small already."""
    window = max(5, round(max(gray.shape) * _WINDOW_SHARE)) | 1
    energy, cosine, sine = _directions(gray, window)
    strong = energy > max(_MIN_ENERGY, _MIN_RELATIVE_ENERGY * float(np.percentile(energy, 99)))
    mask = (strong & (np.hypot(cosine, sine) > _MIN_COHERENCE * energy)).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8)).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((window // 2, window // 2), np.uint8)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    largest = sorted(range(1, count), key=lambda i: -stats[i, cv2.CC_STAT_AREA])[: 2 * MAX_CANDIDATES]
    found = (_candidate(labels == i, cosine, sine) for i in largest)
    return [candidate for candidate in found if candidate][:MAX_CANDIDATES]


def _directions(
    gray: NDArray[np.uint8], window: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Sum the gradients of each pixel's surroundings: their energy, and their direction as twice the angle's vector."""
    smooth = cv2.GaussianBlur(gray, (0, 0), _SMOOTHING_PX).astype(np.float32)
    # Scharr's filter is true to angles; Sobel's is off by more than a degree, which is more than a scanner forgives.
    gx, gy = (cv2.Scharr(smooth, cv2.CV_32F, dx, 1 - dx).astype(np.float32) / _SCHARR_WEIGHT for dx in (1, 0))
    xx, yy, xy = (
        cv2.boxFilter(product, -1, (window, window)).astype(np.float32, copy=False)
        for product in (gx * gx, gy * gy, gx * gy)
    )
    return xx + yy, xx - yy, 2 * xy


def _candidate(region: NDArray[np.bool_], cosine: NDArray[np.float32], sine: NDArray[np.float32]) -> Candidate | None:
    """Turn a region's frame so that its rows, which cross the bars, run along it."""
    angle = 0.5 * np.arctan2(sine[region].sum(), cosine[region].sum())
    ys, xs = np.nonzero(region)
    across, along = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    points = np.stack([xs, ys], axis=1)
    u, v = points @ across, points @ along
    (u0, u1), (v0, v1) = np.percentile(u, [0.5, 99.5]), np.percentile(v, [0.5, 99.5])
    size = (float(u1 - u0), float(v1 - v0))
    longest = max(region.shape)
    if size[0] < longest * _MIN_SIDE_SHARES[0] or size[1] < longest * _MIN_SIDE_SHARES[1]:
        return None
    if size[1] > _MAX_HEIGHT_TO_LENGTH * size[0]:
        return None
    x, y = (u0 + u1) / 2 * across + (v0 + v1) / 2 * along
    corners = _corners(u, v) @ np.stack([across, along])
    return Candidate((float(x), float(y)), size, float(np.degrees(angle)), corners)


def _corners(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Meet the lines through a region's four edges, each pair of edges found between the other pair."""
    left, right = (0.0, float(u.min())), (0.0, float(u.max()))
    for _ in range(_EDGE_ROUNDS):
        top, bottom = _edges(u, v, left, right)
        left, right = _edges(v, u, top, bottom)
    return np.array([_meeting(*pair) for pair in ((top, left), (top, right), (bottom, right), (bottom, left))])


def _edges(along: NDArray[np.float64], across: NDArray[np.float64], first: Line, last: Line) -> tuple[Line, Line]:
    """Fit a line to the least and one to the greatest `across` in each of many strips between two lines."""
    length = _on(last, across) - _on(first, across)
    share = (along - _on(first, across)) / np.where(np.abs(length) < 1, 1, length)
    strip = np.floor((share - _OMITTED_ENDS) / (1 - 2 * _OMITTED_ENDS) * _EDGE_STRIPS).astype(int)
    is_inside = (strip >= 0) & (strip < _EDGE_STRIPS)
    least, greatest = np.full(_EDGE_STRIPS, np.inf), np.full(_EDGE_STRIPS, -np.inf)
    np.minimum.at(least, strip[is_inside], across[is_inside])
    np.maximum.at(greatest, strip[is_inside], across[is_inside])
    middles = _OMITTED_ENDS + (np.arange(_EDGE_STRIPS) + 0.5) / _EDGE_STRIPS * (1 - 2 * _OMITTED_ENDS)
    is_met = np.isfinite(least)
    edges = [
        _line(
            (1 - middles[is_met]) * _on(first, edge[is_met]) + middles[is_met] * _on(last, edge[is_met]), edge[is_met]
        )
        for edge in (least, greatest)
    ]
    return edges[0], edges[1]


def _on(line: Line, x: NDArray[np.float64]) -> NDArray[np.float64]:
    return line[0] * x + line[1]


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> Line:
    """Fit y = slope x + offset, and once more without the third that lies furthest off."""
    slope, offset = _least_squares(x, y)
    misses = np.abs(y - slope * x - offset)
    near = misses <= np.percentile(misses, _FIT_PERCENTILE) if len(x) else np.zeros(0, bool)
    return _least_squares(x[near], y[near])


def _least_squares(x: NDArray[np.float64], y: NDArray[np.float64]) -> Line:
    """Fit a line, a level one through what has no length."""
    if len(x) == 0:
        return 0.0, 0.0
    dx, dy = x - x.mean(), y - y.mean()
    spread = float(dx @ dx)
    slope = float(np.clip(dx @ dy / spread, -_MAX_SLOPE, _MAX_SLOPE)) if spread > 1 else 0.0
    return slope, float(y.mean() - slope * x.mean())


def _meeting(row: Line, bar: Line) -> tuple[float, float]:
    """Meet v = slope u + offset with u = slope v + offset. Neither is ever steep in its own frame."""
    u = (bar[0] * row[1] + bar[1]) / (1 - bar[0] * row[0])
    return u, row[0] * u + row[1]
