"""Every face of a picture, with all that is known of it; largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cari_face.attributes import read_eyes, read_glasses, read_lips
from cari_face.face import Box, Face
from cari_face.facemesh import fit_mesh, refit_mesh
from cari_face.landmarks import eye_centres, read_landmarks
from cari_face.occlusion import read_occlusion
from cari_face.pose import read_pose
from cari_face.quality import read_quality
from cari_face.search import halvings, show_same_face, sightings
from cari_face.view import cut_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from cari_face.facemesh import Mesh
    from cari_face.search import Corners, Sighting
    from cari_imaging import Image

    Confirming = Callable[[Image, Sighting], Mesh | None]

SURE = 0.82  # the detector's score for 98 % of upright faces (LFW); upside down the same faces get 0.15 less
# The mesh has a belief of its own that it lies on a face. Where the detector is sure it only has to be likelier than
# not; elsewhere it must be as sure as on 99.8 % of faces, and fitted anew to where it found the face itself it must
# stay there: on faces the eyes move by less than this share of their distance, print and ornaments drift or fade.
MIN_PRESENCE = 0.5
MIN_PRESENCE_UNSURE, MIN_PRESENCE_ANEW = 0.9, 0.97
MAX_DRIFT = 0.12
# Around pale and small portraits the detector's boxes are too tight for the mesh: such sightings get a second try.
HOPEFUL, WIDER = 0.7, 1.3
# The sides, in pixels, that the picture is searched at, with every turn. At the first a face may be larger than
# BlazeFace's own 128 pixels, hence the smaller ones, where it shows none for sure; only what these show in no turn is
# worth the finer ones. A face must be a tenth of 128 pixels to be seen at all: 1/80 of the last side.
QUARTER_TURNS = (0, 1, 3, 2)  # anticlockwise; upside down is the rarest
COARSE, FINE, FINEST = (FIRST := 224, 128, 96), (512,), (1024,)
WELL_SEEN = 25  # pixels at the largest of the sides: a face of fewer that is unsure is looked for at finer ones
MAX_ENLARGED = 4  # times: a smaller picture has nothing to show at the finer sides
# Where the first sides show nothing, printed portraits are looked for, upright, among fair sightings: of 33 that the
# mesh denied, on 450 specimens photographed by phone, 21 were found so, and not one face more on 169 without one.
PRINTED, FAIR = (FIRST, 320, 512), 0.6
MAX_FACES = 30  # of one picture; each is compared in up to 0.15 s, and no selfie or document shows so many
MAX_TRIES = 24  # sightings that the mesh is asked about where the detector is unsure: noise has hundreds


def find_faces(image: Image, *, thorough: bool = False) -> list[Face]:
    """Find every face, turning the picture where it shows none surely upright. RGB, H×W×3 uint8.

    Beside one that is easily found, faces narrower than a twentieth of the picture are missed, such as a document's
    ghost image, unless the search is to be `thorough`; it then takes four times as long.
    """
    sizes = halvings(image, FIRST)
    faces, turns = _search(image, sizes)
    if not (faces and thorough):
        return faces
    seen = [sighting for side in COARSE + FINE for sighting in sightings(sizes, side, turns)]
    return _confirmed(image, seen, _confirming_mesh) or faces


def _search(image: Image, sizes: list[Image]) -> tuple[list[Face], int]:
    """Find the faces of the turn that shows one most surely; and say which turn that is."""
    best: tuple[list[Face], int] = [], 0
    for sides in (COARSE, FINE, FINEST):
        if sides is not COARSE and sides[0] > MAX_ENLARGED * max(image.shape[:2]):
            break
        for turns in QUARTER_TURNS:
            best = max(best, (_faces(image, sizes, sides, turns), turns), key=lambda found: _sureness(found[0]))
            if _sureness(best[0]) >= SURE:
                break
        if sides is COARSE and not best[0]:
            best = _faces(image, sizes, PRINTED, 0, _confirming_calmed), 0
        if best[0]:
            best = max(_upright(image, sizes, sides, best), best, key=lambda found: _sureness(found[0]))
            if _sureness(best[0]) >= SURE or _surest(best[0]).box.width * sides[0] >= WELL_SEEN * max(image.shape[:2]):
                break
    return best


def _upright(
    image: Image, sizes: list[Image], sides: tuple[int, ...], found: tuple[list[Face], int]
) -> tuple[list[Face], int]:
    """Search the turn that the surest face is upright in, where another one showed it leaning: it is seen better."""
    faces, turns = found
    upright = round(_surest(faces).pose.roll / 90) % 4
    return found if upright == turns else (_faces(image, sizes, sides, upright), upright)


def _sureness(faces: list[Face]) -> float:
    """How sure it is that there is a face at all: detector and mesh must both be."""
    return _surest(faces).confidence * _surest(faces).presence if faces else 0.0


def _surest(faces: list[Face]) -> Face:
    return max(faces, key=lambda face: face.confidence * face.presence)


def _faces(
    image: Image, sizes: list[Image], sides: tuple[int, ...], turns: int, confirm: Confirming | None = None
) -> list[Face]:
    """Search one size after the other, until one shows a face for sure."""
    seen: list[Sighting] = []
    faces: list[Face] = []
    for side in sides:
        seen += sightings(sizes, side, turns)
        faces = _confirmed(image, seen, confirm or _confirming_mesh)
        if _sureness(faces) >= SURE:
            break
    return faces


def _confirmed(image: Image, seen: list[Sighting], confirm: Confirming) -> list[Face]:
    """Take the best sighting of each face that the mesh confirms: the very best may show half a face."""
    taken: list[tuple[Sighting, Face]] = []
    for tries, sighting in enumerate(sorted(seen, key=lambda sighting: sighting.score, reverse=True)):
        if len(taken) == MAX_FACES or (sighting.score < SURE and tries >= MAX_TRIES):
            break
        if any(show_same_face(sighting, better) for better, _ in taken):
            continue
        if face := _face(image, sighting, confirm(image, sighting)):
            taken.append((sighting, face))
    return sorted((face for _, face in taken), key=lambda face: face.box.area, reverse=True)


def _face(image: Image, sighting: Sighting, mesh: Mesh | None) -> Face | None:
    box = _inside(image, sighting.box)
    if mesh is None or not box.area:
        return None
    view, pose, eyes = cut_view(image, mesh.points), read_pose(mesh.points), read_eyes(mesh.points)
    glasses = read_glasses(view)
    occlusion = read_occlusion(view, glasses)
    return Face(
        box=box,
        confidence=sighting.score,
        landmarks=read_landmarks(mesh.points),
        pose=pose,
        quality=read_quality(view, pose, eyes, occlusion, score=sighting.score, presence=mesh.presence),
        lips=read_lips(mesh.points),
        glasses=glasses,
        eyes=eyes,
        occlusion=occlusion,
        presence=mesh.presence,
        mesh=mesh.points,
    )


def _confirming_mesh(image: Image, sighting: Sighting) -> Mesh | None:
    """Fit the mesh, None where it sees no face; the less sure the detector is, the more the mesh must agree."""
    mesh = fit_mesh(image, sighting.box, sighting.eyes)
    if sighting.score >= SURE and mesh.presence >= MIN_PRESENCE:
        return mesh
    if sighting.score < HOPEFUL:
        return _steady(image, mesh)
    wider = (sighting.box[:2] - sighting.box[2:]) * (WIDER - 1) / 2
    return _steady(image, mesh) or _steady(
        image, fit_mesh(image, sighting.box + np.concatenate([wider, -wider]), sighting.eyes)
    )


def _confirming_calmed(image: Image, sighting: Sighting) -> Mesh | None:
    """Fit the mesh to a fair sighting with the print's own traits taken out; None where it sees no face even so."""
    if sighting.score < FAIR:
        return None
    return _steady(image, fit_mesh(image, sighting.box, sighting.eyes, calmed=True), calmed=True)


def _steady(image: Image, mesh: Mesh, *, calmed: bool = False) -> Mesh | None:
    """Fit a mesh anew to where it found the face itself; None where it does not stay there."""
    if mesh.presence < MIN_PRESENCE_UNSURE:
        return None
    anew = refit_mesh(image, mesh, calmed=calmed)
    eyes, eyes_anew = eye_centres(mesh.points), eye_centres(anew.points)
    drift = np.linalg.norm(eyes_anew - eyes, axis=1).max() / np.linalg.norm(eyes_anew[1] - eyes_anew[0])
    return anew if anew.presence >= MIN_PRESENCE_ANEW and drift < MAX_DRIFT else None


def _inside(image: Image, corners: Corners) -> Box:
    height, width = image.shape[:2]
    left, top, right, bottom = np.clip(corners, 0, (width, height, width, height)).tolist()
    return Box(left, top, right - left, bottom - top)
