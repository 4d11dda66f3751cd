import pytest

from cari_core.stopwatch import Stopwatch, Timings, server_timing


@pytest.fixture
def clock():
    """A clock that a test turns: `clock[0]` in seconds."""
    return [10.0]


@pytest.fixture
def stopwatch(clock):
    return Stopwatch(now_s=lambda: clock[0])


def test_a_stage_takes_as_long_as_its_block(stopwatch, clock):
    with stopwatch.measure("save"):
        clock[0] += 0.25

    assert stopwatch.read().stages == {"save": [250.0]}


def test_a_stage_that_fails_is_measured_too(stopwatch, clock):
    def fail():
        clock[0] += 0.5
        raise TimeoutError

    with pytest.raises(TimeoutError):
        stopwatch.timed("faces", fail)
    clock[0] += 1

    assert stopwatch.read().wall_ms("faces") == 500


def test_all_that_has_passed_can_be_called_a_stage(stopwatch, clock):
    clock[0] += 0.125
    stopwatch.so_far("intake")

    assert stopwatch.read().stages == {"intake": [125.0]}


def test_a_stage_still_under_way_counts_with_what_it_has_taken(stopwatch, clock):
    with stopwatch.measure("mrz"):
        clock[0] += 2
        timings = stopwatch.read()

    assert timings.wall_ms("mrz") == 2000


def test_two_at_the_same_time_take_as_long_as_the_longer_and_cost_both():
    timings = Timings({"mrz": [30.0, 50.0]}, 60.0)

    assert (timings.wall_ms("mrz"), timings.sum_ms("mrz")) == (50, 80)


def test_a_stage_that_never_was_took_no_time():
    assert Timings({}, 1.0).wall_ms("faces") == Timings({}, 1.0).sum_ms("faces") == 0


def test_a_server_timing_header_lists_the_stages_and_the_total():
    header = server_timing(Timings({"intake": [3.21], "mrz": [30.0, 50.0]}, 61.0))

    assert header == "intake;dur=3.2, mrz;dur=50.0, total;dur=61.0"
