"""Turn a face in space: its mesh is turned and painted anew, nearest last, and what is behind it bent after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from matplotlib.tri import Triangulation
from PIL import Image

from cari_face import find_faces
from specimens.bending import bent
from specimens.people import OVAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOSE_TIP = 1
HAIRLINE = [21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251]
HAIR = 0.1  # of the way from the nose to the hairline, further on
NOWHERE = np.empty((0, 2))


def turned_face(picture: Image.Image, aside: float, up: float, *, still: NDArray[np.float64] = NOWHERE) -> Image.Image:
    """Turn the largest face, by degrees to the picture's right and up; points `still` (x, y in pixels) stay."""
    pixels = np.asarray(picture.convert("RGB"))
    face = find_faces(pixels)[0].mesh.astype(np.float64)
    axis = face[[234, 454]].mean(axis=0)
    space = (face - axis) @ _turn(aside, up)
    to = space[:, :2] + axis[:2]
    hair = face[HAIRLINE] + HAIR * (face[HAIRLINE] - face[NOSE_TIP]) * [1, 1, 0]
    hair_to = ((hair - axis) @ _turn(aside, 0) + axis)[:, :2]
    before = np.vstack([face[list(OVAL), :2], hair[:, :2], still])
    after = np.vstack([to[list(OVAL)], hair_to, still])
    behind = bent(picture, before, after)
    return _painted(pixels, np.asarray(behind).copy(), face[:, :2], to, space[:, 2])


def _turn(aside: float, up: float) -> NDArray[np.float64]:
    yaw, pitch = np.radians([aside, up])
    sideways = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    upwards = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    return np.asarray(sideways @ upwards)


def _painted(
    pixels: NDArray[np.uint8],
    canvas: NDArray[np.uint8],
    of: NDArray[np.float64],
    to: NDArray[np.float64],
    depth: NDArray[np.float64],
) -> Image.Image:
    triangles = Triangulation(of[:, 0], of[:, 1]).triangles
    for triangle in sorted(triangles, key=lambda corners: -depth[corners].mean()):
        source, target = of[triangle].astype(np.float32), to[triangle].astype(np.float32)
        if _turns(source) * _turns(target) <= 0:
            continue  # seen from behind
        left, top = np.floor(target.min(axis=0)).astype(int)
        right, bottom = np.ceil(target.max(axis=0)).astype(int) + 1
        local = target - [left, top]
        patch = cv2.warpAffine(
            pixels,
            cv2.getAffineTransform(source, local.astype(np.float32)),
            (int(right - left), int(bottom - top)),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        mask = np.zeros(patch.shape[:2], np.uint8)
        cv2.fillConvexPoly(mask, local.round().astype(np.int32), (1,))
        region = canvas[top:bottom, left:right]
        region[mask == 1] = patch[mask == 1]
    return Image.fromarray(canvas)


def _turns(corners: NDArray[np.float32]) -> float:
    (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[0]
    return float(ax * by - ay * bx)
