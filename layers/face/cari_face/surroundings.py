"""What is printed around a face: a document's portrait stands among rows of letters, a face in a selfie does not.

Everything is measured in distances between the eyes, which on documents are about 10 mm apart, so that one measure
holds for every document and camera.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face.geometry import apply, halved, scale_of, square_view
from cari_face.landmarks import eye_centres
from cari_imaging.printed_rows import PX_PER_MM, find_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_imaging import Image

EYE_DISTANCE_MM = 10.0
VIEW_MM = (280, 210)  # width and height: a passport's page fits in wherever on it the portrait is


def count_printed_rows(image: Image, mesh: NDArray[np.float32]) -> int:
    """Count the rows of letters that run as a face's eyes do. RGB, H×W×3 uint8; the mesh is 468×3, in pixels."""
    return len(find_rows(_view(image, mesh)))


def _view(image: Image, mesh: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Cut out the face and what is around it, upright and grey; beyond the picture its edge is repeated."""
    eyes = eye_centres(mesh)
    x, y = eyes[1] - eyes[0]
    width, height = (round(PX_PER_MM * side) for side in VIEW_MM)
    side = float(np.hypot(x, y)) * VIEW_MM[0] / EYE_DISTANCE_MM
    move = square_view(eyes.mean(axis=0), side, float(np.arctan2(y, x)), width)
    move[1, 2] -= (width - height) / 2
    while scale_of(move) <= 1 / 2 and min(image.shape[:2]) > 1:
        image = halved(image)
        move[:, :2] *= 2
    picture = np.array([[0, 0], [image.shape[1], 0], [0, image.shape[0]], [image.shape[1], image.shape[0]]], float)
    low = np.clip(np.floor(apply(move, picture).min(axis=0)), 0, (width - 1, height - 1))
    high = np.clip(np.ceil(apply(move, picture).max(axis=0)), low + 1, (width, height))
    move[:, 2] -= low
    columns, rows = (high - low).astype(int).tolist()
    view = cv2.warpAffine(image, move, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(view, cv2.COLOR_RGB2GRAY), np.uint8)
