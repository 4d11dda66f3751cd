"""What tells two copies of one photograph from two photographs of one person."""

import cv2
import numpy as np
import pytest

from cari_decision.checks.fraud import COPIED_AGREEMENT
from cari_face import find_faces
from cari_face.same_picture import picture_agreement
from cari_face.surroundings import count_printed_rows


def agreement(one, other):
    faces = [find_faces(picture)[0] for picture in (one, other)]
    return picture_agreement(one, faces[0].mesh, other, faces[1].mesh)


def portrait_of(passport):
    """The specimen's portrait with its margin, twice as large."""
    return cv2.resize(passport[130:580, 60:410], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)


def compressed(picture):
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_COLOR)


COPIES = {
    "enlarged": lambda picture: picture,
    "mirrored": lambda picture: np.ascontiguousarray(picture[:, ::-1]),
    "compressed": compressed,
    "darker": lambda picture: (255 * (picture / 255.0) ** 1.8).astype(np.uint8),
    "without colour": lambda picture: np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8),
    "blurred": lambda picture: cv2.GaussianBlur(picture, (0, 0), 3),
}


def test_two_photographs_of_one_person_do_not_agree(passport, selfie):
    assert agreement(passport, selfie) < COPIED_AGREEMENT


@pytest.mark.parametrize("change", COPIES.values(), ids=COPIES)
def test_a_copy_of_the_portrait_agrees_with_it_however_it_was_changed(passport, change):
    assert agreement(passport, change(portrait_of(passport))) > COPIED_AGREEMENT


def test_a_portrait_without_a_face_agrees_with_nothing():
    flat, mesh = np.full((200, 200, 3), 128, np.uint8), np.random.default_rng(1).uniform(60, 140, (468, 3))

    assert picture_agreement(flat, mesh.astype(np.float32), flat, mesh.astype(np.float32)) == 0.0


def test_a_document_has_rows_of_print_around_its_portrait_and_a_selfie_has_none(passport, selfie):
    rows = [count_printed_rows(picture, find_faces(picture)[0].mesh) for picture in (passport, selfie)]

    assert rows[0] >= 4
    assert rows[1] == 0


def test_rows_are_counted_in_any_turn_and_size(passport):
    small = cv2.resize(np.ascontiguousarray(np.rot90(passport)), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)

    assert count_printed_rows(small, find_faces(small)[0].mesh) >= 4
