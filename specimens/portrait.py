"""Write the portrait on the bearer's documents, portrait.png beside this file: python -m specimens.portrait.

It is made another photograph than her selfie of the one picture at hand: she looks aside, smiles less and is lit from
the other side, before a grey wall. One photograph as selfie and as portrait is what a fraud sends.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from cari_face import find_faces
from specimens.people import Shape, bend
from specimens.specimen import astronaut
from specimens.turning import turned_face

HEAD_AND_SHOULDERS = (92, 0, 362, 350)  # of the source
PORTRAIT = (30, 2, 240, 272)  # of that; 35 by 45
ENLARGED = 4
LOOK = Shape(lips=0.75, mouth_width=0.85, brows_down=-0.05)
ASIDE_UP = (-16, 6)  # degrees
WALL = (206, 212, 218)
LIGHT_FROM_RIGHT = 0.18
HEAD_EYES, SHOULDERS_EYES = (1.55, 1.75), ((1.0, 1.0), (1.9, 2.3))  # distances of the eyes' outer corners from the face
EDGE_PX = 0.6
SEED, STEPS = 1, 8  # GrabCut's


def main() -> None:
    """Write the file."""
    source = astronaut().crop(HEAD_AND_SHOULDERS)
    large = source.resize((ENLARGED * source.width, ENLARGED * source.height), Image.Resampling.LANCZOS)
    looking = turned_face(bend(large, LOOK), *ASIDE_UP).resize(source.size, Image.Resampling.LANCZOS)
    _lit(_before_a_wall(looking)).crop(PORTRAIT).save(Path(__file__).with_name("portrait.png"), optimize=True)


def _before_a_wall(picture: Image.Image) -> Image.Image:
    """Cut the person out (GrabCut, Rother et al. 2004) and put a plain wall behind."""
    pixels = np.asarray(picture)
    height, width = pixels.shape[:2]
    mesh = find_faces(pixels)[0].mesh[:, :2]
    x, y = mesh.mean(axis=0)
    eyes = float(np.linalg.norm(mesh[33] - mesh[263]))
    person = np.full((height, width), cv2.GC_BGD, np.uint8)
    head = round(HEAD_EYES[0] * eyes), round(HEAD_EYES[1] * eyes)
    cv2.ellipse(person, (round(x), round(y - 0.1 * eyes)), head, 0, 0, 360, cv2.GC_PR_FGD, -1)
    (top_aside, top), (bottom_aside, bottom) = SHOULDERS_EYES
    person[round(y + top * eyes) :] = cv2.GC_PR_FGD
    places = (
        (-top_aside, top),
        (top_aside, top),
        (bottom_aside, bottom),
        (bottom_aside, 9),
        (-bottom_aside, 9),
        (-bottom_aside, bottom),
    )
    shoulders = np.array([(x + aside * eyes, y + down * eyes) for aside, down in places], np.int32)
    cv2.fillConvexPoly(person, shoulders, cv2.GC_FGD)
    cv2.fillConvexPoly(person, cv2.convexHull(mesh.astype(np.int32)), cv2.GC_FGD)
    cv2.setRNGSeed(SEED)
    bgr, models = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), (np.zeros((1, 65)), np.zeros((1, 65)))
    cv2.grabCut(bgr, person, (0, 0, width, height), *models, STEPS, cv2.GC_INIT_WITH_MASK)
    shown = ((person == cv2.GC_FGD) | (person == cv2.GC_PR_FGD)).astype(np.float32)
    share = cv2.GaussianBlur(shown, (0, 0), EDGE_PX)[..., None]
    return Image.fromarray((pixels * share + np.array(WALL) * (1 - share)).astype(np.uint8))


def _lit(picture: Image.Image) -> Image.Image:
    across = np.linspace(-1, 1, picture.width)[None, :, None]
    return Image.fromarray(
        np.clip(np.asarray(picture) * (1 + LIGHT_FROM_RIGHT * across) * 0.96, 0, 255).astype(np.uint8)
    )


if __name__ == "__main__":
    main()
