"""Pictures bent like rubber: some points go where they are told, the border stays, all between follows smoothly."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

Points: TypeAlias = "NDArray[np.float64]"

HELD = 9  # points held still along each side of the picture
GRID_PX = 4  # the map is worked out this coarsely, then enlarged
GIVE = 1e-3  # how much the points may miss their places for smoothness' sake


def bent(picture: Image.Image, before: Points, after: Points) -> Image.Image:
    """Bring the points `before` (x, y in pixels, a row each) to `after`, by a thin-plate spline."""
    frame = _frame(picture.width, picture.height)
    pixels = np.asarray(picture.convert("RGB"))
    return Image.fromarray(_remap(pixels, np.vstack([after, frame]), np.vstack([before, frame])))


def _frame(width: int, height: int) -> Points:
    along = np.linspace(0, 1, HELD)
    edges = [(x, y) for x in along for y in (0, 1)] + [(x, y) for y in along[1:-1] for x in (0, 1)]
    return np.array(edges) * [width - 1, height - 1]


def _remap(pixels: NDArray[np.uint8], to: Points, of: Points) -> NDArray[np.uint8]:
    """Bend by a thin-plate spline that takes the points `to` from the points `of`."""
    height, width = pixels.shape[:2]
    count = len(to)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = _plate(to, to) + GIVE * count * np.eye(count)
    system[:count, count], system[:count, count + 1 :] = 1, to
    system[count:, :count] = system[:count, count:].T
    weights = np.linalg.solve(system, np.vstack([of, np.zeros((3, 2))]))
    x, y = np.meshgrid(np.arange(0, width + GRID_PX, GRID_PX), np.arange(0, height + GRID_PX, GRID_PX))
    places = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float64)
    values = _plate(places, to) @ weights[:count] + weights[count] + places @ weights[count + 1 :]
    coarse = values.reshape(*x.shape, 2).astype(np.float32)
    fine_x, fine_y = np.meshgrid(
        np.arange(width, dtype=np.float32) / GRID_PX, np.arange(height, dtype=np.float32) / GRID_PX
    )
    fine = cv2.remap(coarse, fine_x, fine_y, cv2.INTER_LINEAR)
    bent = cv2.remap(pixels, fine[..., 0], fine[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(bent, np.uint8)


def _plate(places: Points, centers: Points) -> Points:
    squared = ((places[:, None] - centers[None]) ** 2).sum(axis=2)
    return np.asarray(squared * np.log(squared + 1e-9) / 2)
