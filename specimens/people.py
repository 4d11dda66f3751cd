"""Further people, made from the one portrait at hand: its geometry bent, its colours changed. None of them exists."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from PIL import Image

from cari_face import find_faces
from specimens import specimen
from specimens.bending import bent

if TYPE_CHECKING:
    from numpy.typing import NDArray

Points: TypeAlias = "NDArray[np.float64]"
Pixels: TypeAlias = "NDArray[np.uint8]"

# Points of the face mesh; left and right are the picture's.
EYES = ((33, 133, 159, 145), (362, 263, 386, 374))  # each: corners, upper lid, lower lid
BROWS = ((70, 63, 105, 66, 107, 46, 55), (300, 293, 334, 296, 336, 276, 285))
NOSE_BRIDGE = (168, 6, 197)
NOSE_WINGS = (48, 278, 98, 327)
NOSE_END = (1, 4, 2)
MOUTH = (61, 291, 0, 17, 37, 267, 84, 314, 13, 14)
JAW = (132, 58, 172, 136, 150, 149, 176, 148, 377, 400, 378, 379, 365, 397, 288, 361)
CHIN = (152, 175)
CHEEKS = (234, 454, 93, 323, 50, 280, 205, 425)
FOREHEAD = (10, 338, 297, 332, 284, 251, 389, 127, 162, 21, 54, 103, 67, 109, 9)
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
BEARD = (
    *(93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323),
    *(425, 391, 326, 2, 97, 165, 205),
)
HEAD, CHIN_AT, COLLAR_AT = 2.5, 1.2, 2.1  # eye distances around, and below, the point between the eyes
VIVID = 0.35  # the difference of a vivid colour's strongest and weakest part
STUBBLE = (0.36, 0.36, 0.42)  # what it leaves of red, green, blue


@dataclass(frozen=True)
class Shape:
    """How a face differs from the portrait's: factors of size, and shifts in eye distances, down and outwards."""

    eyes_apart: float = 1.0
    eye_size: float = 1.0
    eyes_down: float = 0.0
    brows_down: float = 0.0
    brows_slant: float = 0.0  # the outer ends down
    nose_width: float = 1.0
    nose_down: float = 0.0
    mouth_width: float = 1.0
    mouth_down: float = 0.0
    lips: float = 1.0
    jaw_width: float = 1.0
    chin_down: float = 0.0
    cheek_width: float = 1.0
    forehead_up: float = 0.0

    def share(self, part: float) -> Shape:
        """Go only a part of the way, 0..1."""
        still = astuple(Shape())
        return Shape(*(rest + part * (value - rest) for rest, value in zip(still, astuple(self), strict=True)))


@dataclass(frozen=True)
class Tone:
    """How the colours differ: gamma of skin and of hair (more than 1 darkens), turn of the clothes' hue in degrees."""

    skin: float = 1.0
    hair: float = 1.0
    clothes: float = 0.0
    beard: float = 0.0  # how dark a stubble is, 0..1

    def share(self, part: float) -> Tone:
        """Go only a part of the way, 0..1."""
        still = astuple(Tone())
        return Tone(*(rest + part * (value - rest) for rest, value in zip(still, astuple(self), strict=True)))


STRANGER = Shape(
    eyes_apart=0.88,
    eye_size=0.8,
    brows_down=0.18,
    brows_slant=-0.2,
    nose_width=1.45,
    nose_down=0.15,
    mouth_width=1.15,
    mouth_down=0.12,
    lips=0.65,
    jaw_width=1.3,
    chin_down=0.12,
    cheek_width=1.05,
    forehead_up=0.1,
)
STRANGERS_TONE = Tone(skin=1.4, hair=2.2, clothes=330, beard=0.6)
LOOKALIKE = 0.8  # of the way to the stranger, where no embedder can tell which of the two it is
OPPOSITE = -0.5  # away from the stranger
NEARER = (124, 0, 674, 688)  # of the sample selfie
SELFIE_PX = (480, 600)


def bearer() -> Image.Image:
    """Take the selfie of whom the specimen documents belong to, 480 by 600 pixels."""
    return specimen.sample_selfie().crop(NEARER).resize(SELFIE_PX, Image.Resampling.LANCZOS)


def somebody() -> Image.Image:
    """Take the selfie of a third person, whom the stranger is no more like than most people are."""
    return stranger(OPPOSITE)


def stranger(part: float = 1.0) -> Image.Image:
    """Take the selfie of somebody else; a part of the way there, of somebody who looks alike."""
    return tint(bend(bearer(), STRANGER.share(part)), STRANGERS_TONE.share(part))


def bend(picture: Image.Image, shape: Shape) -> Image.Image:
    """Bend the largest face of a picture into another shape; the picture's border stays where it is."""
    pixels = np.asarray(picture.convert("RGB"))
    mesh = find_faces(pixels)[0].mesh[:, :2].astype(np.float64)
    before, after = _moves(mesh, shape)
    return bent(picture, before, after)


def _moves(mesh: Points, shape: Shape) -> tuple[Points, Points]:
    """Say where the parts of the face are, and where they shall be, in pixels."""
    axes, origin = _axes(mesh)
    own = (mesh - origin) @ np.linalg.inv(axes)  # x to the right, y down, in eye distances from between the eyes
    new = own.copy()
    for side, (eye, brow) in enumerate(zip(EYES, BROWS, strict=True)):
        out = (-1, 1)[side]
        middle = own[list(eye)].mean(axis=0)
        shift = np.array([middle[0] * (shape.eyes_apart - 1), shape.eyes_down])
        for index in eye:
            new[index] = middle + shift + shape.eye_size * (own[index] - middle)
        for index in brow:
            slant = shape.brows_slant * (out * own[index, 0] - abs(middle[0]))
            new[index] = own[index] + [shift[0], shape.brows_down + shape.eyes_down + slant]
    _shift(new, NOSE_BRIDGE, own, down=shape.eyes_down / 2 + shape.nose_down / 3)
    _shift(new, NOSE_WINGS, own, width=shape.nose_width, down=shape.nose_down)
    _shift(new, NOSE_END, own, down=shape.nose_down)
    lips_y = own[[13, 14]].mean(axis=0)[1]
    for index in MOUTH:
        x, y = own[index]
        new[index] = [x * shape.mouth_width, lips_y + shape.mouth_down + shape.lips * (y - lips_y)]
    _shift(new, CHIN, own, down=shape.chin_down)
    chin_y, eyes_y = own[152, 1], 0.0
    for index in JAW:
        x, y = own[index]
        low = max(0.0, (y - eyes_y) / (chin_y - eyes_y))
        new[index] = [x * (1 + (shape.jaw_width - 1) * min(1.0, 1.4 * low)), y + shape.chin_down * low**2]
    _shift(new, CHEEKS, own, width=shape.cheek_width)
    _shift(new, FOREHEAD, own, width=(1 + shape.cheek_width) / 2, down=-shape.forehead_up)
    moved = [*EYES[0], *EYES[1], *BROWS[0], *BROWS[1], *NOSE_BRIDGE, *NOSE_WINGS, *NOSE_END, *MOUTH, *JAW, *CHIN]
    moved += [*CHEEKS, *FOREHEAD]
    return mesh[moved], new[moved] @ axes + origin


def _shift(new: Points, indices: tuple[int, ...], own: Points, *, width: float = 1.0, down: float = 0.0) -> None:
    for index in indices:
        new[index] = [own[index, 0] * width, own[index, 1] + down]


def _axes(mesh: Points) -> tuple[Points, Points]:
    """Give the face's own axes, as rows one eye distance long, and the point between the eyes."""
    left, right = (mesh[list(eye[:2])].mean(axis=0) for eye in EYES)
    across = right - left
    return np.array([across, [-across[1], across[0]]]), (left + right) / 2


def tint(picture: Image.Image, tone: Tone) -> Image.Image:
    """Colour the largest face of a picture, its hair and its clothes anew."""
    pixels = np.asarray(picture.convert("RGB"))
    mesh = find_faces(pixels)[0].mesh[:, :2].astype(np.float64)
    axes, origin = _axes(mesh)
    eye_distance = float(np.hypot(*axes[0]))
    y, x = np.mgrid[: picture.height, : picture.width].astype(np.float64)
    place = np.stack([x - origin[0], y - origin[1]], axis=-1) @ np.linalg.inv(axes)
    light = pixels.astype(np.float64) / 255
    face = _soft(_inside(mesh[list(OVAL)], pixels.shape), eye_distance / 8)
    coloured = _soft(np.clip((light[..., 0] - light[..., 2] - 0.08) * 8, 0, 1), eye_distance / 30)  # the wall is not
    head = _soft((np.hypot(place[..., 0], place[..., 1]) < HEAD).astype(np.float64), eye_distance / 8)
    neck = coloured * head * (place[..., 1] > CHIN_AT)
    hair = coloured * head * (place[..., 1] <= CHIN_AT) * (1 - face)
    skin = np.maximum(face, neck * (1 - face))
    stubble = face * _soft(_inside(mesh[list(BEARD)], pixels.shape), eye_distance / 6)
    stubble *= 1 - _soft(_inside(mesh[list(LIPS)], pixels.shape), eye_distance / 30)
    grain = _soft(np.random.default_rng(1).normal(1, 1, light.shape[:2]), 1.0)
    clothes = (place[..., 1] > COLLAR_AT) & (light.max(axis=-1) - light.min(axis=-1) > VIVID)
    light = _mix(light, light**tone.hair, hair)
    light = _mix(light, light**tone.skin, skin)
    light = _mix(light, light * STUBBLE, np.clip(stubble * tone.beard * grain, 0, 1))
    turned = _turned((light * 255).round().astype(np.uint8), tone.clothes)
    return Image.fromarray(np.where(clothes[..., None], turned, (light * 255).round()).astype(np.uint8))


def _inside(outline: Points, shape: tuple[int, ...]) -> Points:
    mask = np.zeros(shape[:2], np.float64)
    cv2.fillPoly(mask, [outline.round().astype(np.int32)], (1.0,))
    return mask


def _soft(mask: Points, radius: float) -> Points:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), radius))


def _mix(one: Points, other: Points, share: Points) -> Points:
    return one + (other - one) * share[..., None]


def _turned(pixels: Pixels, degrees: float) -> Pixels:
    """Turn every hue."""
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(int) + round(degrees / 2)) % 180
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)
