"""What a document lies on, and the hand that holds it: drawn, not photographed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from tests.benchmarks.mrz.optics import Scene

SKINS = ((236, 188, 160), (222, 170, 136), (198, 140, 104), (150, 98, 70), (104, 66, 48))


def background(size: tuple[int, int], rng: Generator) -> Scene:
    """Draw a surface of some kind, width by height."""
    surfaces = (_wood, _stone, _cloth, _desk, _newspaper)
    drawn = surfaces[int(rng.integers(len(surfaces)))](size, rng)
    return np.asarray(np.clip(drawn, 0, 255), np.float32)


def _wood(size: tuple[int, int], rng: Generator) -> Scene:
    """Boards with grain along them."""
    width, height = size
    grain = _cloud((max(2, width // 60), max(2, height // 2)), size, rng) * 22 + _cloud((6, 30), size, rng) * 16
    rings = 7 * np.sin(np.linspace(0, rng.uniform(30, 90), height))[:, None]
    boards = np.where(np.arange(height) % max(40, height // 4) < max(2, height // 300), -60, 0)[:, None]
    return _tinted(grain + rings + boards, rng.uniform((110, 70, 40), (205, 160, 115)))


def _stone(size: tuple[int, int], rng: Generator) -> Scene:
    """Specks on specks."""
    width, height = size
    specks = _cloud((width // 3, height // 3), size, rng) * 26 + _cloud((24, 24), size, rng) * 14
    return _tinted(specks, np.full(3, rng.uniform(70, 200)) + rng.uniform(-10, 10, 3))


def _cloth(size: tuple[int, int], rng: Generator) -> Scene:
    """A weave with stripes or checks."""
    width, height = size
    rows, columns = np.mgrid[:height, :width]
    weave = 10 * np.sin(columns * 1.3) * np.sin(rows * 1.3) + _cloud((width // 4, height // 4), size, rng) * 6
    step = rng.uniform(0.05, 0.25) * width
    checks = 35 * (np.sin(2 * np.pi * columns / step) > 0) + rng.choice((0, 35)) * (np.sin(2 * np.pi * rows / step) > 0)
    return _tinted(weave + checks, rng.uniform((30, 30, 40), (190, 190, 190)))


def _desk(size: tuple[int, int], rng: Generator) -> Scene:
    """A plain top, anything from black to white."""
    return _tinted(_cloud((4, 3), size, rng) * 8, np.full(3, rng.uniform(15, 240)) + rng.uniform(-12, 12, 3))


def _newspaper(size: tuple[int, int], rng: Generator) -> Scene:
    """Columns of print: rows of letters much like those that are looked for."""
    width, height = size
    page = np.full((height, width, 3), rng.uniform(200, 245), np.float32)
    line_px = max(10, height // int(rng.integers(30, 50)))
    for y in range(line_px, height, round(line_px * 1.5)):
        letters = "".join(chr(int(code)) for code in rng.integers(97, 123, 200))
        words = " ".join(letters[i : i + 6] for i in range(0, 200, 6))
        cv2.putText(page, words, (0, y), cv2.FONT_HERSHEY_COMPLEX, line_px / 30, (40, 40, 45), 1, cv2.LINE_AA)
    return np.asarray(page + _cloud((5, 5), size, rng)[..., None] * 8, np.float32)


def _tinted(relief: NDArray[np.floating], color: NDArray[np.floating]) -> Scene:
    return np.asarray(relief[..., None] + np.asarray(color, np.float32), np.float32)


def _cloud(cells: tuple[int, int], size: tuple[int, int], rng: Generator) -> Scene:
    """Interpolate random values: noise as coarse as it has few cells."""
    values = rng.standard_normal((max(2, cells[1]), max(2, cells[0])), dtype=np.float32)
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_CUBIC), np.float32)


def lay_finger(scene: Scene, tip: tuple[float, float], root: tuple[float, float], width_px: float, skin: int) -> Scene:
    """Lay a finger over the scene from its root, outside, to its tip, round and with its own soft shadow."""
    shape = np.zeros(scene.shape[:2], np.uint8)
    bits = 4  # of a pixel's fraction
    start, end = (tuple(round(value * 2**bits) for value in point) for point in (root, tip))
    cv2.line(shape, start, end, 255, max(1, round(width_px)), cv2.LINE_8, bits)
    depth = cv2.distanceTransform(shape, cv2.DIST_L2, 3) / (width_px / 2)
    round_light = 0.62 + 0.42 * np.sqrt(np.clip(depth, 0, 1))
    cover = cv2.GaussianBlur(shape, (0, 0), max(0.8, width_px / 60))[..., None] / np.float32(255)
    shade = cv2.GaussianBlur(shape, (0, 0), width_px / 8)[..., None] / np.float32(255)
    finger = round_light[..., None] * np.array(SKINS[skin % len(SKINS)], np.float32)
    return np.asarray(scene * (1 - 0.4 * shade) * (1 - cover) + finger * cover, np.float32)
