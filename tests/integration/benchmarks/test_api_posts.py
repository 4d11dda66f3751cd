import pytest

from tests.benchmarks.api.posts import Posted, quantile


def test_the_own_time_is_all_but_the_slower_engine():
    posted = Posted(1, 1.0, [120.0], [{"total": 100.0, "faces": 70.0, "mrz": 40.0}])

    assert posted.own_ms() == [30]


def test_throughput_is_what_was_answered_in_a_second():
    assert Posted(4, 2.0, [1.0] * 10, []).per_second == 5


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (95, 95)])
def test_a_quantile_is_what_so_many_percent_stay_below(percent, value):
    assert quantile([float(number) for number in range(101)], percent) == value
