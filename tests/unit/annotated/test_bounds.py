"""A drawing takes a bounded time, whatever picture is stored and whatever was found in it."""

import cv2
import numpy as np
import pytest

from cari_core.containers import MAX_ASPECT, MAX_SIDE
from functions.annotated import faces
from functions.annotated.answer import drawn
from functions.annotated.drawing import draw
from functions.annotated.pen import Pen
from tests.unit.annotated.verified import FACE, MRZ, sheet, verification
from tests.unit.intake.pictures import encoded, of_scans

SHORTEST = MAX_SIDE // MAX_ASPECT + 1


def unreadable() -> bytes:
    return drawn(b"no picture", verification(front=MRZ), "front")


def crowd(count: int) -> list[dict[str, object]]:
    return [{**FACE, "topLeftX": 20 * number, "width": 20, "height": 24} for number in range(count)]


@pytest.mark.parametrize(
    "payload", [of_scans(300), encoded(size=(64, 65_000)), encoded(size=(65_000, 64))], ids=["scans", "high", "wide"]
)
def test_a_stored_picture_beyond_a_bound_is_not_opened_and_the_drawing_says_so(payload):
    assert drawn(payload, verification(front=MRZ), "front") == unreadable()


@pytest.mark.parametrize("size", [(MAX_SIDE, SHORTEST), (SHORTEST, MAX_SIDE), (100, 1), (1, 100)])
def test_the_longest_and_thinnest_pictures_are_drawn_on(size):
    jpeg = drawn(encoded("PNG", size), verification(front=MRZ), "front")

    assert jpeg != unreadable()
    assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[1] <= 1600


def test_of_a_crowd_the_first_faces_are_drawn_and_the_others_counted():
    rows = list(faces.mark_faces(Pen(sheet()), verification(selfie={"UnmatchedFaces": crowd(1000)})))

    assert len(rows) == faces.MAX_FACES + 2
    assert f"{1000 - faces.MAX_FACES} more faces" in rows[-2].text


def test_a_drawing_of_a_crowd_is_as_large_as_people_can_use():
    drawing = draw(sheet(), verification(selfie={"UnmatchedFaces": crowd(1000)}), "selfie")

    assert drawing.shape[0] < 2600


def test_whoever_matches_is_drawn_however_large_the_crowd():
    selfie = {"MatchedFaces": [{**FACE, "similarity": 0.9}], "UnmatchedFaces": crowd(1000)}

    rows = list(faces.mark_faces(Pen(sheet()), verification(selfie=selfie)))

    assert rows[0].text.startswith("Face 1: matched")
