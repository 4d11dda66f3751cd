"""Every face of a picture, with all that is known of it; largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cari_face.attributes import read_glasses, read_lips
from cari_face.face import Box, Face
from cari_face.facemesh import fit_mesh
from cari_face.landmarks import read_landmarks
from cari_face.pose import read_pose
from cari_face.quality import read_quality
from cari_face.search import LEVELS, QUARTER_TURNS, distinct, sightings

if TYPE_CHECKING:
    from cari_face.search import Corners, Sighting
    from cari_imaging import Image

MIN_PRESENCE = 0.5  # the mesh's own doubt: it throws out what the detector mistook for a face
SURE = 0.82  # the detector's score for 95 % of upright faces (LFW); upside down the same faces get 0.15 less
# A portrait on a page shows at the coarse levels; only what these show in no turn is worth the finest.
SEARCHES = [(levels, turns) for levels in (LEVELS[:2], LEVELS[2:]) for turns in QUARTER_TURNS]


def find_faces(image: Image) -> list[Face]:
    """Find every face, turning the picture where it shows none surely upright. RGB, H×W×3 uint8."""
    best: list[Face] = []
    for levels, turns in SEARCHES:
        best = max(best, _faces(image, levels, turns), key=_sureness)
        if _sureness(best) >= SURE:
            break
    return best


def _sureness(faces: list[Face]) -> float:
    return max((face.confidence for face in faces), default=0.0)


def _faces(image: Image, levels: tuple[int, ...], turns: int) -> list[Face]:
    seen = [sighting for level in levels for sighting in sightings(image, level, turns)]
    faces = [
        _face(image, sighting) for sighting in distinct(seen, score=lambda seen: seen.score, box=lambda seen: seen.box)
    ]
    return sorted((face for face in faces if face), key=lambda face: face.box.area, reverse=True)


def _face(image: Image, sighting: Sighting) -> Face | None:
    mesh = fit_mesh(image, sighting.box, sighting.eyes)
    box = _inside(image, sighting.box)
    if mesh.presence < MIN_PRESENCE or not box.area:
        return None
    return Face(
        box=box,
        confidence=sighting.score,
        landmarks=read_landmarks(mesh.points),
        pose=read_pose(mesh.points),
        quality=read_quality(image, mesh.points),
        lips=read_lips(mesh.points),
        glasses=read_glasses(image, mesh.points),
        mesh=mesh.points,
    )


def _inside(image: Image, corners: Corners) -> Box:
    height, width = image.shape[:2]
    left, top, right, bottom = np.clip(corners, 0, (width, height, width, height)).tolist()
    return Box(left, top, right - left, bottom - top)
