"""Draw what hides faces on pictures of bare ones: masks, sunglasses, hands, hair.

All are drawn by the face mesh, so they sit where such things sit: a mask from the bridge of the nose (or from below it)
to the jaw, lenses over eye and eyebrow, fingers across the mouth, strands from the forehead over one eye. What is drawn
takes on the face's own light from side to side and a little noise, and its edge is soft; on a grey picture it is grey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cari_imaging import Image

    Draw = Callable[[Image, NDArray[np.float32], np.random.Generator], Image]

JAW = (323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93)  # of the mesh
OVER_NOSE, UNDER_NOSE = (117, 197, 346), (187, 2, 411)  # where a mask's upper edge runs
CHEEKS = (50, 280)
EYES = ((33, 133), (263, 362))  # outer and inner corners
MOUTH_CORNERS = (61, 291)
FOREHEAD = (109, 338)
# red, green, blue
CLOTHS = (
    (235, 238, 240),
    (150, 190, 220),
    (30, 30, 34),
    (60, 70, 110),
    (180, 60, 60),
    (120, 150, 120),
    (220, 190, 160),
    (110, 110, 115),
)
DARK_LENSES = ((10, 10, 12), (25, 20, 15), (35, 35, 40))
TINTED_LENSES = ((60, 45, 30), (40, 60, 90), (90, 60, 60), (60, 80, 60))
HAIRS = ((15, 12, 10), (50, 35, 25), (110, 80, 50), (160, 140, 110))


def plain_mask(image: Image, mesh: NDArray[np.float32], chance: np.random.Generator) -> Image:
    """Put on a mask of one colour, with or without pleats."""
    return _masked(image, mesh, chance, OVER_NOSE, _cloth(image.shape, chance))


def patterned_mask(image: Image, mesh: NDArray[np.float32], chance: np.random.Generator) -> Image:
    """Put on a mask with stripes, checks or dots."""
    return _masked(image, mesh, chance, OVER_NOSE, _patterned(image.shape, _eyes_apart(mesh), chance))


def mask_below_nose(image: Image, mesh: NDArray[np.float32], chance: np.random.Generator) -> Image:
    """Put a mask on that leaves the nose free."""
    return _masked(image, mesh, chance, UNDER_NOSE, _cloth(image.shape, chance))


def dark_sunglasses(image: Image, mesh: NDArray[np.float32], chance: np.random.Generator) -> Image:
    """Put on nearly black lenses, some with a reflection."""
    return _sunglasses(image, mesh, chance, DARK_LENSES, opacity=chance.uniform(0.9, 1))


def tinted_sunglasses(image: Image, mesh: NDArray[np.float32], chance: np.random.Generator) -> Image:
    """Put on coloured lenses that let a little of the eyes through."""
    return _sunglasses(image, mesh, chance, TINTED_LENSES, opacity=chance.uniform(0.75, 0.9))


def hand_over_mouth(image: Image, mesh: NDArray[np.float32], chance: np.random.Generator) -> Image:
    """Lay three or four fingers, in the colour of the cheeks, across the mouth."""
    apart, (left, right) = _eyes_apart(mesh), mesh[list(MOUTH_CORNERS), :2]
    along = (right - left) / np.linalg.norm(right - left)
    down = np.array([-along[1], along[0]])
    cheek = np.median([image[_pixel(image, mesh[point])] for point in CHEEKS], axis=0)
    cloth = np.full(image.shape, cheek * chance.uniform(0.75, 1.15), float)
    shape = np.zeros(image.shape[:2], np.uint8)
    width = apart * chance.uniform(0.24, 0.32)
    count = int(chance.integers(3, 5))
    for finger in range(count):
        middle = (left + right) / 2 + down * width * (finger - (count - 1) / 2)
        ends = [middle + along * apart * reach for reach in (chance.uniform(-1.4, -1.0), chance.uniform(0.5, 0.8))]
        a, b = (tuple(np.rint(end).astype(int).tolist()) for end in ends)
        cv2.line(shape, a, b, 255, max(1, round(width)), cv2.LINE_AA)
        side = down * width / 2
        c, d = (tuple(np.rint(end + side).astype(int).tolist()) for end in ends)
        cv2.line(cloth, c, d, (cheek * 0.55).tolist(), max(1, round(apart * 0.03)), cv2.LINE_AA)
    return _laid_on(image, shape, cloth, apart, chance)


def hair_over_eye(image: Image, mesh: NDArray[np.float32], chance: np.random.Generator) -> Image:
    """Let strands fall from the forehead over one eye, to the cheek."""
    apart, side = _eyes_apart(mesh), int(chance.integers(2))
    start, eye, end = mesh[FOREHEAD[side], :2], mesh[list(EYES[side]), :2].mean(axis=0), mesh[CHEEKS[side], :2]
    cloth, shape = np.zeros(image.shape, float), np.zeros(image.shape[:2], np.uint8)
    colour = np.array(HAIRS[int(chance.integers(len(HAIRS)))], float)
    for _ in range(60):
        aside = chance.normal(0, apart * 0.14, 2)
        curve = np.rint([start + aside * 1.5, eye + aside, end + aside * 1.2]).astype(np.int32)
        thickness = max(1, round(apart * 0.03))
        cv2.polylines(shape, [curve], isClosed=False, color=255, thickness=thickness)
        cv2.polylines(cloth, [curve], False, (colour * chance.uniform(0.6, 1.5)).tolist(), thickness)
    return _laid_on(image, shape, cloth, apart, chance)


HIDING_MOUTH: tuple[Draw, ...] = (plain_mask, patterned_mask, mask_below_nose, hand_over_mouth)
HIDING_EYES: tuple[Draw, ...] = (dark_sunglasses, tinted_sunglasses, hair_over_eye)


def _masked(
    image: Image,
    mesh: NDArray[np.float32],
    chance: np.random.Generator,
    upper_edge: tuple[int, ...],
    cloth: NDArray[np.float64],
) -> Image:
    shape = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(shape, [np.rint(mesh[[*upper_edge, *JAW], :2]).astype(np.int32)], 255)
    return _laid_on(image, shape, cloth, _eyes_apart(mesh), chance)


def _sunglasses(
    image: Image,
    mesh: NDArray[np.float32],
    chance: np.random.Generator,
    colours: tuple[tuple[int, ...], ...],
    opacity: float,
) -> Image:
    apart, lean = _eyes_apart(mesh), mesh[EYES[1][0], :2] - mesh[EYES[0][0], :2]
    angle = float(np.degrees(np.arctan2(lean[1], lean[0])))
    shape = np.zeros(image.shape[:2], np.uint8)
    axes = [round(apart * chance.uniform(*span)) for span in ((0.36, 0.46), (0.26, 0.36))]
    centres = [
        np.rint(mesh[list(eye), :2].mean(axis=0) + np.array([0, apart * 0.05])).astype(int).tolist() for eye in EYES
    ]
    for centre in centres:
        cv2.ellipse(shape, centre, axes, angle, 0, 360, 255, -1, cv2.LINE_AA)
    cv2.line(shape, *centres, 255, max(1, round(apart * 0.06)), cv2.LINE_AA)
    cloth = np.full(image.shape, colours[int(chance.integers(len(colours)))], float)
    if chance.random() < 0.5:  # a window's reflection
        bright = np.rint(np.array(centres[0]) - apart * 0.1).astype(int).tolist()
        cv2.circle(cloth, bright, max(1, round(apart * 0.08)), (190, 200, 210), -1, cv2.LINE_AA)
    return _laid_on(image, shape, cloth, apart, chance, opacity)


def _cloth(shape: tuple[int, ...], chance: np.random.Generator) -> NDArray[np.float64]:
    cloth = np.full(shape, CLOTHS[int(chance.integers(len(CLOTHS)))], float)
    if chance.random() < 0.5:
        pleats = 1 + 0.12 * np.sin(np.arange(shape[0]) * chance.uniform(0.3, 0.9))
        cloth *= pleats[:, np.newaxis, np.newaxis]
    return cloth


def _patterned(shape: tuple[int, ...], apart: float, chance: np.random.Generator) -> NDArray[np.float64]:
    rows, columns = np.mgrid[: shape[0], : shape[1]] * (2 * np.pi / (apart * chance.uniform(0.15, 0.5)))
    waves = (np.sin(rows + columns), np.sin(rows) * np.sin(columns), np.minimum(np.sin(rows), np.sin(columns)))
    chosen = waves[int(chance.integers(len(waves)))] > chance.uniform(-0.2, 0.5)
    one, other = chance.choice(len(CLOTHS), 2, replace=False)
    return np.where(chosen[..., np.newaxis], np.array(CLOTHS[one], float), np.array(CLOTHS[other], float))


def _laid_on(
    image: Image,
    shape: NDArray[np.uint8],
    cloth: NDArray[np.float64],
    apart: float,
    chance: np.random.Generator,
    opacity: float = 1.0,
) -> Image:
    """Blend something into the picture, lit as the picture is, as sharp as the picture is at best."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(float)
    light = cv2.GaussianBlur(grey, (0, 0), apart)
    light /= light[shape > 0].mean() if shape.any() else 1
    lit = cloth * np.clip(light, 0.4, 1.6)[..., np.newaxis] + chance.normal(0, 3, image.shape[:2])[..., np.newaxis]
    if (image[..., 0] == image[..., 2]).all():
        lit[:] = (lit @ (0.299, 0.587, 0.114))[..., np.newaxis]
    softness = max(0.6, apart * 0.02)
    alpha = cv2.GaussianBlur(shape.astype(float) / 255, (0, 0), softness)[..., np.newaxis] * opacity
    return np.clip(image * (1 - alpha) + cv2.GaussianBlur(lit, (0, 0), softness) * alpha, 0, 255).astype(np.uint8)


def _eyes_apart(mesh: NDArray[np.float32]) -> float:
    right, left = (mesh[list(eye), :2].mean(axis=0) for eye in EYES)
    return float(np.linalg.norm(left - right))


def _pixel(image: Image, point: NDArray[np.float32]) -> tuple[int, int]:
    height, width = image.shape[:2]
    return int(np.clip(point[1], 0, height - 1)), int(np.clip(point[0], 0, width - 1))
