"""One training sample: a strip as the reader cuts it out of a picture, and what stands in each column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .camera import photograph
from .glyphs import CAP_PX, CELL_PX, SHARES, glyphs
from .paper import random_paper
from .text import ALPHABET, random_line

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

STRIP_HEIGHT, STRIP_WIDTH = 32, 384  # 20 letters or so; the net slides along lines of any length
STRIDE = 4  # pixels for each column of the net's answer
LETTER_PX = 16  # height of a letter in a strip, where it is located well
PITCH_IN_CAPS = 1.06  # OCR-B: 2.54 mm to 2.4 mm
SMALL_PX, LARGE_PX = (3.8, 12.0), (11.0, 30.0)  # letters in the photograph
SMALL = 0.75  # of all photographs: where letters are large there is little to learn
BOWED, BOW_IN_CAPS = 0.25, 0.08  # of strips, and how far their middle lies above or below their ends
BLANK = 0
IGNORED = -100


def random_sample(rng: Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Make a normalised strip (1×32×384) and the class of each of its columns."""
    text = _window(random_line(rng), rng)
    font = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    pitch = CAP_PX * PITCH_IN_CAPS * float(rng.uniform(0.86, 1.2))
    ink, first = _print(text, font, pitch, rng)
    strip, centers = _photographed(ink, first, pitch, len(text), rng)
    return normalise(strip)[None], _classes(text, centers)


def normalise(strip: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bring a strip's ink and paper to about -1 and 1."""
    low, high = np.percentile(strip, (3, 97))
    return np.asarray((strip.astype(np.float32) - (low + high) / 2) * (2 / max(12.0, high - low)), np.float32)


def _window(line: str, rng: Generator) -> str:
    """Cut out as many letters as a strip has room for, the line's ends more often than chance would."""
    length = int(rng.integers(14, 25))
    start = int(rng.integers(-6, len(line) - length + 7))
    return line[max(0, start) : max(0, start) + length]


def _print(text: str, font: str, pitch: float, rng: Generator) -> tuple[NDArray[np.uint8], float]:
    """Print text in ink 255 on 0, some lines with others close by; give where its first letter's middle is."""
    margin = 2 * CELL_PX[0]
    page = np.zeros((CAP_PX * 7, int(pitch * len(text)) + 2 * margin), np.uint8)
    middle = page.shape[0] // 2
    first = margin + pitch / 2
    _print_line(page, text, font, (first, middle), pitch, rng)
    spacing = CAP_PX * rng.uniform(1.5, 2.3)
    for side in (-1, 1):
        if rng.random() < 0.4:
            other = "".join(ALPHABET[i] for i in rng.integers(0, len(ALPHABET), len(text)))
            _print_line(page, other, font, (first, middle + side * spacing), pitch, rng)
    weight = rng.random()
    if weight < 0.3:
        size = int(rng.integers(2, 6))
        page = cv2.dilate(page, np.ones((size, size), np.uint8))
    elif weight < 0.5:
        size = int(rng.integers(2, 4))
        page = cv2.erode(page, np.ones((size, size), np.uint8))
    return np.asarray(page, np.uint8), first


def _print_line(
    page: NDArray[np.uint8], text: str, font: str, first: tuple[float, float], pitch: float, rng: Generator
) -> None:
    letters = glyphs(font)
    width, height = CELL_PX
    shaky_x, shaky_y = (CAP_PX * 0.05 * (rng.random() < 0.3) for _ in range(2))
    for i, letter in enumerate(text):
        x = round(first[0] + i * pitch + rng.uniform(-shaky_x, shaky_x) - width / 2)
        y = round(first[1] + rng.uniform(-shaky_y, shaky_y) - height / 2)
        cell = page[y : y + height, x : x + width]
        np.maximum(cell, letters[letter][: cell.shape[0], : cell.shape[1]], out=cell)


def _photographed(
    ink: NDArray[np.uint8], first: float, pitch: float, length: int, rng: Generator
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Photograph the print from a little aslant, then cut the strip out a little wrong, as the reader does."""
    photo_px = float(np.exp(rng.uniform(*np.log(SMALL_PX if rng.random() < SMALL else LARGE_PX))))
    strip_px = LETTER_PX * float(rng.uniform(0.84, 1.2))  # found too tall or too low
    half = STRIP_HEIGHT / strip_px * CAP_PX / 2
    middle = ink.shape[0] / 2 + rng.normal(0, 0.07) * CAP_PX
    left = first - pitch / 2 - rng.uniform(0, 1.5) * CAP_PX
    stretch = float(rng.uniform(0.93, 1.07))
    right = left + STRIP_WIDTH / strip_px * CAP_PX * stretch
    skew = rng.normal(0, 0.07) * CAP_PX
    aslant = rng.normal(0, 0.06) * CAP_PX
    corners = np.array(
        [
            [left + aslant, middle - half - skew],
            [right + aslant, middle - half + skew],
            [right - aslant, middle + half + skew],
            [left - aslant, middle + half - skew],
        ],
        np.float32,
    )
    corners += rng.normal(0, 0.025 * CAP_PX, corners.shape).astype(np.float32)
    scale = photo_px / CAP_PX
    size = max(24, round((right - left) * scale)), max(6, round(2 * half * scale))
    over = max(1, round(CAP_PX / photo_px / 2)) if photo_px < CAP_PX / 2 else 1
    target = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32) * over
    homography = cv2.getPerspectiveTransform(corners, target)
    ink = _bowed(ink, (left, right), rng)
    print_ = cv2.warpPerspective(ink, homography, (size[0] * over, size[1] * over), flags=cv2.INTER_LINEAR)
    print_ = cv2.resize(print_, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    picture = photograph(_inked(print_, rng), photo_px, rng)
    enlarge = cv2.INTER_CUBIC if rng.random() < 0.7 else cv2.INTER_LINEAR
    method = cv2.INTER_AREA if size[1] > STRIP_HEIGHT else enlarge
    strip = cv2.resize(picture, (STRIP_WIDTH, STRIP_HEIGHT), interpolation=method)
    middles = np.array([[[first + i * pitch, ink.shape[0] / 2] for i in range(length)]], np.float32)
    centers = cv2.perspectiveTransform(middles, homography)[0, :, 0] / (size[0] * over) * STRIP_WIDTH
    return np.asarray(strip, np.uint8), np.asarray(centers, np.float64)


def _bowed(ink: NDArray[np.uint8], ends: tuple[float, float], rng: Generator) -> NDArray[np.uint8]:
    """Bow the page a little: what locates a line follows its bow, but not to the pixel."""
    bow = float(rng.normal(0, BOW_IN_CAPS)) * CAP_PX
    if rng.random() > BOWED or abs(bow) < 1:
        return ink
    columns = np.arange(ink.shape[1], dtype=np.float32)
    along = 2 * (columns - ends[0]) / (ends[1] - ends[0]) - 1
    rows = np.arange(ink.shape[0], dtype=np.float32)[:, None] + np.float32(bow) * (along**2 - np.float32(0.5))
    return np.asarray(cv2.remap(ink, np.broadcast_to(columns, rows.shape), rows, cv2.INTER_LINEAR), np.uint8)


def _inked(print_: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Lay the print onto paper, evenly or not, at times with parts missing."""
    height, width = print_.shape
    paper = random_paper(height, width, rng)
    density = float(rng.uniform(0.35, 0.97) if rng.random() < 0.75 else rng.uniform(0.16, 0.4))
    coverage = np.full((height, width), density, np.float32)
    if rng.random() < 0.25:
        coarse = 1 + 0.3 * rng.standard_normal((2, rng.integers(3, 24))).astype(np.float32)
        coverage *= cv2.resize(coarse, (width, height))
    if rng.random() < 0.12:
        coverage *= rng.random((height, width)) > rng.uniform(0.02, 0.12)
    color = float(rng.uniform(0, 60))
    return np.asarray(paper + (color - paper) * print_ * np.clip(coverage, 0.08, 1), np.float32)


def _classes(text: str, centers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Name what each column shows: a letter near its middle, nothing between, and in between either."""
    columns = (np.arange(STRIP_WIDTH // STRIDE) + 0.5) * STRIDE - 0.5
    classes = np.full(len(columns), BLANK, np.int64)
    away = np.abs(columns[:, None] - centers[None])
    nearest = away.argmin(axis=1)
    distance = away.min(axis=1)
    classes[distance < 4.6] = IGNORED
    letters = np.array([ALPHABET.index(letter) + 1 for letter in text])
    near = distance < 3.0
    classes[near] = letters[nearest[near]]
    edge = (columns < 8) | (columns > STRIP_WIDTH - 8)
    classes[edge & (classes != BLANK)] = IGNORED
    return classes
