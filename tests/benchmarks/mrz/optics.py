"""What happens to light between a document and a file. Scenes are RGB, HxWx3 float32, 0 to 255.

Every effect is drawn from the generator given, so the same seed gives the same picture; `strength` is from 0 to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from numpy.random import Generator

Scene: TypeAlias = NDArray[np.float32]
Picture: TypeAlias = NDArray[np.uint8]
"""RGB, HxWx3."""


def light_gradient(scene: Scene, rng: Generator, strength: float = 1.0) -> Scene:
    """Light the scene from one side, in a slightly warm or cold colour."""
    across = _ramp(scene.shape, rng)
    darkest = 1 - strength * rng.uniform(0.35, 0.6)
    tint = 1 + strength * rng.uniform(-0.08, 0.08, 3).astype(np.float32)
    return np.asarray(scene * (darkest + (1.1 - darkest) * across)[..., None] * tint, np.float32)


def shadow(scene: Scene, rng: Generator, strength: float = 1.0) -> Scene:
    """Let the shadow of a head or a phone fall over a part, with a soft edge."""
    across = _ramp(scene.shape, rng)
    edge, softness = rng.uniform(0.3, 0.7), rng.uniform(0.01, 0.06)
    shade = 1 / (1 + np.exp(-(across - edge) / softness))
    darkness = strength * rng.uniform(0.35, 0.6)
    return np.asarray(scene * (1 - darkness * shade)[..., None], np.float32)


def glare(scene: Scene, rng: Generator, within: tuple[float, float, float, float], strength: float = 1.0) -> Scene:
    """Let one or two lamps shine back from inside a rectangle (left, top, right, bottom)."""
    left, top, right, bottom = within
    rows, columns = np.mgrid[: scene.shape[0], : scene.shape[1]].astype(np.float32)
    lit = scene
    for _ in range(int(rng.integers(1, 3))):
        x, y = rng.uniform(left, right), rng.uniform(top, bottom)
        long, short = (right - left) * rng.uniform(0.08, 0.22), (right - left) * rng.uniform(0.03, 0.09)
        turn = rng.uniform(0, np.pi)
        along = (columns - x) * np.cos(turn) + (rows - y) * np.sin(turn)
        beside = (rows - y) * np.cos(turn) - (columns - x) * np.sin(turn)
        spot = np.exp(-((along / long) ** 2) - (beside / short) ** 2)
        lit = lit + (spot * strength * rng.uniform(80, 190))[..., None]
    return np.asarray(lit, np.float32)


def motion_blur(scene: Scene, rng: Generator, length_px: float) -> Scene:
    """Move the camera while the shutter is open."""
    size = 2 * int(np.ceil(length_px / 2)) + 3
    middle, turn = size // 2, rng.uniform(0, np.pi)
    kernel = np.zeros((size, size), np.float32)
    for step in np.linspace(-0.5, 0.5, 8 * size):
        x, y = middle + step * length_px * np.cos(turn), middle + step * length_px * np.sin(turn)
        column, row = int(x), int(y)
        right, below = x - column, y - row
        kernel[row : row + 2, column : column + 2] += np.outer((1 - below, below), (1 - right, right))
    return np.asarray(cv2.filter2D(scene, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.float32)


def defocus(scene: Scene, sigma_px: float) -> Scene:
    """Miss the focus."""
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), sigma_px), np.float32)


def noise(scene: Scene, rng: Generator, sigma: float) -> Scene:
    """Add a sensor's noise: fine in brightness, coarser in colour."""
    height, width = scene.shape[:2]
    fine = rng.standard_normal((height, width, 1), dtype=np.float32)
    coarse = rng.standard_normal((height // 2 + 1, width // 2 + 1, 3), dtype=np.float32)
    coarse = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    return np.asarray(scene + np.float32(sigma) * (fine + 0.5 * coarse), np.float32)


def exposed(scene: Scene) -> Picture:
    """End as eight bits a channel."""
    return np.clip(np.rint(scene), 0, 255).astype(np.uint8)


def _ramp(shape: tuple[int, ...], rng: Generator) -> Scene:
    """Rise from 0 to 1 across the picture in some direction."""
    turn = rng.uniform(0, 2 * np.pi)
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    height = columns / shape[1] * np.float32(np.cos(turn)) + rows / shape[0] * np.float32(np.sin(turn))
    low, high = float(height.min()), float(height.max())
    return np.asarray((height - low) / (high - low), np.float32)
