"""What befalls a card's picture: each condition makes a photograph from a card and one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from tests.benchmarks.barcode.cards import DESK, HEIGHT, SYMBOL_WIDTH, WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Gray = NDArray[np.uint8]

PHOTOGRAPH = 1600  # pixels of its longer side, unless the condition is the size
FILLED = 0.8  # of a photograph's width, by the card
FOCAL = 1.4  # of the photograph's width, as phones have it


@dataclass(frozen=True)
class Condition:
    """A name, the numbers it is tried with, their unit, and how it makes the photograph."""

    name: str
    values: tuple[float, ...]
    unit: str
    photograph: Callable[[Gray, float], Gray]


def shot(card: Gray, *, width: int = PHOTOGRAPH, turn: float = 0, yaw: float = 0, pitch: float = 0) -> Gray:
    """Photograph a card on a desk: `width` pixels wide, the card turned and tilted by degrees."""
    height = round(width * 0.75)
    scale = FILLED * width / WIDTH
    if turn:
        scale = min(scale, 0.95 * height / np.hypot(WIDTH, HEIGHT) * 1.25)
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float64)
    plane = np.c_[(corners - (WIDTH / 2, HEIGHT / 2)) * scale, np.zeros(4)]
    a, b, c = np.radians([turn, yaw, pitch])
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(c), -np.sin(c)], [0, np.sin(c), np.cos(c)]])
    space = plane @ (about_x @ about_y @ about_z).T
    depth = FOCAL * width
    seen = space[:, :2] * (depth / (depth + space[:, 2:])) + (width / 2, height / 2)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    soft = cv2.GaussianBlur(card, (0, 0), 0.45 / scale) if scale < 1 else card
    return cv2.warpPerspective(soft, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=DESK).astype(np.uint8)


def _jpeg(gray: Gray, quality: float) -> Gray:
    _, file = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])
    return cv2.imdecode(file, cv2.IMREAD_GRAYSCALE).astype(np.uint8)


def _blurred(gray: Gray, sigma: float) -> Gray:
    return cv2.GaussianBlur(gray, (0, 0), sigma).astype(np.uint8) if sigma else gray


def _noisy(gray: Gray, deviation: float) -> Gray:
    noise = np.random.default_rng(7).normal(0, deviation, gray.shape)
    return np.clip(gray + noise, 0, 255).astype(np.uint8)


def _shaded(gray: Gray, darkest: float) -> Gray:
    ramp = np.linspace(1.0, darkest, gray.shape[1])[None, :]
    return (gray * ramp).astype(np.uint8)


def _cut(side: str) -> Callable[[Gray, float], Gray]:
    """Cover a share of the symbol from one side with the desk, as a picture's edge or a thumb does."""

    def photograph(card: Gray, share: float) -> Gray:
        cut = card.copy()
        left, rows = (
            (WIDTH - SYMBOL_WIDTH) // 2,
            np.nonzero((card[:, WIDTH // 2 - 400 : WIDTH // 2] < 60).any(axis=1))[0],
        )
        top, bottom = int(rows[0]), int(rows[rows < 740][-1])
        width, height = round(share * SYMBOL_WIDTH), round(share * (bottom - top))
        if side == "left":
            cut[:, : left + width] = DESK
        elif side == "right":
            cut[:, WIDTH - left - width :] = DESK
        elif side == "top":
            cut[: top + height] = DESK
        else:
            cut[bottom - height : bottom + 20] = DESK
        return shot(cut)

    return photograph


def _phone(card: Gray, seed: float) -> Gray:
    chance = np.random.default_rng(int(seed))
    turn, yaw, pitch = chance.uniform(-20, 20), chance.uniform(-18, 18), chance.uniform(-18, 18)
    photograph = shot(card, width=3024, turn=turn, yaw=yaw, pitch=pitch)
    photograph = _shaded(_blurred(photograph, chance.uniform(0.6, 2.0)), chance.uniform(0.5, 1.0))
    return _jpeg(_noisy(photograph, chance.uniform(1, 6)), chance.integers(60, 90))


CONDITIONS = (
    Condition("turned", tuple(range(0, 360, 15)), "°", lambda card, value: shot(card, turn=value)),
    Condition("seen from the side", (10, 20, 30, 40), "°", lambda card, value: shot(card, yaw=value)),
    Condition("seen from below", (10, 20, 30, 40), "°", lambda card, value: shot(card, pitch=value)),
    Condition("turned 30°, from the side", (10, 20, 30), "°", lambda card, value: shot(card, turn=30, yaw=value)),
    Condition("blurred", (0.5, 1, 1.5, 2, 2.5, 3), "px", lambda card, value: _blurred(shot(card), value)),
    Condition("JPEG quality", (80, 60, 40, 20, 10), "", lambda card, value: _jpeg(shot(card), value)),
    Condition(
        "JPEG 40, turned 10°, blurred 1 px, quality",
        (40,),
        "",
        lambda card, value: _jpeg(_blurred(shot(card, turn=10), 1), value),
    ),
    Condition("noisy", (5, 10, 20, 30), "grey levels", lambda card, value: _noisy(shot(card), value)),
    Condition("shaded to", (0.5, 0.25, 0.12), "", lambda card, value: _shaded(shot(card), value)),
    Condition(
        "wide",
        (300, 400, 500, 640, 800, 1000, 1600, 2400, 4000),
        "px",
        lambda card, value: shot(card, width=int(value)),
    ),
    Condition(
        "wide, turned 10°",
        (500, 640, 800, 1000, 1600, 2400, 4000),
        "px",
        lambda card, value: shot(card, width=int(value), turn=10),
    ),
    Condition("mirrored, turned", (0, 10, 90, 137), "°", lambda card, value: np.fliplr(shot(card, turn=value)).copy()),
    *(
        Condition(f"cut at its {side}", (0.05, 0.15, 0.3), "", _cut(side))
        for side in ("left", "right", "top", "bottom")
    ),
    Condition("phone, 9 megapixels, sample", tuple(range(1, 11)), "", _phone),
)
