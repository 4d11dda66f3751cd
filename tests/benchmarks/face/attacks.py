"""Photographs as a print or a screen gives them back: stand-ins for presentation attacks (ISO/IEC 30107-3).

This is a model, not a measurement of real attacks. A face of E pixels between the eyes stays about that large. In this
order, everything drawn from the generator given, the picture enlarged ENLARGEMENT times in between:

- print: gamma 0.9-1.2; black ink at 0.08-0.2 and paper at 0.75-0.95 of the range; a halftone screen at 45° (dots of
  0.75-1.5 camera pixels) in a quarter to three quarters of the range; paper grain; a light gradient
- screen: black raised to 0.03-0.12 by ambient light; a colder white; stripes of red, green and blue with dark gaps, a
  screen pixel being 0.6-1.6 camera pixels, turned against the camera by up to 6°; on half of them a lamp's reflection
- camera, and this for the bona fide too: a blur of 0.3-0.6 pixels, noise with a deviation of 1-4, JPEG of quality 70-95
  (attacks are out of focus by up to another 0.8: what is held before a camera is close to it)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.mrz import optics

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from cari_imaging import Image

    Recapture: TypeAlias = Callable[[Image, Generator], Image]

Scene: TypeAlias = NDArray[np.float32]

ENLARGEMENT = 4
WHITE = 255.0


def bona_fide(image: Image, rng: Generator) -> Image:
    """Photograph the person, not a picture of the person."""
    return _captured(np.asarray(image, np.float32), rng)


def print_attack(image: Image, rng: Generator) -> Image:
    """Hold a print before the camera."""
    tone = (_enlarged(image) / WHITE) ** rng.uniform(0.9, 1.2)
    rows, columns = _grid(tone)
    turns = 2 * np.pi / (ENLARGEMENT * rng.uniform(0.75, 1.5))
    screen = np.cos((rows + columns) * turns / np.sqrt(2)) * np.cos((rows - columns) * turns / np.sqrt(2))
    dots = np.clip((tone - 0.5 - 0.5 * screen[..., np.newaxis]) * 4 + 0.5, 0, 1)
    share = rng.uniform(0.25, 0.75)
    grain = rng.normal(0, 0.03, tone.shape[:2])[..., np.newaxis]
    ink, paper = rng.uniform(0.08, 0.2), rng.uniform(0.75, 0.95)
    sheet = ink + (paper - ink) * (share * dots + (1 - share) * tone) + grain
    lit = optics.light_gradient(np.asarray(sheet * WHITE, np.float32), rng, rng.uniform(0, 0.4))
    return _captured(_reduced(lit), rng, rng.uniform(0, 0.8))


def screen_attack(image: Image, rng: Generator) -> Image:
    """Hold a telephone's or a tablet's screen before the camera."""
    tone = _enlarged(image) / WHITE
    rows, columns = _grid(tone)
    lean = np.radians(rng.uniform(-6, 6))
    pitch = ENLARGEMENT * rng.uniform(0.6, 1.6)
    across = (columns * np.cos(lean) + rows * np.sin(lean)) / pitch
    down = (rows * np.cos(lean) - columns * np.sin(lean)) / pitch
    stripes = [np.maximum(0, np.cos(2 * np.pi * (across - third / 3))) for third in range(3)]
    gaps = 1 - rng.uniform(0.2, 0.6) * (np.cos(2 * np.pi * down) > rng.uniform(0.6, 0.9))
    light = np.stack(stripes, axis=-1) * gaps[..., np.newaxis]
    light /= light.mean(axis=(0, 1))
    strength, ambient = rng.uniform(0.4, 1), rng.uniform(0.03, 0.12)
    cold = np.array([rng.uniform(0.88, 1), rng.uniform(0.94, 1), 1])
    shown = ambient + (1 - ambient) * tone * (strength * light + 1 - strength) * cold
    if rng.random() < 0.5:
        shown = shown + _reflection(rows, columns, rng)[..., np.newaxis]
    return _captured(_reduced(np.asarray(shown * WHITE, np.float32)), rng, rng.uniform(0, 0.8))


ATTACKS: dict[str, Recapture] = {"print": print_attack, "screen": screen_attack}


def _enlarged(image: Image) -> Scene:
    return np.asarray(
        cv2.resize(image, None, fx=ENLARGEMENT, fy=ENLARGEMENT, interpolation=cv2.INTER_CUBIC), np.float32
    )


def _reduced(scene: Scene) -> Scene:
    return np.asarray(
        cv2.resize(scene, None, fx=1 / ENLARGEMENT, fy=1 / ENLARGEMENT, interpolation=cv2.INTER_AREA), np.float32
    )


def _grid(scene: Scene) -> NDArray[np.float32]:
    return np.mgrid[: scene.shape[0], : scene.shape[1]].astype(np.float32)


def _reflection(rows: NDArray[np.float32], columns: NDArray[np.float32], rng: Generator) -> NDArray[np.float32]:
    middle = rng.uniform(0.3, 0.7, 2) * rows.shape
    away = np.hypot(rows - middle[0], columns - middle[1]) / (rows.shape[0] * rng.uniform(0.05, 0.15))
    return np.asarray(rng.uniform(0.2, 0.6) * np.exp(-(away**2)), np.float32)


def _captured(scene: Scene, rng: Generator, out_of_focus: float = 0.0) -> Image:
    seen = optics.defocus(scene, rng.uniform(0.3, 0.6) + out_of_focus)
    picture = optics.exposed(optics.noise(seen, rng, rng.uniform(1, 4)))
    quality = int(rng.integers(70, 96))
    _, file = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.cvtColor(cv2.imdecode(file, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)
