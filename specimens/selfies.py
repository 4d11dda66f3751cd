"""Selfies that went wrong, each in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from cari_face import find_faces
from specimens import specimen
from specimens.people import SELFIE_PX, bearer, stranger
from specimens.turning import turned_face

if TYPE_CHECKING:
    from numpy.typing import NDArray

WALL = (214, 208, 202)
LENS, FRAME = (16, 15, 18), (40, 34, 34)
PAPER = (244, 244, 242)
MASK, FOLD, STRAP = (235, 238, 240), (206, 211, 216), (225, 230, 232)
EYE_CORNERS = ((33, 133), (362, 263))
MASKED = (132, 187, 205, 2, 425, 411, 361, 397, 379, 400, 152, 176, 150, 172, 132)
ASIDE_UP = (52, 18)  # degrees


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


def with_sunglasses(picture: Image.Image) -> Image.Image:
    """Put dark glasses on the largest face."""
    mesh, unit = _mesh(picture), _eye_distance(picture)
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
    """Look aside and up."""
    picture = bearer()
    still = np.array([(x, y * SELFIE_PX[1]) for x in range(0, SELFIE_PX[0], 40) for y in (0.7, 0.85)])
    return turned_face(picture, *ASIDE_UP, still=still)


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
