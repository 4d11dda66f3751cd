"""A portrait as a document gives it back: printed, covered with ornaments, and photographed small.

This is a model, not a measurement of real documents. In this order, everything drawn from the generator given:

1. crop: 35 by 45, the face three fifths of the width, as ICAO 9303 asks for it; 450 pixels high (10 a millimetre)
2. tone: half of the portraits monochrome, the rest with a colour cast; gamma 0.7-1.5; black at 10-70 and
   paper at 195-245 of 255, which is all the range that ink and laser engraving have
3. raster: a halftone screen at 45° (cells of 3-5 pixels) or engraved lines, as a tenth to a third of the range;
   grainy ink with a deviation of 4-14
4. ornaments: guilloche of 10-24 waves at 10-40 % opacity; under half of them a hologram, two to four iridescent
   spots that add up to 70
5. camera: corners moved by up to 4 %, light falling off by up to 30 %, 130-320 pixels high, so that faces are 60-150
   pixels wide (from further away 60-150 high: faces of 28-70), blurred by 0.4-1.0 pixels, noise with a deviation
   of 2-6, JPEG of quality 40-80
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from cari_face import find_faces
from tests.benchmarks.mrz import optics
from tools.face_calibration.calibrate_pictures import central

if TYPE_CHECKING:
    from numpy.random import Generator

    from cari_face import Box
    from cari_imaging import Image

Scene: TypeAlias = NDArray[np.float32]

HEIGHT_TO_WIDTH = 45 / 35
PRINT_HEIGHT_PX = 450
FACE_TO_PORTRAIT_WIDTH = 0.6
EYES_FROM_TOP = 0.52  # the middle of a face's box
MONOCHROME_SHARE = 0.5  # share of portraits
PICTURE_HEIGHT_PX = (130, 320)
SMALL_HEIGHT_PX = (60, 150)  # the portrait of a whole page on a photograph of one or two megapixels
PAPER_AROUND = 0.2  # of the portrait's height, on each side
JPEG_QUALITY = (40, 80)


def as_document(image: Image, rng: Generator, height_px: tuple[int, int] = PICTURE_HEIGHT_PX) -> Image:
    """Print the face in the middle of a photograph and photograph the print, so many pixels high; RGB."""
    faces = find_faces(image)
    if not faces:
        return image
    return photographed(printed(portrait_of(image, central(image, faces).box), rng), rng, height_px)


def as_small_document(image: Image, rng: Generator) -> Image:
    """Do the same from further away."""
    return as_document(image, rng, SMALL_HEIGHT_PX)


def portrait_of(image: Image, face: Box) -> Image:
    """Crop a portrait around a face; what lies beyond the picture repeats its edge."""
    width = face.width / FACE_TO_PORTRAIT_WIDTH
    scale = PRINT_HEIGHT_PX / (width * HEIGHT_TO_WIDTH)
    middle = np.array([face.left + face.width / 2, face.top + face.height / 2])
    size = (round(PRINT_HEIGHT_PX / HEIGHT_TO_WIDTH), PRINT_HEIGHT_PX)
    offset = np.array([size[0] / 2, size[1] * EYES_FROM_TOP]) - scale * middle
    move = np.column_stack([np.eye(2) * scale, offset])
    return np.asarray(
        cv2.warpAffine(image, move, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def printed(portrait: Image, rng: Generator) -> Image:
    """Print a portrait, with all that documents lay over it."""
    ink = _raster(_tone(portrait.astype(np.float32) / 255, rng), rng)
    return optics.exposed(_hologram(_guilloche(ink, rng), rng))


def photographed(print_: Image, rng: Generator, height_px: tuple[int, int] = PICTURE_HEIGHT_PX) -> Image:
    """Photograph a print, small and in a hurry."""
    height = round(rng.uniform(*height_px))
    room = round(PAPER_AROUND * print_.shape[0])
    paper = rng.uniform(200, 240, 3).tolist()
    sheet = cv2.copyMakeBorder(print_, room, room, room, room, cv2.BORDER_CONSTANT, value=paper)
    tilted = _tilted(np.asarray(sheet, np.float32), rng)
    scale = height / print_.shape[0]
    scene = np.asarray(cv2.resize(tilted, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
    lit = optics.light_gradient(scene, rng, rng.uniform(0, 0.5))
    blurred = optics.defocus(lit, rng.uniform(0.4, 1.0))
    return _compressed(optics.exposed(optics.noise(blurred, rng, rng.uniform(2, 6))), rng)


def _tone(portrait: Scene, rng: Generator) -> Scene:
    if rng.random() < MONOCHROME_SHARE:
        portrait = np.repeat(portrait.mean(axis=2, keepdims=True), 3, axis=2)
        cast = np.ones(3)
    else:
        cast = rng.uniform(0.9, 1.1, 3)
    black, paper = rng.uniform(10, 70), rng.uniform(195, 245)
    return np.asarray((black + (paper - black) * portrait ** rng.uniform(0.7, 1.5)) * cast, np.float32)


def _raster(ink: Scene, rng: Generator) -> Scene:
    rows, columns = np.mgrid[: ink.shape[0], : ink.shape[1]].astype(np.float32)
    turns = 2 * np.pi / rng.uniform(3, 5)
    if rng.random() < MONOCHROME_SHARE:
        screen = np.cos((rows + columns) * turns / np.sqrt(2)) * np.cos((rows - columns) * turns / np.sqrt(2))
    else:
        screen = np.cos(rows * turns)
    strength = 255 * rng.uniform(0.1, 0.33) / 2
    grain = cv2.GaussianBlur(rng.standard_normal(ink.shape[:2]).astype(np.float32), (0, 0), 0.8)
    grain *= rng.uniform(4, 14) / grain.std()
    return np.asarray(ink + (strength * screen + grain)[..., None], np.float32)


def _guilloche(ink: Scene, rng: Generator) -> Scene:
    height, width = ink.shape[:2]
    lines = np.zeros((height, width), np.uint8)
    x = np.linspace(0, width, 200)
    swing, turns, phase = rng.uniform(0.03, 0.12) * height, rng.uniform(1, 4), rng.uniform(0, 2 * np.pi)
    for y in np.linspace(-0.1, 1.1, int(rng.integers(10, 25))) * height:
        wave = y + swing * np.sin(2 * np.pi * turns * x / width + phase + 3 * y / height)
        points = np.column_stack([x, wave]).astype(np.int32)
        cv2.polylines(lines, [points], isClosed=False, color=255, thickness=2, lineType=cv2.LINE_AA)
    cover = rng.uniform(0.1, 0.4) * lines[..., None].astype(np.float32) / 255
    return np.asarray(ink * (1 - cover) + rng.uniform(60, 200, 3) * cover, np.float32)


def _hologram(ink: Scene, rng: Generator) -> Scene:
    if rng.random() < MONOCHROME_SHARE:
        return ink
    rows, columns = np.mgrid[: ink.shape[0], : ink.shape[1]].astype(np.float32)
    shine = np.zeros_like(ink)
    for _ in range(int(rng.integers(2, 5))):
        y, x = rng.uniform(0, ink.shape[0]), rng.uniform(0, ink.shape[1])
        away = np.hypot(rows - y, columns - x) / (ink.shape[1] * rng.uniform(0.1, 0.25))
        colors = 0.5 + 0.5 * np.cos(6 * away[..., None] + np.array([0, 2.1, 4.2]))
        shine += np.exp(-(away**2))[..., None] * colors * rng.uniform(20, 70)
    return np.asarray(ink + np.minimum(shine, 70), np.float32)


def _tilted(sheet: Scene, rng: Generator) -> Scene:
    height, width = sheet.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + rng.uniform(-0.04, 0.04, (4, 2)).astype(np.float32) * (width, height)
    view = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return np.asarray(cv2.warpPerspective(sheet, view, (width, height), borderMode=cv2.BORDER_REPLICATE), np.float32)


def _compressed(picture: Image, rng: Generator) -> Image:
    quality = [cv2.IMWRITE_JPEG_QUALITY, round(rng.uniform(*JPEG_QUALITY))]
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), quality)
    return np.asarray(cv2.cvtColor(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)
