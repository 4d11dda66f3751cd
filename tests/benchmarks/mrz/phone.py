"""Documents as a phone photographs them: one difficulty at a time, all together, and from further and further away."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.mrz import optics
from tests.benchmarks.mrz.pinhole import Camera, Pose
from tests.benchmarks.mrz.sheets import LETTER_MM
from tests.benchmarks.mrz.surroundings import SKINS, background, lay_finger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.random import Generator

    from tests.benchmarks.mrz.optics import Picture, Scene
    from tests.benchmarks.mrz.sheets import Sheet

LETTER_PX = (15.0, 26.0)  # of a document held as an app asks for it, if it has as many pixels
MOST_ENLARGED = 1.2  # more shows nothing that is not in the sheet's own pixels
PICTURE_BY_SHEET = (1.12, 1.5)  # width of the picture in widths of what must fit in
LETTER_HEIGHTS_PX = (5, 6, 7, 8, 10, 14, 20, 32)  # of the series from near to far


@dataclass(frozen=True)
class Difficulty:
    """How much of what goes wrong: shares, from 0 to 1, of the most that a condition has."""

    tilt: float = 0.0
    turn: float = 0.0
    bow: float = 0.0
    light: float = 0.0
    shadow: float = 0.0
    glare: float = 0.0
    motion: float = 0.0
    defocus: float = 0.0
    noise: float = 0.0
    jpeg: float = 0.0
    hand: float = 0.0


MOST_TILT, MOST_ROLL, LEAST_ROLL = 35.0, 20.0, 3.0  # degrees
MOST_BOW = 0.05  # of the sheet's width
MOST_MOTION, MOST_DEFOCUS = 0.35, 0.16  # of a letter's height: length, deviation
NOISE = (1.5, 14.0)  # deviation, of 255
JPEG_QUALITY = (92, 25)

CONDITIONS: Mapping[str, Difficulty] = {
    "face on": Difficulty(),
    "tilt to 35°": Difficulty(tilt=1),
    "any quarter, ±20°": Difficulty(turn=1),
    "bowed page": Difficulty(bow=1),
    "light from one side": Difficulty(light=1),
    "shadow": Difficulty(shadow=1),
    "glare": Difficulty(glare=1),
    "motion blur": Difficulty(motion=1),
    "out of focus": Difficulty(defocus=1),
    "noise": Difficulty(noise=1),
    "strong JPEG": Difficulty(jpeg=1),
    "hand on the margin": Difficulty(hand=1),
    "all together": Difficulty(0.6, 1, 0.4, 0.6, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 1),
}
FROM_AFAR = Difficulty(tilt=0.2, noise=0.15, jpeg=0.1)


@dataclass(frozen=True)
class Shot:
    """A photograph and how high the MRZ's letters are on it; letter_px is None where that is not known."""

    picture: Picture
    jpeg_quality: int
    letter_px: float | None


def photograph(sheet: Sheet, condition: str) -> Shot:
    """Photograph a sheet under a condition; the same every time."""
    rng = np.random.default_rng(zlib.crc32(f"{condition} {sheet.name}".encode()))
    letter_px = min(float(rng.uniform(*LETTER_PX)), MOST_ENLARGED * sheet.px_per_mm * LETTER_MM)
    return shot(sheet, CONDITIONS[condition], letter_px, rng)


def photograph_from_afar(sheet: Sheet, letter_px: float) -> Shot:
    """Photograph a sheet so that its letters are about so high, and little else is wrong."""
    rng = np.random.default_rng(zlib.crc32(f"{letter_px} {sheet.name}".encode()))
    return shot(sheet, FROM_AFAR, letter_px, rng)


def shot(sheet: Sheet, difficulty: Difficulty, letter_px: float, rng: Generator) -> Shot:
    """Photograph a sheet so that its letters are about so high, with so much going wrong."""
    px_per_mm = letter_px / LETTER_MM
    camera = _camera(sheet, difficulty, px_per_mm, rng)
    scene = camera.photograph(sheet.picture, background(camera.size, rng))
    if difficulty.hand:
        scene = _held(scene, camera, 18 * px_per_mm, rng)
    if difficulty.light:
        scene = optics.light_gradient(scene, rng, difficulty.light)
    if difficulty.shadow:
        scene = optics.shadow(scene, rng, difficulty.shadow)
    if difficulty.glare:
        corners = [camera.project((x, y * camera.aspect)) for x in (-0.5, 0.5) for y in (-0.5, 0.5)]
        columns, rows = zip(*corners, strict=True)
        scene = optics.glare(scene, rng, (min(columns), min(rows), max(columns), max(rows)), difficulty.glare)
    if difficulty.motion:
        scene = optics.motion_blur(scene, rng, letter_px * MOST_MOTION * difficulty.motion * rng.uniform(0.5, 1))
    if difficulty.defocus:
        scene = optics.defocus(scene, letter_px * MOST_DEFOCUS * difficulty.defocus * rng.uniform(0.5, 1))
    scene = optics.noise(scene, rng, _between(NOISE, difficulty.noise))
    return Shot(optics.exposed(scene), round(_between(JPEG_QUALITY, difficulty.jpeg)), _letter_px(sheet, camera))


def _camera(sheet: Sheet, difficulty: Difficulty, px_per_mm: float, rng: Generator) -> Camera:
    """Hold the sheet before a camera whose picture has room for it."""
    quarter = 90 * int(rng.integers(4)) if difficulty.turn else 0
    slant = LEAST_ROLL + difficulty.turn * (MOST_ROLL - LEAST_ROLL)
    pose = Pose(
        pitch=MOST_TILT * difficulty.tilt * float(rng.uniform(-1, 1)),
        yaw=MOST_TILT * difficulty.tilt * float(rng.uniform(-1, 1)),
        roll=quarter + slant * float(rng.uniform(-1, 1)),
        bow=MOST_BOW * difficulty.bow * float(rng.uniform(0.4, 1)),
        bow_along=bool(rng.random() < 0.5),
    )
    rows, columns = sheet.picture.shape[:2]
    sheet_px = columns / sheet.px_per_mm * px_per_mm
    turn = np.radians(pose.roll)
    cos, sin = abs(np.cos(turn)), abs(np.sin(turn))
    aspect = rows / columns
    room = float(rng.uniform(*PICTURE_BY_SHEET)) * (1 + 0.15 * difficulty.tilt)
    needed = sheet_px * room * np.array([cos + aspect * sin, sin + aspect * cos])
    size = round(max(needed[0], 0.75 * needed[1])), round(max(needed[1], 0.75 * needed[0]))
    return Camera(pose, aspect, size, sheet_px)


def _held(scene: Scene, camera: Camera, finger_px: float, rng: Generator) -> Scene:
    """Hold the sheet by its upper half, left and right: fingertips cover the margin, never the MRZ."""
    skin = int(rng.integers(len(SKINS)))
    for side in (-1, 1) if rng.random() < 0.5 else (int(rng.choice((-1, 1))),):
        across, down = 0.5 - rng.uniform(0.0, 0.04), camera.aspect * rng.uniform(-0.4, -0.1)
        tip = camera.project((side * across, down))
        root = camera.project((side * 1.6, down + rng.uniform(-0.3, 0.5)))
        scene = lay_finger(scene, tip, root, finger_px * rng.uniform(0.8, 1.1), skin)
    return scene


def _letter_px(sheet: Sheet, camera: Camera) -> float | None:
    """Measure how high a letter in the middle of the MRZ is on the photograph."""
    if sheet.mrz_from_below_mm is None:
        return None
    width_mm = sheet.picture.shape[1] / sheet.px_per_mm
    middle = camera.aspect / 2 - sheet.mrz_from_below_mm / width_mm
    half = LETTER_MM / 2 / width_mm
    top, bottom = camera.project((0, middle - half)), camera.project((0, middle + half))
    return float(np.hypot(bottom[0] - top[0], bottom[1] - top[1]))


def _between(ends: tuple[float, float], share: float) -> float:
    return ends[0] + share * (ends[1] - ends[0])
