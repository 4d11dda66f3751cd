"""Selfies that went wrong, each in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from matplotlib.tri import Triangulation
from PIL import Image, ImageDraw, ImageFilter

from cari_face import find_faces
from specimens import specimen
from specimens.bending import bent
from specimens.people import OVAL, SELFIE_PX, bearer, stranger

if TYPE_CHECKING:
    from numpy.typing import NDArray

WALL = (214, 208, 202)
LENS, FRAME = (16, 15, 18), (40, 34, 34)
PAPER = (244, 244, 242)
MASK, FOLD, STRAP = (235, 238, 240), (206, 211, 216), (225, 230, 232)
EYE_CORNERS = ((33, 133), (362, 263))
MASKED = (132, 187, 205, 2, 425, 411, 361, 397, 379, 400, 152, 176, 150, 172, 132)
ASIDE_UP = (52, 18)  # degrees
NOSE_TIP = 1
HAIRLINE = [21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251]
HAIR = 0.1  # of the way from the nose to the hairline, further on


def nobody() -> Image.Image:
    """Photograph a wall."""
    rows, columns = np.mgrid[: SELFIE_PX[1], : SELFIE_PX[0]]
    shade = 1 - 0.25 * np.hypot(columns / SELFIE_PX[0] - 0.3, rows / SELFIE_PX[1] - 0.2)
    wall = Image.fromarray((np.array(WALL) * shade[..., None]).astype(np.uint8))
    ImageDraw.Draw(wall).rectangle((290, 120, 420, 310), fill=(120, 96, 74), outline=(84, 62, 46), width=10)
    return wall


def two_people() -> Image.Image:
    """Photograph the bearer beside the stranger."""
    both = Image.new("RGB", (2 * 360, SELFIE_PX[1]))
    both.paste(bearer().crop((60, 0, 420, SELFIE_PX[1])), (0, 0))
    both.paste(stranger().crop((60, 0, 420, SELFIE_PX[1])), (360, 0))
    return both


def bystander() -> Image.Image:
    """Have somebody stand behind."""
    selfie = bearer()
    behind = stranger().crop((80, 40, 400, 440)).resize((128, 160), Image.Resampling.LANCZOS)
    selfie.paste(behind, (selfie.width - behind.width, 40))
    return selfie


def cut() -> Image.Image:
    """Let the picture end in the middle of a cheek."""
    middle = _mesh(bearer())[1]
    return bearer().crop((0, 0, round(middle[0] + 0.62 * _eye_distance(bearer())), SELFIE_PX[1]))


def far_away() -> Image.Image:
    """Hold the camera too far away."""
    return specimen.astronaut().resize((320, 320), Image.Resampling.LANCZOS)


def blurred() -> Image.Image:
    """Move."""
    return bearer().filter(ImageFilter.GaussianBlur(7))


def dark() -> Image.Image:
    """Sit in the dark."""
    return bearer().point([round(255 * 0.5 * (level / 255) ** 5) for level in range(256)] * 3)


def bright() -> Image.Image:
    """Look into a lamp."""
    return bearer().point([min(255, round(165 + level * 0.62)) for level in range(256)] * 3)


def pale() -> Image.Image:
    """Take it through a misted lens."""
    return bearer().point([round(132 + 0.17 * level) for level in range(256)] * 3)


def with_sunglasses(picture: Image.Image, size: float = 1.0) -> Image.Image:
    """Put dark glasses on the largest face; of a size below 1 they hide less of it."""
    mesh, unit = _mesh(picture), size * _eye_distance(picture)
    worn = picture.copy()
    draw = ImageDraw.Draw(worn)
    middles = [mesh[list(corners)].mean(axis=0) for corners in EYE_CORNERS]
    for middle, temple in zip(middles, (mesh[127], mesh[356]), strict=True):
        draw.line([tuple(middle), tuple(temple)], fill=FRAME, width=round(unit * 0.09))
    draw.line([tuple(middle - [0, unit * 0.06]) for middle in middles], fill=FRAME, width=round(unit * 0.1))
    for x, y in middles:
        lens = (x - unit * 0.42, y - unit * 0.3, x + unit * 0.42, y + unit * 0.36)
        draw.rounded_rectangle(lens, unit * 0.22, fill=LENS, outline=FRAME, width=max(2, round(unit * 0.04)))
    return worn


def with_mask(picture: Image.Image) -> Image.Image:
    """Put a mask over the mouth of the largest face."""
    mesh, unit = _mesh(picture), _eye_distance(picture)
    worn = picture.copy()
    draw = ImageDraw.Draw(worn)
    for ear, cheek in ((127, 187), (356, 411), (177, 172), (401, 397)):
        draw.line([tuple(mesh[ear]), tuple(mesh[cheek])], fill=STRAP, width=max(2, round(unit * 0.05)))
    draw.polygon([tuple(mesh[index]) for index in MASKED], fill=MASK)
    for left, right in ((207, 427), (214, 434), (210, 430)):
        draw.line([tuple(mesh[left]), tuple(mesh[right])], fill=FOLD, width=max(1, round(unit * 0.03)))
    return worn


def with_label(picture: Image.Image) -> Image.Image:
    """Stick a paper label over the mouth of the largest face."""
    (x, y), unit = _mesh(picture)[[13, 14]].mean(axis=0), _eye_distance(picture)
    stuck = picture.copy()
    label = (x - 0.68 * unit, y - 0.24 * unit, x + 0.68 * unit, y + 0.17 * unit)
    ImageDraw.Draw(stuck).rectangle(label, fill=PAPER)
    return stuck


def turned() -> Image.Image:
    """Look aside and up: the face's mesh, turned in space and painted anew, nearest last."""
    picture = bearer()
    face = find_faces(np.asarray(picture))[0].mesh.astype(np.float64)
    axis = face[[234, 454]].mean(axis=0)
    space = (face - axis) @ _turn(*ASIDE_UP)
    to = space[:, :2] + axis[:2]
    still = [(x, y * SELFIE_PX[1]) for x in range(0, SELFIE_PX[0], 40) for y in (0.7, 0.85)]
    hair = face[HAIRLINE] + HAIR * (face[HAIRLINE] - face[NOSE_TIP]) * [1, 1, 0]
    hair_to = ((hair - axis) @ _turn(ASIDE_UP[0], 0) + axis)[:, :2]
    before = np.vstack([face[list(OVAL), :2], hair[:, :2], still])
    after = np.vstack([to[list(OVAL)], hair_to, still])
    behind = bent(picture, before, after)
    return _painted(np.asarray(picture), np.asarray(behind).copy(), face[:, :2], to, space[:, 2])


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


def from_a_screen() -> Image.Image:
    """Photograph the bearer's selfie on a screen: its stripes of pixels beat with the sensor's."""
    rows, columns = np.mgrid[: SELFIE_PX[1], : SELFIE_PX[0]]
    light = np.asarray(bearer()).astype(np.float64) / 255
    stripes = [0.82 + 0.18 * np.cos(2 * np.pi * (columns * 0.37 + rows * 0.021) + turn) for turn in (0, 2.1, 4.2)]
    lines = 0.9 + 0.1 * np.cos(2 * np.pi * (rows * 0.31 - columns * 0.013))
    seen = (0.06 + 0.94 * light) * np.stack(stripes, axis=-1) * lines[..., None]
    return Image.fromarray((255 * np.clip(seen, 0, 1)).astype(np.uint8))


def _mesh(picture: Image.Image) -> NDArray[np.float64]:
    return np.asarray(find_faces(np.asarray(picture.convert("RGB")))[0].mesh[:, :2], np.float64)


def _eye_distance(picture: Image.Image) -> float:
    mesh = _mesh(picture)
    left, right = (mesh[list(corners)].mean(axis=0) for corners in EYE_CORNERS)
    return float(np.hypot(*(right - left)))
