from dataclasses import replace

import pytest

import cari_face
from cari_face.face import Box
from cari_face.portrait import ChoiceReason, choose

PAGE = (1000, 1400)  # height, width


@pytest.fixture
def face(selfie):
    (found,) = cari_face.find_faces(selfie)
    return found


def placed(face, *, width, left, top=400.0, sharpness=0.5):
    return replace(face, box=Box(left, top, width, width), quality=replace(face.quality, sharpness=sharpness))


def test_a_picture_without_faces_means_nobody():
    assert choose([], PAGE) is None


def test_the_only_face_is_meant(face):
    assert choose([face], PAGE).reason is ChoiceReason.ONLY


def test_a_ghost_image_never_stands_for_the_portrait_however_sharp(face):
    portrait = placed(face, width=300.0, left=100.0, sharpness=0.3)
    ghost = placed(face, width=120.0, left=650.0, sharpness=0.9)

    choice = choose([ghost, portrait], PAGE)

    assert (choice.face, choice.reason) == (portrait, ChoiceReason.LARGEST)


def test_of_two_portraits_of_a_size_the_sharper_is_meant(face):
    screened = placed(face, width=300.0, left=550.0, sharpness=0.2)
    portrait = placed(face, width=280.0, left=100.0, sharpness=0.6)

    choice = choose([screened, portrait], PAGE)

    assert (choice.face, choice.reason) == (portrait, ChoiceReason.SHARPEST)


def test_of_two_people_alike_in_size_and_sharpness_the_one_in_the_middle_is_meant(face):
    beside = placed(face, width=300.0, left=0.0)
    middle = placed(face, width=280.0, left=560.0)

    choice = choose([beside, middle], PAGE)

    assert (choice.face, choice.reason) == (middle, ChoiceReason.CENTRAL)
