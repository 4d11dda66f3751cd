from dataclasses import astuple

import cv2
import numpy as np
import pytest

import cari_face
from cari_face import landmarks
from cari_face.attributes import read_eyes


def seen(image):
    return cari_face.find_faces(image)[0]


@pytest.fixture(scope="module")
def face(selfie):
    return seen(selfie)


def test_every_part_is_a_share(face):
    assert all(0 <= part <= 1 for part in astuple(face.quality))


def test_burnt_out_highlights_lower_the_exposure(selfie, face):
    burnt = seen(cv2.convertScaleAbs(selfie, alpha=2.5))

    assert burnt.quality.exposure < face.quality.exposure - 0.2


def test_haze_lowers_the_contrast(selfie, face):
    hazy = seen((selfie * 0.4 + 120).astype(np.uint8))

    assert hazy.quality.contrast < face.quality.contrast - 0.3


def test_size_follows_the_distance_between_the_eyes(selfie):
    half = seen(cv2.resize(selfie, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    left, right = landmarks.eye_centres(half.mesh)

    assert half.quality.size == pytest.approx(np.linalg.norm(right - left) / 90)


def test_frontality_falls_to_nothing_at_sixty_degrees(face):
    assert face.quality.frontality == pytest.approx(1 - np.hypot(face.pose.yaw, face.pose.pitch) / 60)


def test_what_is_hard_to_recognise_is_of_lower_quality_overall(selfie, face):
    dim = (np.random.default_rng(0).poisson(selfie * 0.02) * 3).clip(0, 255).astype(np.uint8)

    assert seen(dim).quality.overall < face.quality.overall - 0.1


def test_open_eyes_are_open(face):
    assert face.eyes.open
    assert face.quality.eye_openness == face.eyes.confidence


def test_lids_that_meet_are_closed(face):
    mesh = face.mesh.copy()
    for _, _, upper, lower in (landmarks.LEFT_EYE, landmarks.RIGHT_EYE):
        mesh[upper] = mesh[lower]

    assert not read_eyes(mesh).open


def test_one_open_eye_is_enough(face):
    mesh = face.mesh.copy()
    _, _, upper, lower = landmarks.LEFT_EYE
    mesh[upper] = mesh[lower]

    assert read_eyes(mesh).open
