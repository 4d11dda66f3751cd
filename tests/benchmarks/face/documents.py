"""Pages of documents with a portrait and its ghost, flat or photographed where they lie; the places are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from specimens.document_page import ACCENT, DocumentPage
from specimens.specimen import (
    CARD_MM,
    CARD_TINTS,
    IDENTITY,
    PASSPORT_MM,
    PASSPORT_MRZ_MM,
    PASSPORT_TINTS,
    passport_lines,
)
from tests.benchmarks.face.printing import HEIGHT_TO_WIDTH
from tests.benchmarks.mrz import optics
from tests.benchmarks.mrz.pinhole import Camera, Pose
from tests.benchmarks.mrz.surroundings import background

if TYPE_CHECKING:
    from numpy.random import Generator

    from cari_imaging import Image

Corners: TypeAlias = NDArray[np.float32]  # 4×2, pixels of the picture
Millimetres: TypeAlias = tuple[float, float, float, float]  # left, top, width, height

PX_PER_MM = 10
PORTRAIT_TO_PAGE_WIDTH = (0.08, 0.25)  # widths
GHOST_TO_PORTRAIT_WIDTH = (0.35, 0.7)  # widths
GHOST_TRANSPARENCY = (0.35, 0.65)  # share of the page that shines through
PORTRAIT_TRANSPARENCY = (0.02, 0.15)
PAGE_TO_SCENE_WIDTH = (0.45, 0.9)  # widths
SCENE_PX = 1200  # the longer side
EXPIRES = date(2030, 1, 1)


@dataclass(frozen=True)
class DocumentPicture:
    """A picture of a page and where on it the portrait and its ghost are."""

    picture: Image
    portrait: Corners
    ghost: Corners


def page_with(portrait: Image, rng: Generator) -> DocumentPicture:
    """Lay out a passport's page or a card around a portrait, 35 by 45."""
    is_passport = rng.random() < 0.5
    size = PASSPORT_MM if is_passport else CARD_MM
    page = DocumentPage(size, PX_PER_MM)
    page.guilloche(PASSPORT_TINTS if is_passport else CARD_TINTS)
    page.rosette((size[0] * 0.8, size[1] * 0.45), size[1] * 0.2, ACCENT)
    page.text((6, 2.6), "UTOPIA", 4.0, ACCENT, face="Serif-Bold")
    width = size[0] * rng.uniform(*PORTRAIT_TO_PAGE_WIDTH)
    place = (size[0] * rng.uniform(0.04, 0.08), size[1] * rng.uniform(0.12, 0.2), width, width * HEIGHT_TO_WIDTH)
    ghost_width = width * rng.uniform(*GHOST_TO_PORTRAIT_WIDTH)
    from_right = rng.uniform(0.05, 0.12) * size[0]
    ghost = (
        size[0] - from_right - ghost_width,
        size[1] * rng.uniform(0.15, 0.35),
        ghost_width,
        ghost_width * HEIGHT_TO_WIDTH,
    )
    left = place[0] + width + 4
    for row, (label, value) in enumerate((("Surname", IDENTITY.surname), ("Given names", IDENTITY.given_names))):
        page.field((left, size[1] * (0.15 + 0.12 * row)), label, value.upper())
    if is_passport:
        page.panel((0, 68), (size[0], 20), (250, 249, 245), opacity=190)
        page.mrz(passport_lines(IDENTITY, EXPIRES), PASSPORT_MRZ_MM)
    _print(page, portrait, place, rng.uniform(*PORTRAIT_TRANSPARENCY))
    _print(page, portrait, ghost, rng.uniform(*GHOST_TRANSPARENCY))
    return DocumentPicture(np.asarray(page.image.convert("RGB")), _corners(place), _corners(ghost))


def in_a_scene(flat: DocumentPicture, rng: Generator, turned: float = 0.0) -> DocumentPicture:
    """Photograph a page that lies on a table, turned by so many degrees, not quite from above."""
    pose = Pose(*rng.uniform(-12, 12, 2), roll=turned + rng.uniform(-6, 6))
    height, width = flat.picture.shape[:2]
    roll = np.radians(pose.roll)
    cos, sin = abs(np.cos(roll)), abs(np.sin(roll))
    needed = np.array([width * cos + height * sin, width * sin + height * cos]) / rng.uniform(*PAGE_TO_SCENE_WIDTH)
    scale = SCENE_PX / needed.max()
    camera = Camera(pose, height / width, (round(needed[0] * scale), round(needed[1] * scale)), width * scale)
    scene = camera.photograph(flat.picture, background(camera.size, rng))
    lit = optics.light_gradient(scene, rng, rng.uniform(0, 0.6))
    seen = optics.noise(optics.defocus(lit, rng.uniform(0.4, 1.2)), rng, rng.uniform(2, 6))

    def projected(corners: Corners) -> Corners:
        return np.array(
            [camera.project(((x - width / 2) / width, (y - height / 2) / width)) for x, y in corners], np.float32
        )

    return DocumentPicture(optics.exposed(seen), projected(flat.portrait), projected(flat.ghost))


def _print(page: DocumentPage, portrait: Image, place: Millimetres, faded: float) -> None:
    """Print a portrait so that some of the page shines through."""
    left, top, width, height = (round(PX_PER_MM * each) for each in place)
    below = page.image.crop((left, top, left + width, top + height))
    ink = Pillow.fromarray(portrait).resize(below.size, Pillow.Resampling.LANCZOS)
    page.photograph(Pillow.blend(ink, below.convert("RGB"), faded), place[:2], place[2:])


def _corners(place: Millimetres) -> Corners:
    left, top, width, height = (PX_PER_MM * each for each in place)
    return np.array([[left, top], [left + width, top], [left + width, top + height], [left, top + height]], np.float32)
