"""What happens between the print and the file: light, glare, blur, noise, sharpening, JPEG, binarisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray


AGAIN = 0.35  # of all pictures are passed on: made larger or smaller, blurred and compressed once more
BLURRED, MOST_BLURRED = 0.1, 0.2  # deviations, in heights of a letter
SMALLEST_PX = 3.4  # height of a letter that may just be read


def photograph(scene: NDArray[np.float32], letter_px: float, rng: Generator) -> NDArray[np.uint8]:
    """Photograph or scan a scene in which letters are letter_px high, and at times pass the picture on."""
    picture = _taken(scene, letter_px, rng)
    return _passed_on(picture, letter_px, rng) if rng.random() < AGAIN else picture


def _taken(scene: NDArray[np.float32], letter_px: float, rng: Generator) -> NDArray[np.uint8]:
    if rng.random() < 0.25:
        scene = _lit(scene, rng)
    if rng.random() < 0.6:
        scene = _blurred(scene, letter_px, rng)
    if rng.random() < 0.55:
        grain = rng.standard_normal(scene.shape).astype(np.float32)
        if rng.random() < 0.3:
            grain = cv2.GaussianBlur(grain, (0, 0), 0.8) * 2
        scene = scene + grain * np.float32(rng.uniform(0.5, 9))
    if rng.random() < 0.15:
        scene = scene + (scene - cv2.GaussianBlur(scene, (0, 0), 1.0)) * np.float32(rng.uniform(0.4, 2.0))
    picture = np.clip(scene, 0, 255).astype(np.uint8)
    picture = _compressed(picture, rng)
    if rng.random() < 0.05:
        picture = cv2.threshold(picture, 0, 255, cv2.THRESH_OTSU)[1]
    elif rng.random() < 0.03:
        levels = int(rng.integers(4, 16))
        picture = (picture // (256 // levels) * (256 // levels)).astype(np.uint8)
    return np.asarray(picture, np.uint8)


def _passed_on(picture: NDArray[np.uint8], letter_px: float, rng: Generator) -> NDArray[np.uint8]:
    """Resize a finished picture, blur it and compress it again, as those who send pictures on do."""
    height, width = picture.shape
    factor = max(SMALLEST_PX / letter_px, float(rng.uniform(0.45, 1.3))) if rng.random() < 0.6 else 1.0
    size = max(8, round(width * factor)), max(6, round(height * factor))
    method = rng.choice((cv2.INTER_AREA, cv2.INTER_AREA, cv2.INTER_LINEAR)) if factor < 1 else cv2.INTER_CUBIC
    again = cv2.resize(picture, size, interpolation=int(method)).astype(np.float32)
    if rng.random() < 0.5:
        again = cv2.GaussianBlur(again, (0, 0), float(rng.uniform(0.3, 0.18 * letter_px * factor + 0.3)))
    return _compressed(np.clip(again, 0, 255).astype(np.uint8), rng)


def _compressed(picture: NDArray[np.uint8], rng: Generator) -> NDArray[np.uint8]:
    if rng.random() < 0.45:
        return picture
    quality = int(rng.integers(18, 92))
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0), np.uint8)


def _lit(scene: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    """Add a gradient of light and, half the time, a glare or hologram with soft edges."""
    height, width = scene.shape
    ends = rng.uniform(0.6, 1.25, 2)
    scene = scene * np.linspace(ends[0], ends[1], width, dtype=np.float32)[None]
    if rng.random() < 0.5:
        columns, rows = np.arange(width), np.arange(height)[:, None]
        x, y = rng.uniform(0, width), rng.uniform(-height / 2, height * 1.5)
        reach, tall = rng.uniform(0.3, 3) * height, rng.uniform(0.5, 2) * height
        shape = np.exp(-(((columns - x) / reach) ** 2) - ((rows - y) / tall) ** 2).astype(np.float32)
        scene = scene + shape * np.float32(rng.uniform(-60, 130))
    return scene


def _blurred(scene: NDArray[np.float32], letter_px: float, rng: Generator) -> NDArray[np.float32]:
    """Blur by defocus and, at times, by motion; as much as leaves letters just readable."""
    most = MOST_BLURRED if rng.random() < 0.3 else BLURRED
    scene = cv2.GaussianBlur(scene, (0, 0), float(rng.uniform(0.25, most * letter_px + 0.35)))
    if rng.random() < 0.25:
        length = float(rng.uniform(1.5, max(2.0, 0.3 * letter_px)))
        angle = rng.uniform(0, np.pi)
        size = int(length) | 1
        kernel = np.zeros((size + 2, size + 2), np.float32)
        middle = (size + 2) // 2
        reach = length / 2 * np.array([np.cos(angle), np.sin(angle)])
        start, end = middle - reach, middle + reach
        cv2.line(kernel, (round(start[0]), round(start[1])), (round(end[0]), round(end[1])), 1.0, 1)
        scene = cv2.filter2D(scene, -1, cv2.GaussianBlur(kernel, (0, 0), 0.5) / kernel.sum())
    return np.asarray(scene, np.float32)
