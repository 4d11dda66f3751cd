import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cari_face
from cari_face.similarity import false_match_rate, similarity


def test_a_person_matches_the_portrait_on_her_passport(passport, selfie):
    comparison = cari_face.compare(passport, selfie)

    assert comparison.matches[0].similarity > 0.95


def test_a_document_without_a_portrait_is_compared_with_nothing(selfie):
    comparison = cari_face.compare(np.zeros((300, 400, 3), np.uint8), selfie)

    assert (comparison.source, comparison.matches) == (None, ())


def test_every_face_of_the_target_is_compared_the_best_first(passport, selfie):
    warped = cv2.resize(selfie, None, fx=1.25, fy=0.8)[: selfie.shape[0] * 8 // 10]
    scene = np.zeros((selfie.shape[0], selfie.shape[1] + warped.shape[1], 3), np.uint8)
    scene[:, : selfie.shape[1]] = selfie
    scene[: warped.shape[0], selfie.shape[1] :] = warped

    likenesses = [match.similarity for match in cari_face.compare(passport, scene).matches]

    assert len(likenesses) == 2
    assert likenesses == sorted(likenesses, reverse=True)


def test_faces_not_sharp_enough_are_passed_over(passport, selfie):
    assert cari_face.compare(passport, cv2.GaussianBlur(selfie, (0, 0), 6), min_sharpness=0.4).matches == ()


@pytest.mark.parametrize(
    ("cosine", "fmr", "alike"),
    [(0.914, 1e-2, 0.5), (0.931, 1e-3, 0.8), (0.944, 1e-4, 0.95), (0.955, 1e-5, 0.99)],
)
def test_the_scale_stands_on_the_measured_false_match_rates(cosine, fmr, alike):
    assert false_match_rate(cosine) == pytest.approx(fmr, rel=1e-6)
    assert similarity(cosine) == pytest.approx(alike)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_greater_cosine_is_never_less_alike(one, other):
    low, high = sorted((one, other))

    assert 0 <= similarity(low) <= similarity(high) <= 1
    assert false_match_rate(low) >= false_match_rate(high)
