"""What is drawn over the pictures of a comparison."""

from __future__ import annotations

import numpy as np
import pytest

import cari_face
from cari_face.annotate import (
    COMPARED_COLOR,
    MIN_WIDTH_PX,
    OTHER_COLOR,
    PAPER_COLOR,
    annotate_source,
    annotate_target,
    head_axes,
)
from cari_face.comparison import FaceComparison
from cari_face.face import Pose


@pytest.fixture(scope="module")
def two_people(selfie):
    smaller = selfie[::2, ::2]
    scene = np.zeros((selfie.shape[0], selfie.shape[1] + smaller.shape[1], 3), np.uint8)
    scene[:, : selfie.shape[1]] = selfie
    scene[: smaller.shape[0], selfie.shape[1] :] = smaller
    return scene


@pytest.fixture(scope="module")
def comparison(passport, two_people):
    return cari_face.compare(passport, two_people)


def drawn_with(picture, color):
    return (picture == np.array(color)).all(axis=2)


def test_the_compared_face_is_framed_where_it_is(passport, comparison):
    drawing = annotate_source(passport, comparison)

    box = comparison.source.box
    frame = drawn_with(drawing, COMPARED_COLOR)[round(box.top), round(box.left) : round(box.left + box.width)]
    assert frame.mean() > 0.9


def test_only_the_best_match_is_framed_as_the_compared_one(two_people, comparison):
    drawing = annotate_target(two_people, comparison)

    best, other = (match.face.box for match in comparison.matches)
    for box, color in ((best, COMPARED_COLOR), (other, OTHER_COLOR)):
        assert drawn_with(drawing, color)[
            round(box.top + box.height), round(box.left) : round(box.left + box.width)
        ].any()


def test_every_face_has_a_line_below_the_picture(two_people, comparison):
    heights = [annotate_target(two_people, each).shape[0] for each in (comparison, first_only(comparison))]

    assert heights[0] > heights[1] > two_people.shape[0]


def first_only(comparison):
    return FaceComparison(comparison.source, comparison.matches[:1])


def test_the_picture_itself_stays_as_it_was(passport, comparison):
    before = passport.copy()

    annotate_source(passport, comparison)

    assert (passport == before).all()


def test_a_small_picture_is_enlarged_until_its_text_can_be_read():
    drawing = annotate_source(np.zeros((50, 60, 3), np.uint8), FaceComparison(None, ()))

    assert drawing.shape[1] == MIN_WIDTH_PX


def test_a_picture_with_nothing_to_compare_says_so():
    drawing = annotate_target(np.zeros((500, 1000, 3), np.uint8), FaceComparison(None, ()))

    assert drawing[:500].max() == 0
    assert not drawn_with(drawing[500:], PAPER_COLOR).all()


def test_a_head_that_looks_into_the_camera_points_nowhere_else():
    assert head_axes(Pose(0, 0, 0)) == pytest.approx(np.array([[1, 0, 0], [0, -1, 0], [0, 0, -1]]))


def test_a_head_that_turns_to_the_right_of_the_picture_points_there():
    assert head_axes(Pose(yaw=30, pitch=0, roll=0))[2] == pytest.approx([0.5, 0, -(3**0.5) / 2])


def test_a_head_that_looks_up_points_up():
    assert head_axes(Pose(yaw=0, pitch=30, roll=0))[2] == pytest.approx([0, -0.5, -(3**0.5) / 2])


def test_a_head_that_leans_clockwise_has_its_left_lower():
    assert head_axes(Pose(yaw=0, pitch=0, roll=30))[0] == pytest.approx([3**0.5 / 2, 0.5, 0])


@pytest.mark.parametrize("pose", [Pose(40, 20, 10), Pose(-60, -30, 170), Pose(80, 70, -45)])
def test_the_axes_stand_at_right_angles(pose):
    axes = head_axes(pose)

    assert axes[2] @ axes[0] == pytest.approx(0, abs=1e-9)
    assert axes[2] @ axes[1] == pytest.approx(0, abs=1e-9)
