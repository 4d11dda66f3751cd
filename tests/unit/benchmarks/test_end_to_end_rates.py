import pytest

from tests.benchmarks.end_to_end.rates import share, wilson


def test_a_share_counts_cases_and_not_groups():
    assert share([[True, False, False], [True]]).value == 0.5


def test_cases_of_one_group_make_nobody_surer():
    alone = share([[hit] for hit in [True, False] * 50])
    together = share([[hit] * 20 for hit in [True, False] * 50])

    assert together.high - together.low == pytest.approx(alone.high - alone.low, abs=0.02)


@pytest.mark.parametrize(("hit", "low", "high"), [(False, 0.0, 0.037), (True, 0.963, 1.0)])
def test_nothing_seen_among_a_hundred_is_not_nothing(hit, low, high):
    found = share([[hit]] * 100)

    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_wilson_s_interval_is_the_textbook_s():
    assert wilson(8, 10) == (pytest.approx(0.4902, abs=5e-4), pytest.approx(0.9433, abs=5e-4))


def test_a_group_without_cases_counts_for_nothing():
    assert share([[], [True], [False]]).value == 0.5
