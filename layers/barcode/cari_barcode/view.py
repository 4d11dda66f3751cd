"""A part of a picture as the scanner needs it: upright and large enough, with the matrix that leads back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_barcode.locate import Candidate
    from cari_barcode.symbol import Symbol

_MARGIN_SHARE = 0.12  # of the rows' length, each side: the quiet zone, and what the locator missed


@dataclass(frozen=True)
class View:
    """A grey picture H×W uint8, and the 3×3 matrix from the upright picture's pixels to its own."""

    gray: NDArray[np.uint8]
    matrix: NDArray[np.float64]

    def symbol_in_picture(self, symbol: Symbol) -> Symbol:
        """Give a symbol of this view with its corners in pixels of the upright picture."""
        points = np.array([[*symbol.corners]], np.float64)
        back = cv2.perspectiveTransform(points, np.linalg.inv(self.matrix))[0]
        return replace(symbol, corners=tuple((float(x), float(y)) for x, y in back))


def whole(gray: NDArray[np.uint8], longest: int) -> View:
    """View the whole picture, scaled so that its longer side has `longest` pixels."""
    scale = longest / max(gray.shape)
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    resized = gray if scale == 1 else cv2.resize(gray, size, interpolation=_interpolation(scale))
    return View(resized.astype(np.uint8, copy=False), np.diag([size[0] / gray.shape[1], size[1] / gray.shape[0], 1.0]))


def straightened(gray: NDArray[np.uint8], candidate: Candidate, *, width: int, turn: float = 0.0) -> View:
    """View a candidate with its rows level, `width` pixels long, turned by `turn` degrees more than its own angle."""
    scale = width / candidate.size[0]
    margin = _MARGIN_SHARE * candidate.size[0]
    size = tuple(round(scale * (side + 2 * margin)) for side in candidate.size)
    radians = np.radians(candidate.angle + turn)
    cosine, sine = scale * np.cos(radians), scale * np.sin(radians)
    matrix = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    matrix[:2, 2] = np.array(size) / 2 - matrix[:2, :2] @ np.array(candidate.centre)
    warped = cv2.warpAffine(
        _shrunk_for(gray, scale), matrix[:2], size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return View(warped.astype(np.uint8, copy=False), matrix)


def squared(gray: NDArray[np.uint8], candidate: Candidate, *, width: int) -> View:
    """View a candidate without perspective, which `straightened` leaves, its rows `width` pixels long."""
    height = width * candidate.size[1] / candidate.size[0]
    margin = _MARGIN_SHARE * width
    left, top, right, bottom = margin, margin, margin + width, margin + height
    frame = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    matrix = cv2.getPerspectiveTransform(candidate.corners.astype(np.float32), frame)
    size = (round(width + 2 * margin), round(height + 2 * margin))
    warped = cv2.warpPerspective(
        _shrunk_for(gray, width / candidate.size[0]),
        matrix,
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return View(warped.astype(np.uint8, copy=False), matrix.astype(np.float64, copy=False))


def _shrunk_for(gray: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """Blur away detail finer than a view's pixels, which would become noise."""
    return cv2.GaussianBlur(gray, (0, 0), 0.4 / scale).astype(np.uint8, copy=False) if scale < 0.7 else gray  # noqa: PLR2004


def sharpened(view: View) -> View:
    """Undo some blur."""
    soft = cv2.GaussianBlur(view.gray, (0, 0), _BLUR_PX)
    return replace(view, gray=cv2.addWeighted(view.gray, 1 + _SHARPENING, soft, -_SHARPENING, 0).astype(np.uint8))


def evened(view: View) -> View:
    """Undo shadow and glare: the same contrast everywhere."""
    return replace(view, gray=cv2.createCLAHE(2.0, (4, 8)).apply(view.gray).astype(np.uint8))


_BLUR_PX = 2.0
_SHARPENING = 1.5


def _interpolation(scale: float) -> int:
    return cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
