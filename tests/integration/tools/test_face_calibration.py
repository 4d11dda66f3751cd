"""What the calibration says of scores whose rates are known."""

from __future__ import annotations

import numpy as np
import pytest

from tools.face_calibration.calibrate import calibrate
from tools.face_calibration.scores import Scores, score_across, score_all, score_listed


def scores(genuine, impostor):
    cosines = np.concatenate([genuine, impostor]).astype(np.float32)
    same = np.arange(len(cosines)) < len(genuine)
    return Scores(cosines, same, np.ones(len(cosines)))


def unit_vectors(count):
    vectors = np.random.default_rng(0).normal(size=(count, 128)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


UNIFORM = scores(genuine=np.linspace(0.5, 1, 1001), impostor=np.linspace(0, 1, 100_001))


def test_a_threshold_is_the_cosine_that_so_many_strangers_reach():
    table = calibrate([UNIFORM]).by_pair

    measured = {each.fmr: each.cosine for each in table if not each.extrapolated}
    assert measured == pytest.approx({0.5: 0.5, 0.1: 0.9, 1e-2: 0.99, 1e-3: 0.999, 1e-4: 0.9999}, abs=5e-5)


def test_a_threshold_says_how_many_genuine_pairs_it_loses():
    table = calibrate([UNIFORM]).by_pair

    assert [each.fnmr for each in table[:3]] == pytest.approx([0, 0.8, 0.98], abs=2e-3)


def test_rates_with_fewer_than_ten_false_matches_are_marked():
    table = calibrate([scores(genuine=[0.9], impostor=np.linspace(0, 0.5, 10_000))]).by_pair

    assert [each.fmr for each in table if each.extrapolated] == [1e-4, 1e-5, 1e-6, 1e-7]


def test_beyond_the_measured_each_decade_adds_as_much_cosine_as_the_last():
    impostor = 0.1 - 0.1 * np.log10((np.arange(10_000) + 0.5) / 10_000)  # a tenth for each decade

    table = calibrate([scores(genuine=[0.9], impostor=impostor)]).by_pair

    assert np.diff([each.cosine for each in table[1:]]) == pytest.approx(0.1, abs=5e-3)


def test_blocks_add_up():
    halves = [scores([0.7, 0.8], np.linspace(0, 0.4, 500)), scores([0.9], np.linspace(0.4, 0.6, 500))]
    whole = scores([0.7, 0.8, 0.9], np.concatenate([np.linspace(0, 0.4, 500), np.linspace(0.4, 0.6, 500)]))

    assert calibrate(halves).by_pair == calibrate([whole]).by_pair


def test_too_few_impostors_are_refused():
    with pytest.raises(ValueError, match="too few"):
        calibrate([scores(genuine=[0.9], impostor=np.linspace(0, 0.5, 99))])


def test_without_a_genuine_pair_nothing_is_calibrated():
    with pytest.raises(ValueError, match="genuine"):
        calibrate([scores(genuine=[], impostor=np.linspace(0, 0.5, 999))])


def test_every_two_pictures_are_scored_once():
    vectors = unit_vectors(600)  # more than one block

    cosines = np.concatenate([block.cosines for block in score_all(vectors, np.arange(600))])

    expected = (vectors @ vectors.T)[np.triu_indices(600, 1)]
    assert np.sort(cosines) == pytest.approx(np.sort(expected), abs=1e-5)


def test_any_two_people_weigh_the_same_however_many_pictures_they_have():
    people = np.array([0, 0, 0, 0, 1, 1, 2])

    (block,) = score_all(unit_vectors(7), people)

    assert block.weights[block.same].sum() == pytest.approx(2)  # two people have more than one picture
    assert block.weights[~block.same].sum() == pytest.approx(3)  # of three people there are three pairs


def test_listed_pairs_of_the_same_people_share_one_weight():
    people = np.array([0, 0, 0, 1])
    pairs = np.array([[0, 1], [1, 2], [0, 3], [3, 1]])

    (block,) = score_listed(unit_vectors(4), people, pairs, np.array([True, True, False, False]))

    assert block.weights.tolist() == [0.5, 0.5, 0.5, 0.5]


def test_every_document_is_scored_with_every_photo():
    bearers, people = np.array([0, 1]), np.array([0, 0, 2])

    (block,) = score_across(unit_vectors(2), bearers, unit_vectors(3), people)

    assert block.same.tolist() == [True, True, False, False, False, False]
    assert block.weights.tolist() == [0.5, 0.5, 1, 0.5, 0.5, 1]
