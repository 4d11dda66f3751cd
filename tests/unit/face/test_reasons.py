from dataclasses import replace

import numpy as np
import pytest

import cari_face
from cari_face import EyesReading, Part
from cari_face.reasons import Role, find_reasons

SIDE = 700  # pixels, of a picture that has room for every face below


@pytest.fixture(scope="module")
def face(selfie):
    return cari_face.find_faces(selfie)[0]


def selfie_reasons(*faces):
    return find_reasons(faces, (SIDE, SIDE), Role.SELFIE)


def with_quality(face, **parts):
    return replace(face, quality=replace(face.quality, **parts))


def covered(face, part):
    return replace(face, occlusion=replace(face.occlusion, covered=(part,), confidence=0.95))


def test_a_good_selfie_has_nothing_wrong(face):
    assert selfie_reasons(face) == ()


def test_a_good_document_has_nothing_wrong(passport):
    size = (passport.shape[1], passport.shape[0])

    assert find_reasons(cari_face.find_faces(passport), size, Role.DOCUMENT) == ()


@pytest.mark.parametrize("role", list(Role))
def test_a_picture_without_a_face_has_none(role):
    assert find_reasons([], (SIDE, SIDE), role) == ("no_face",)


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("size", 0.2, "face_too_small"),
        ("sharpness", 0.01, "blurred"),
        ("brightness", 0.1, "too_dark"),
        ("brightness", 0.9, "too_bright"),
        ("contrast", 0.2, "low_contrast"),
        ("frontality", 0.2, "not_frontal"),
    ],
)
def test_a_part_of_quality_that_is_too_poor_is_a_reason(face, part, value, reason):
    assert selfie_reasons(with_quality(face, **{part: value})) == (reason,)


@pytest.mark.parametrize(("part", "reason"), [(Part.EYES, "sunglasses"), (Part.MOUTH, "face_covered")])
def test_what_is_covered_is_a_reason(face, part, reason):
    assert selfie_reasons(covered(face, part)) == (reason,)


def test_closed_eyes_are_a_reason(face):
    assert selfie_reasons(replace(face, eyes=EyesReading(open=False, confidence=0.9))) == ("eyes_closed",)


def test_eyes_behind_dark_glasses_are_not_called_closed(face):
    hidden = replace(covered(face, Part.EYES), eyes=EyesReading(open=False, confidence=0.9))

    assert selfie_reasons(hidden) == ("sunglasses",)


def test_another_person_as_near_is_a_reason_and_a_passer_by_is_none(face):
    near, far = (replace(face, box=replace(face.box, width=face.box.width * share)) for share in (0.8, 0.3))

    assert (selfie_reasons(face, near), selfie_reasons(face, far)) == (("several_faces",), ())


def test_a_second_portrait_on_a_document_is_normal(face):
    assert find_reasons((face, face), (SIDE, SIDE), Role.DOCUMENT) == ()


def test_a_face_that_leaves_the_picture_is_cut(selfie):
    chin = round(cari_face.find_faces(selfie)[0].landmarks["mouthDown"].y)
    cut = np.ascontiguousarray(selfie[:chin])

    reasons = find_reasons(cari_face.find_faces(cut), (cut.shape[1], cut.shape[0]), Role.SELFIE)

    assert "face_cut" in reasons


@pytest.mark.parametrize(("brightness", "reason"), [(0.3, "too_dark"), (0.7, "too_bright")])
def test_lost_detail_is_blamed_on_the_light_there_is(face, brightness, reason):
    assert selfie_reasons(with_quality(face, exposure=0.3, brightness=brightness)) == (reason,)
