"""Where lines of print run in a picture, at any tilt up to 20 degrees: black-hat, gradient, then a fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

Gray: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]

LONG_SIDE_PX = (700, 1100)  # pictures are scaled to within these before lines are looked for
LETTER_HEIGHTS_PX = (8, 13, 21)  # at that scale; each finds print from two thirds to one and a half of it
MAX_TILT_DEGREES = 22
MIN_LETTERS, MAX_LETTERS = 16, 75  # width of a line in heights of a letter
CHUNKS = 8  # a line is followed in so many pieces, so that it may tilt
MIN_CHUNKS = 4  # in which letters of the usual height must be seen
MIN_HEIGHT_PX = 4  # less is a rule or noise
MIN_INK = 0.08  # of a row of pixels in a chunk
INK_SHARE = 0.33  # of a chunk's darkest rows: what is less dark is above or below the letters


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


def find_lines(gray: Gray) -> list[TextLine]:
    """Find lines of print that run roughly from left to right, or upside down from right to left."""
    longest = max(gray.shape)
    scale = float(np.clip(longest, *LONG_SIDE_PX)) / longest
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=method), np.uint8)
    found: list[TextLine] = []
    for height in LETTER_HEIGHTS_PX:
        for box in _bands(small, height):
            line = _follow(small, box, height)
            if line and not any(_same(line, other) for other in found):
                found.append(line)
    return [TextLine(line.corners / np.float32(scale), line.height / scale) for line in found]


def _bands(gray: Gray, height: int) -> Iterator[Floats]:
    """Give boxes (center, size, tilt) around whatever is striped like print of this height."""
    stripes = np.abs(cv2.Sobel(_black_hat(gray, height), cv2.CV_32F, 1, 0, ksize=3))
    print_like = cv2.boxFilter(stripes, -1, (_odd(1.5 * height), _odd(0.45 * height)))
    level = cv2.normalize(print_like, np.empty(0), 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    around = cv2.boxFilter(level, -1, (_odd(9 * height), _odd(5 * height)))
    otsu, _ = cv2.threshold(level, 0, 255, cv2.THRESH_OTSU)
    striped = ((level > max(10, 0.55 * otsu)) & (level > 1.05 * around)).astype(np.uint8)
    joined = cv2.morphologyEx(striped, cv2.MORPH_CLOSE, np.ones((1, max(3, _odd(1.3 * height))), np.uint8))
    opening = np.ones((max(2, int(0.35 * height)), max(3, int(1.5 * height))), np.uint8)
    contours, _ = cv2.findContours(
        cv2.morphologyEx(joined, cv2.MORPH_OPEN, opening), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    for contour in contours:
        (x, y), (width, tall), tilt = cv2.minAreaRect(contour)
        if width < tall:
            width, tall, tilt = tall, width, tilt + 90
        tilt = (tilt + 90) % 180 - 90
        is_line = 0.4 * height <= tall <= 3.2 * height and width >= 14 * height
        if is_line and abs(tilt) <= MAX_TILT_DEGREES:
            yield np.array([x, y, width, tall, tilt], np.float32)


def _follow(gray: Gray, box: Floats, height: int) -> TextLine | None:
    """Fit a tight quadrilateral to the letters in a box."""
    x, y, width, tall, tilt = (float(value) for value in box)
    along = np.array([np.cos(np.deg2rad(tilt)), np.sin(np.deg2rad(tilt))])
    down = np.array([-along[1], along[0]])
    width, margin = width + 3 * height, max(tall, height) * 2.2
    corner = np.array([x, y]) - along * width / 2 - down * margin / 2
    scale = float(np.clip(width, 200, 1600)) / width
    size = (int(width * scale), int(margin * scale))
    frame = np.array([corner, corner + along * width, corner + down * margin], np.float32)
    target = np.array([[0, 0], [size[0], 0], [0, size[1]]], np.float32)
    to_strip = cv2.getAffineTransform(frame, target)
    strip = cv2.warpAffine(gray, to_strip, size, borderMode=cv2.BORDER_REPLICATE)
    ink = _ink(np.asarray(strip, np.uint8), height * scale)
    course = _course(ink, tall * scale, height * scale)
    if course is None:
        return None
    slope, offset, letter = course
    extent = _extent(ink, slope, offset, letter)
    if extent is None:
        return None
    corners = np.array(
        [[px, slope * px + offset + half * letter / 2] for half in (-1, 1) for px in extent[:: -half or 1]],
        np.float32,
    )
    back = cv2.invertAffineTransform(to_strip)
    return TextLine(
        np.asarray(cv2.transform(corners[None], back)[0], np.float32),
        letter / scale,
    )


def _ink(strip: Gray, height: float) -> Floats:
    """Mark the pixels darker than their surroundings by what print in the middle of the strip shows."""
    dark = _black_hat(strip, height * 1.2).astype(np.float32)
    middle = dark[len(dark) // 4 : 3 * len(dark) // 4]
    return (dark > max(8.0, float(np.percentile(middle, 85)) * 0.45)).astype(np.float32)


def _course(ink: Floats, tall: float, height: float) -> tuple[float, float, float] | None:
    """Follow the line through its chunks: slope and offset of its middle, and the letters' height."""
    edges = np.linspace(0, ink.shape[1], CHUNKS + 1).astype(int)
    points = []
    for left, right in pairwise(edges):
        rows = _letter_rows(ink[:, left:right].mean(axis=1), tall, height)
        if rows:
            points.append(((left + right) / 2, (rows[0] + rows[1]) / 2, rows[1] - rows[0]))
    if len(points) < MIN_CHUNKS:
        return None
    xs, middles, heights = np.array(points).T
    letter = float(np.median(heights))
    usual = np.abs(heights - letter) <= max(2.0, 0.3 * letter)
    if letter < MIN_HEIGHT_PX or usual.sum() < MIN_CHUNKS - 1:
        return None
    slope, offset = _robust_line(xs[usual], middles[usual])
    return slope, offset, letter


def _letter_rows(profile: NDArray[np.floating], tall: float, height: float) -> tuple[int, int] | None:
    """Find the top and bottom row of the letters in a chunk's row profile."""
    rows = cv2.blur(profile.astype(np.float32)[:, None], (1, 3))[:, 0]
    first = max(0, int(len(rows) / 2 - 0.8 * tall))
    near = rows[first : min(len(rows), int(len(rows) / 2 + 0.8 * tall))]
    if len(near) < MIN_HEIGHT_PX or near.max() < MIN_INK:
        return None
    peak = first + int(np.argmax(cv2.blur(near[:, None], (1, _odd(0.8 * height)))[:, 0]))
    reach = int(0.3 * height)
    threshold = INK_SHARE * rows[max(0, peak - reach) : peak + reach + 1].mean()
    top = bottom = peak
    while top > 0 and rows[top - 1] > threshold:
        top -= 1
    while bottom < len(rows) - 1 and rows[bottom + 1] > threshold:
        bottom += 1
    return top, bottom + 1


def _robust_line(xs: NDArray[np.floating], ys: NDArray[np.floating]) -> tuple[float, float]:
    """Fit the line through two of the points that the others are nearest to."""
    pairs = [(i, j) for i in range(len(xs)) for j in range(i + 1, len(xs))]
    slopes = [(ys[j] - ys[i]) / (xs[j] - xs[i]) for i, j in pairs]
    offsets = [ys[i] - slope * xs[i] for (i, _), slope in zip(pairs, slopes, strict=True)]
    errors = [
        np.minimum(np.abs(slope * xs + offset - ys), 3).sum() for slope, offset in zip(slopes, offsets, strict=True)
    ]
    best = int(np.argmin(errors))
    return float(slopes[best]), float(offsets[best])


def _extent(ink: Floats, slope: float, offset: float, letter: float) -> tuple[float, float] | None:
    """Find where the longest run of letters along the line begins and ends."""
    rows, columns = np.indices(ink.shape, np.float32)
    on_line = np.abs(rows - (slope * columns + offset)) < 0.55 * letter
    density = cv2.blur((ink * on_line).sum(axis=0, dtype=np.float32)[None], (_odd(0.9 * letter), 1))[0]
    inked = np.flatnonzero(density > 0.04 * letter + 0.02 * density.max())
    if len(inked) == 0:
        return None
    gaps = np.flatnonzero(np.diff(inked) > 2.0 * letter)
    starts, ends = inked[np.r_[0, gaps + 1]], inked[np.r_[gaps, len(inked) - 1]]
    longest = int(np.argmax(ends - starts))
    left, right = starts[longest] - 0.3 * letter, ends[longest] + 0.3 * letter
    return (left, right) if MIN_LETTERS <= (right - left) / letter <= MAX_LETTERS else None


def _same(one: TextLine, other: TextLine) -> bool:
    """Say whether two finds, made at different heights, are of one printed line."""
    apart = np.abs(one.center - other.center)
    return bool(
        np.hypot(*apart) < 0.12 * one.length
        and apart[1] < 0.6 * one.height
        and abs(one.length - other.length) < 0.06 * one.length
    )


def _black_hat(gray: Gray, size: float) -> Gray:
    side = max(5, _odd(size))
    return np.asarray(cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, np.ones((side, side), np.uint8)), np.uint8)


def _odd(size: float) -> int:
    return max(3, int(size) | 1)
