"""One sample for the locator: a picture with a document somewhere in it, and where its MRZ's lines run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .camera import photograph
from .document import random_document
from .paper import random_paper

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from .document import Document

SIDE_PX = 320
STRIDE = 4
LETTERS_PX = (2.8, 22.0)
WITHOUT_MRZ = 0.15
UPSIDE = 0.85  # of documents lie near one of the four ways up; the others anyhow
TILT_DEGREES = 24
BAND = 0.28  # half the height of the band that marks a line, in heights of a letter ...
LEAST_BAND_PX = 2.1  # ... or at least half a cell
UNIT_PX = 8.0  # letter heights are learned as powers of two of this

Channels = tuple["NDArray[np.float32]", "NDArray[np.float32]", "NDArray[np.float32]"]


def random_scene(rng: Generator) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Make a picture (1×320×320), targets (4×80×80: band, cos, sin, log2 height) and weights of the band (80×80)."""
    letter_px = float(np.exp(rng.uniform(*np.log(LETTERS_PX))))
    document = random_document(max(4.0, letter_px * 1.15), rng, with_mrz=rng.random() > WITHOUT_MRZ)
    places = _places(document, letter_px, rng)
    picture = photograph(_scene(document, places, rng), letter_px, rng)
    picture = cv2.resize(picture, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_LINEAR)
    targets, weights = _targets(document, places)
    if rng.random() < 0.5:  # as the reader sees small pictures: enlarged
        picture = _coarse(picture, rng)
    return normalise(np.asarray(picture, np.uint8))[None], targets, weights


def normalise(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bring a picture to mean 0 and deviation 1."""
    pixels = picture.astype(np.float32)
    return np.asarray((pixels - pixels.mean()) / max(8.0, float(pixels.std())), np.float32)


def _coarse(picture: NDArray[np.generic], rng: Generator) -> NDArray[np.generic]:
    factor = float(rng.uniform(0.4, 0.95))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC))


def _places(document: Document, letter_px: float, rng: Generator) -> NDArray[np.float32]:
    """Say for each pixel of the picture which place of the document it shows: H×W×2."""
    height, width = document.ink.shape
    scale = letter_px / document.cap_px
    turn = np.deg2rad(rng.integers(4) * 90 + rng.uniform(-TILT_DEGREES, TILT_DEGREES))
    if rng.random() > UPSIDE:
        turn = rng.uniform(0, 2 * np.pi)
    aim = np.array([rng.uniform(0, width), rng.uniform(0, height)])
    if document.lines and rng.random() < 0.75:
        line = document.lines[rng.integers(len(document.lines))]
        aim = np.array([rng.uniform(line.start, line.end), line.middle])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) - aim
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * scale
    turned *= 1 + rng.uniform(-0.1, 0.1, (4, 1)) * rng.random()
    turned *= np.array([rng.uniform(0.88, 1.12), 1])
    seen_at = turned + SIDE_PX / 2 + rng.uniform(-0.4, 0.4, 2) * SIDE_PX
    to_document = cv2.getPerspectiveTransform(seen_at.astype(np.float32), (corners + aim).astype(np.float32))
    columns, rows = np.meshgrid(np.arange(SIDE_PX, dtype=np.float32), np.arange(SIDE_PX, dtype=np.float32))
    places = cv2.perspectiveTransform(np.stack([columns, rows], axis=-1), to_document)
    if rng.random() < 0.3:
        along = np.clip(2 * places[..., 0] / width - 1, -1.5, 1.5)
        places[..., 1] += np.float32(rng.normal(0, 0.5) * document.cap_px) * (along**2 - np.float32(0.5))
    return np.asarray(places, np.float32)


def _scene(document: Document, places: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Lay the document on a background."""
    height, width = document.ink.shape
    ink = cv2.remap(document.ink, places[..., 0], places[..., 1], cv2.INTER_LINEAR).astype(np.float32) / 255
    inside = (
        (places[..., 0] >= 0) & (places[..., 0] < width) & (places[..., 1] >= 0) & (places[..., 1] < height)
    ).astype(np.float32)
    inside = cv2.GaussianBlur(inside, (0, 0), 0.7)
    paper = random_paper(SIDE_PX, SIDE_PX, rng)
    density = float(rng.uniform(0.3, 0.97))
    page = paper + (float(rng.uniform(0, 70)) - paper) * ink * density
    around = paper if rng.random() < 0.3 else _background(rng)
    return np.asarray(page * inside + around * (1 - inside), np.float32)


def _background(rng: Generator) -> NDArray[np.float32]:
    """Make a desk, a cloth, a page of print or a keyboard, more or less."""
    ground = random_paper(SIDE_PX, SIDE_PX, rng) * np.float32(rng.uniform(0.2, 1))
    kind = rng.random()
    if kind < 0.25:
        other = random_document(float(np.exp(rng.uniform(1.4, 2.8))), rng, with_mrz=False).ink
        ink = cv2.resize(other[:SIDE_PX, :SIDE_PX], (SIDE_PX, SIDE_PX)).astype(np.float32) / 255
        ground = ground * (1 - ink * np.float32(rng.uniform(0.3, 0.9)))
    elif kind < 0.45:
        step = rng.uniform(4, 40)
        columns, rows = np.meshgrid(np.arange(SIDE_PX), np.arange(SIDE_PX))
        angle = rng.uniform(0, np.pi)
        wave = np.sin((columns * np.cos(angle) + rows * np.sin(angle)) * 2 * np.pi / step)
        if rng.random() < 0.5:
            wave = wave * np.sin((rows * np.cos(angle) - columns * np.sin(angle)) * 2 * np.pi / step)
        ground = ground + wave.astype(np.float32) * np.float32(rng.uniform(5, 50))
    elif kind < 0.6:
        side = int(rng.integers(20, 320))
        noise = rng.standard_normal((side, side)).astype(np.float32) * np.float32(rng.uniform(5, 40))
        ground = ground + cv2.resize(noise, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC)
    return np.asarray(ground, np.float32)


def _targets(document: Document, places: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mark the bands, with the way they are read and the height of their letters, at the middle of every cell."""
    half = STRIDE // 2
    at = places[half - 1 :: STRIDE, half - 1 :: STRIDE] / 2 + places[half::STRIDE, half::STRIDE] / 2
    across = (places[half::STRIDE, half::STRIDE] - places[half::STRIDE, half - 1 :: STRIDE]).astype(np.float64)
    down = (places[half::STRIDE, half::STRIDE] - places[half - 1 :: STRIDE, half::STRIDE]).astype(np.float64)
    determinant = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    determinant = np.where(np.abs(determinant) < 1e-9, 1e-9, determinant)
    reading = np.stack([down[..., 1], -across[..., 1]], axis=-1) / determinant[..., None]
    upright = np.stack([-down[..., 0], across[..., 0]], axis=-1) / determinant[..., None]
    letter_px = np.linalg.norm(upright, axis=-1) * document.cap_px
    reading /= np.linalg.norm(reading, axis=-1, keepdims=True) + 1e-9
    cells = at.shape[:2]
    targets, weights = np.zeros((4, *cells), np.float32), np.ones(cells, np.float32)
    per_px = document.cap_px / np.maximum(letter_px, 0.1)
    half_band = np.maximum(BAND * document.cap_px, LEAST_BAND_PX * per_px)
    for line in document.lines:
        off = np.abs(at[..., 1] - line.middle)
        along = (at[..., 0] > line.start) & (at[..., 0] < line.end)
        near_ends = (at[..., 0] > line.start - document.cap_px) & (at[..., 0] < line.end + document.cap_px)
        band = along & (off < half_band)
        weights[near_ends & (off < 1.5 * half_band) & ~band] = 0
        targets[0][band] = 1
    for line in document.lines:  # a neighbour's margin must not hide a band
        band = (at[..., 0] > line.start) & (at[..., 0] < line.end) & (np.abs(at[..., 1] - line.middle) < half_band)
        weights[band] = 1
    targets[1], targets[2] = reading[..., 0], reading[..., 1]
    targets[3] = np.log2(np.maximum(letter_px, 0.5) / UNIT_PX)
    return targets, weights
