"""What an MRZ is printed on: tints, folds, guilloches, grain, strokes and lettering of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

WORDS = ("SPECIMEN", "MUSTER", "SAMPLE", "Place of issue", "Date of expiry", "PASSPORT")


def random_paper(height: int, width: int, rng: Generator) -> NDArray[np.float32]:
    """Make a height×width background, 0 to 255, float32."""
    mean = float(rng.uniform(70, 250))
    paper = np.full((height, width), mean, np.float32)
    if rng.random() < 0.8:
        coarse = rng.standard_normal((rng.integers(2, 5), rng.integers(3, 18))).astype(np.float32)
        paper += cv2.resize(coarse * np.float32(rng.uniform(2, 20)), (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.5:
        paper += _guilloche(height, width, rng)
    if rng.random() < 0.3:
        paper += rng.standard_normal((height, width)).astype(np.float32) * np.float32(rng.uniform(1, 13))
    if rng.random() < 0.25:
        _rule(paper, mean, rng)
    if rng.random() < 0.12:
        _letter(paper, rng)
    return paper


def _guilloche(height: int, width: int, rng: Generator) -> NDArray[np.float32]:
    rows, columns = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
    waves = np.zeros((height, width), np.float32)
    for _ in range(rng.integers(1, 4)):
        frequency, angle = rng.uniform(0.06, 0.9), rng.uniform(0, np.pi)
        bend = rng.uniform(0, 5) * np.sin(columns * rng.uniform(0.002, 0.05) + rng.uniform(0, 6))
        phase = columns * (np.cos(angle) * frequency) + rows * (np.sin(angle) * frequency) + bend
        waves += np.sin(phase).astype(np.float32) * np.float32(rng.uniform(2, 15))
    return waves


def _rule(paper: NDArray[np.float32], mean: float, rng: Generator) -> None:
    """Draw a few strokes across: folds, borders, chip lines, hair."""
    height, width = paper.shape
    for _ in range(rng.integers(1, 4)):
        one, other = (
            (int(rng.integers(-width // 4, width + width // 4)), int(rng.integers(-height, 2 * height)))
            for _ in range(2)
        )
        cv2.line(paper, one, other, mean + float(rng.uniform(-80, 45)), int(rng.integers(1, 3)))


def _letter(paper: NDArray[np.float32], rng: Generator) -> None:
    height, width = paper.shape
    mask = np.zeros(paper.shape, np.uint8)
    at = int(rng.integers(-width // 4, width // 2)), int(rng.integers(1, height + 4))
    scale = float(rng.uniform(0.3, 2.2)) * height / 40
    cv2.putText(mask, str(rng.choice(WORDS)), at, cv2.FONT_HERSHEY_DUPLEX, scale, 255, int(rng.integers(1, 4)))
    paper -= mask.astype(np.float32) * np.float32(rng.uniform(-20, 60) / 255)
