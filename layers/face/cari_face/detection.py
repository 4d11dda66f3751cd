"""Every face of a picture, with all that is known of it; largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cari_face.attributes import read_eyes, read_glasses, read_lips
from cari_face.face import Box, Face
from cari_face.facemesh import fit_mesh
from cari_face.landmarks import eye_centres, read_landmarks
from cari_face.occlusion import read_occlusion
from cari_face.pose import read_pose
from cari_face.quality import read_quality
from cari_face.search import LEVELS, QUARTER_TURNS, show_same_face, sightings
from cari_face.view import cut_view

if TYPE_CHECKING:
    from cari_face.facemesh import Mesh
    from cari_face.search import Corners, Sighting
    from cari_imaging import Image

SURE = 0.82  # the detector's score for 98 % of upright faces (LFW); upside down the same faces get 0.15 less
# The mesh has a belief of its own that it lies on a face. Where the detector is sure it only has to be likelier than
# not; elsewhere it must be as sure as on 99.8 % of faces, and put the eyes where the detector has them: 99 % of faces
# stay below the dispute allowed (in distances between the eyes), print and ornaments mostly do not.
MIN_PRESENCE = 0.5
MIN_PRESENCE_UNSURE = 0.9
MAX_EYE_DISPUTE_UNSURE = 0.2
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
    """Take the best sighting of each face that the mesh confirms: the very best may show half a face."""
    seen = [sighting for level in levels for sighting in sightings(image, level, turns)]
    taken: list[tuple[Sighting, Face]] = []
    for sighting in sorted(seen, key=lambda sighting: sighting.score, reverse=True):
        if any(show_same_face(sighting, better) for better, _ in taken):
            continue
        if face := _face(image, sighting):
            taken.append((sighting, face))
    return sorted((face for _, face in taken), key=lambda face: face.box.area, reverse=True)


def _face(image: Image, sighting: Sighting) -> Face | None:
    mesh = fit_mesh(image, sighting.box, sighting.eyes)
    box = _inside(image, sighting.box)
    if not _confirms(mesh, sighting) or not box.area:
        return None
    view, pose, eyes = cut_view(image, mesh.points), read_pose(mesh.points), read_eyes(mesh.points)
    glasses = read_glasses(view)
    occlusion = read_occlusion(glasses)
    return Face(
        box=box,
        confidence=sighting.score,
        landmarks=read_landmarks(mesh.points),
        pose=pose,
        quality=read_quality(view, pose, eyes, occlusion),
        lips=read_lips(mesh.points),
        glasses=glasses,
        eyes=eyes,
        occlusion=occlusion,
        presence=mesh.presence,
        mesh=mesh.points,
    )


def _confirms(mesh: Mesh, sighting: Sighting) -> bool:
    """Say whether the mesh, too, sees a face there; the less sure the detector is, the more the mesh must agree."""
    if sighting.score >= SURE:
        return mesh.presence >= MIN_PRESENCE
    eyes_apart = np.linalg.norm(sighting.eyes[1] - sighting.eyes[0])
    dispute = np.linalg.norm(eye_centres(mesh.points) - sighting.eyes, axis=1).max()
    return mesh.presence >= MIN_PRESENCE_UNSURE and bool(dispute < MAX_EYE_DISPUTE_UNSURE * eyes_apart)


def _inside(image: Image, corners: Corners) -> Box:
    height, width = image.shape[:2]
    left, top, right, bottom = np.clip(corners, 0, (width, height, width, height)).tolist()
    return Box(left, top, right - left, bottom - top)
