"""How many faces are found, where they are, and no others: on photographs, turned ones, and documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np

from cari_face import find_faces
from cari_face.portrait import choose
from tests.benchmarks.face.documents import in_a_scene, page_with
from tests.benchmarks.face.looking import opened, seeded
from tests.benchmarks.face.parallel import for_each
from tests.benchmarks.face.printing import portrait_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cari_face import Face
    from cari_imaging import Image
    from tests.benchmarks.face.documents import Corners

TURNS = (0, 90, 180, 270, 30, -30)  # degrees, clockwise
PICTURE_STEP = 12  # pictures, where they are turned or on a document; 24 where both
MAX_OFF_CENTRE_SHARE = (
    0.2  # of the picture's side: so near to its middle is the person whom these pictures are cut around
)
MAX_ROLL_ERROR_DEGREES = 25  # degrees; heads lean by themselves


@dataclass(frozen=True)
class Found:
    """Of so many pictures: the face found where it is; taken for the main one; the ghost found; faces where none is."""

    name: str
    pictures: int
    found: int
    main: int
    ghosts: int | None
    elsewhere: int | None  # unknown on photographs, which show bystanders


@dataclass(frozen=True)
class _Sight:
    found: bool
    main: bool
    ghost: bool = False
    elsewhere: int = 0


def find_on_photographs(paths: Sequence[Path], processes: int) -> list[Found]:
    """Look for the person in the middle of every photograph, and for some of them turned."""
    results = []
    for turned in TURNS:
        chosen = paths[:: PICTURE_STEP if turned else 1]
        name = f"photographs{f' turned by {turned}°' if turned else ''}"
        sights = for_each(chosen, partial(_on_photograph, turned), name, processes)
        results.append(
            Found(name, len(sights), sum(each.found for each in sights), sum(each.main for each in sights), None, None)
        )
    return results


def find_on_documents(paths: Sequence[Path], processes: int) -> list[Found]:
    """Look for the portraits on pages, flat, in scenes, and in scenes turned."""
    conditions = [("pages, flat", None), *((f"pages in a scene{f', turned by {t}°' if t else ''}", t) for t in TURNS)]
    results = []
    for name, turned in conditions:
        chosen = paths[:: 2 * PICTURE_STEP if turned else PICTURE_STEP]
        sights = for_each(chosen, partial(_on_document, turned), name, processes)
        results.append(
            Found(
                name,
                len(sights),
                sum(each.found for each in sights),
                sum(each.main for each in sights),
                sum(each.ghost for each in sights),
                sum(each.elsewhere for each in sights),
            )
        )
    return results


def _on_photograph(turned: float, path: Path) -> _Sight:
    image = _turned(opened(path), turned)
    faces = find_faces(image)
    choice = choose(faces, (image.shape[0], image.shape[1]))
    right = [_is_in_the_middle(image, face) and _leans(face, turned) for face in faces]
    return _Sight(any(right), choice is not None and right[faces.index(choice.face)])


def _on_document(turned: float | None, path: Path) -> _Sight:
    rng = seeded(path)
    photograph = opened(path)
    upright = find_faces(photograph)
    middle = min(upright, key=lambda face: _off_middle(photograph, face)) if upright else None
    portrait = portrait_of(photograph, middle.box) if middle else photograph
    document = page_with(portrait, rng)
    if turned is not None:
        document = in_a_scene(document, rng, turned)
    faces = find_faces(document.picture)
    choice = choose(faces, (document.picture.shape[0], document.picture.shape[1]))
    on_portrait = [_is_inside(document.portrait, face) for face in faces]
    on_ghost = [_is_inside(document.ghost, face) for face in faces]
    return _Sight(
        any(on_portrait),
        choice is not None and _is_inside(document.portrait, choice.face),
        any(on_ghost),
        len(faces) - sum(on_portrait) - sum(on_ghost),
    )


def _turned(image: Image, degrees: float) -> Image:
    """Turn a picture clockwise about its middle; corners that nothing is known of are grey."""
    if degrees % 90 == 0:
        return np.ascontiguousarray(np.rot90(image, -round(degrees / 90)))
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    return np.asarray(cv2.warpAffine(image, turn, (width, height), borderValue=(128, 128, 128)), np.uint8)


def _is_in_the_middle(image: Image, face: Face) -> bool:
    return _off_middle(image, face) < MAX_OFF_CENTRE_SHARE * max(image.shape[:2])


def _off_middle(image: Image, face: Face) -> float:
    height, width = image.shape[:2]
    return float(np.hypot(*(_centre(face) - (width / 2, height / 2))))


def _leans(face: Face, degrees: float) -> bool:
    return abs((face.pose.roll - degrees + 180) % 360 - 180) < MAX_ROLL_ERROR_DEGREES


def _is_inside(corners: Corners, face: Face) -> bool:
    x, y = _centre(face)
    return cv2.pointPolygonTest(corners, (float(x), float(y)), measureDist=False) >= 0


def _centre(face: Face) -> np.ndarray:
    return np.array([face.box.left + face.box.width / 2, face.box.top + face.box.height / 2])
