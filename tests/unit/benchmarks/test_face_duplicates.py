import numpy as np
import pytest

from tests.benchmarks.face.duplicates import People, Share, identified

RATES = ((0.5, 1e-2), (0.9, 1e-5))
PICTURES = np.repeat(np.arange(30), 2)


def identification(cosines):
    subjects = People(np.asarray(cosines, np.float32), PICTURES)
    return next(iter(identified("made up", RATES, subjects, 10, np.random.default_rng(1))))


def test_who_is_like_nobody_else_is_always_found_and_nobody_is_taken_for_them():
    measured = identification(PICTURES[:, np.newaxis] == PICTURES)

    assert (measured.compared, measured.fpir.rate, measured.tpir.rate) == (10, 0.0, 1.0)


def test_who_is_like_everybody_is_taken_for_anybody():
    assert identification(np.ones((60, 60))).fpir.rate == 1.0


def test_who_is_unlike_their_own_pictures_is_not_found_by_somebody_elses():
    measured = identification(PICTURES[:, np.newaxis] != PICTURES)

    assert (measured.fpir.rate, measured.tpir.rate) == (1.0, 0.0)


def test_an_interval_holds_the_rate_and_leaves_out_who_was_never_tried():
    hits, trials = np.array([0.0, 0.0, 10.0, 0.0]), np.array([10.0, 10.0, 10.0, 0.0])
    share = Share(np.tile(hits, 50), np.tile(trials, 50))

    low, high = share.interval(np.random.default_rng(1))

    assert share.rate == pytest.approx(1 / 3)
    assert 0.25 < low < 1 / 3 < high < 0.42
