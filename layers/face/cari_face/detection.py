"""Find every face of a picture and measure it; largest first."""

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
from cari_face.search import detections, halvings, show_same_face
from cari_face.view import cut_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from cari_face.facemesh import Mesh
    from cari_face.search import Corners, Detection
    from cari_imaging import Image

    Confirm = Callable[[Image, Detection], Mesh | None]

CONFIDENT_SCORE = 0.82  # the detector's score for 98 % of upright faces (LFW); upside down the same faces get 0.15 less
# The mesh says how likely it lies on a face (presence, 0..1). Where the detector is confident, half is enough;
# elsewhere presence must be as high as on 99.8 % of faces, and a second fit, from where the first one found the face,
# must stay there: on faces the eyes move by less than this share of their distance, on print and ornaments by more.
MIN_PRESENCE = 0.5
MIN_PRESENCE_UNSURE, MIN_PRESENCE_REFITTED = 0.9, 0.97
MAX_EYE_DRIFT = 0.12
# Around pale and small portraits the detector's boxes are too tight for the mesh: such detections get a second try
# with a wider box.
SECOND_TRY_SCORE, SECOND_TRY_WIDENING = 0.7, 1.3  # detector's score; times the box
# The longer sides, in pixels, to which the picture is scaled for the search, in every turn. At the first a face may be
# larger than BlazeFace's own 128 pixels, hence the smaller ones. The finer ones follow only where no turn shows a face
# with confidence. A face must be a tenth of 128 pixels wide to be found at all: 1/80 of the last side.
QUARTER_TURNS = (0, 1, 3, 2)  # anticlockwise; upside down is the rarest
COARSE_SIDES_PX, FINE_SIDES_PX, FINEST_SIDES_PX = (FIRST_SIDE_PX := 224, 128, 96), (512,), (1024,)
WELL_SEEN_FACE_PX = 25  # at the largest of the sides; a narrower face without confidence is looked for at finer ones
MAX_ENLARGEMENT = 4  # times: a smaller picture has nothing to show at the finer sides
# Where the first sides show nothing, printed portraits are looked for, upright, among fair detections: of 33 that the
# mesh refused, on 450 specimens photographed by phone, 21 were found so, and not one face more on 169 without one.
PRINTED_PORTRAIT_SIDES_PX, FAIR_SCORE = (FIRST_SIDE_PX, 320, 512), 0.6
MAX_FACES = 30  # of one picture; each is compared in up to 0.15 s, and no selfie or document shows so many
MAX_MESH_TRIES = 24  # fits of the mesh to detections without confidence: noise has hundreds


def find_faces(image: Image, *, thorough: bool = False) -> list[Face]:
    """Find every face, turning the picture where no upright one is found with confidence. RGB, H×W×3 uint8.

    Beside one that is easily found, faces narrower than a twentieth of the picture are missed, such as a document's
    ghost image, unless the search is to be `thorough`; it then takes four times as long.
    """
    sizes = halvings(image, FIRST_SIDE_PX)
    faces, turns = _search(image, sizes)
    if not (faces and thorough):
        return faces
    seen = [detection for side in COARSE_SIDES_PX + FINE_SIDES_PX for detection in detections(sizes, side, turns)]
    return _confirmed(image, seen, _confirm) or faces


def _search(image: Image, sizes: list[Image]) -> tuple[list[Face], int]:
    """Find the faces of the turn that shows one with the most confidence; and give that turn, in quarter turns."""
    best: tuple[list[Face], int] = [], 0
    for sides in (COARSE_SIDES_PX, FINE_SIDES_PX, FINEST_SIDES_PX):
        if sides is not COARSE_SIDES_PX and sides[0] > MAX_ENLARGEMENT * max(image.shape[:2]):
            break
        for turns in QUARTER_TURNS:
            best = max(best, (_faces(image, sizes, sides, turns), turns), key=lambda found: _confidence(found[0]))
            if _confidence(best[0]) >= CONFIDENT_SCORE:
                break
        if sides is COARSE_SIDES_PX and not best[0]:
            best = _faces(image, sizes, PRINTED_PORTRAIT_SIDES_PX, 0, _confirm_cleaned), 0
        if best[0]:
            best = max(_upright(image, sizes, sides, best), best, key=lambda found: _confidence(found[0]))
            if _confidence(best[0]) >= CONFIDENT_SCORE or _most_confident(best[0]).box.width * sides[
                0
            ] >= WELL_SEEN_FACE_PX * max(image.shape[:2]):
                break
    return best


def _upright(
    image: Image, sizes: list[Image], sides: tuple[int, ...], found: tuple[list[Face], int]
) -> tuple[list[Face], int]:
    """Search the turn in which the most confident face is upright, if it leaned: it is measured better there."""
    faces, turns = found
    upright = round(_most_confident(faces).pose.roll / 90) % 4
    return found if upright == turns else (_faces(image, sizes, sides, upright), upright)


def _confidence(faces: list[Face]) -> float:
    """Say how likely there is a face at all, 0..1: the product of the detector's score and the mesh's presence."""
    return _most_confident(faces).confidence * _most_confident(faces).presence if faces else 0.0


def _most_confident(faces: list[Face]) -> Face:
    return max(faces, key=lambda face: face.confidence * face.presence)


def _faces(
    image: Image, sizes: list[Image], sides: tuple[int, ...], turns: int, confirm: Confirm | None = None
) -> list[Face]:
    """Search one size after the other, until one shows a face with confidence."""
    seen: list[Detection] = []
    faces: list[Face] = []
    for side in sides:
        seen += detections(sizes, side, turns)
        faces = _confirmed(image, seen, confirm or _confirm)
        if _confidence(faces) >= CONFIDENT_SCORE:
            break
    return faces


def _confirmed(image: Image, seen: list[Detection], confirm: Confirm) -> list[Face]:
    """Take the best detection of each face that the mesh confirms: the very best may show half a face."""
    taken: list[tuple[Detection, Face]] = []
    for tries, detection in enumerate(sorted(seen, key=lambda detection: detection.score, reverse=True)):
        if len(taken) == MAX_FACES or (detection.score < CONFIDENT_SCORE and tries >= MAX_MESH_TRIES):
            break
        if any(show_same_face(detection, better) for better, _ in taken):
            continue
        if face := _face(image, detection, confirm(image, detection)):
            taken.append((detection, face))
    return sorted((face for _, face in taken), key=lambda face: face.box.area, reverse=True)


def _face(image: Image, detection: Detection, mesh: Mesh | None) -> Face | None:
    box = _inside(image, detection.box)
    if mesh is None or not box.area:
        return None
    view, pose, eyes = cut_view(image, mesh.points), read_pose(mesh.points), read_eyes(mesh.points)
    glasses = read_glasses(view)
    occlusion = read_occlusion(view, glasses)
    return Face(
        box=box,
        confidence=detection.score,
        landmarks=read_landmarks(mesh.points),
        pose=pose,
        quality=read_quality(view, pose, eyes, occlusion, score=detection.score, presence=mesh.presence),
        lips=read_lips(mesh.points),
        glasses=glasses,
        eyes=eyes,
        occlusion=occlusion,
        presence=mesh.presence,
        mesh=mesh.points,
    )


def _confirm(image: Image, detection: Detection) -> Mesh | None:
    """Fit the mesh, None where it sees no face; the lower the detector's score, the higher presence must be."""
    mesh = fit_mesh(image, detection.box, detection.eyes)
    if detection.score >= CONFIDENT_SCORE and mesh.presence >= MIN_PRESENCE:
        return mesh
    if detection.score < SECOND_TRY_SCORE:
        return _steady_mesh(image, mesh)
    wider = (detection.box[:2] - detection.box[2:]) * (SECOND_TRY_WIDENING - 1) / 2
    return _steady_mesh(image, mesh) or _steady_mesh(
        image, fit_mesh(image, detection.box + np.concatenate([wider, -wider]), detection.eyes)
    )


def _confirm_cleaned(image: Image, detection: Detection) -> Mesh | None:
    """Fit the mesh to a fair detection of a portrait cleaned of print; None where it sees no face even so."""
    if detection.score < FAIR_SCORE:
        return None
    return _steady_mesh(image, fit_mesh(image, detection.box, detection.eyes, cleaned=True), cleaned=True)


def _steady_mesh(image: Image, mesh: Mesh, *, cleaned: bool = False) -> Mesh | None:
    """Fit a mesh again, from where it found the face; None where it does not stay there."""
    if mesh.presence < MIN_PRESENCE_UNSURE:
        return None
    refitted = refit_mesh(image, mesh, cleaned=cleaned)
    eyes, refitted_eyes = eye_centres(mesh.points), eye_centres(refitted.points)
    drift = np.linalg.norm(refitted_eyes - eyes, axis=1).max() / np.linalg.norm(refitted_eyes[1] - refitted_eyes[0])
    return refitted if refitted.presence >= MIN_PRESENCE_REFITTED and drift < MAX_EYE_DRIFT else None


def _inside(image: Image, corners: Corners) -> Box:
    height, width = image.shape[:2]
    left, top, right, bottom = np.clip(corners, 0, (width, height, width, height)).tolist()
    return Box(left, top, right - left, bottom - top)
