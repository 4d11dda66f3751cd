import threading
from types import SimpleNamespace

import pytest

from cari_core import deadline
from cari_core.deadline import ENDING_S, NEVER, Deadline, current, invocation, within


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still at 100 s until a test moves it."""
    shown = SimpleNamespace(now_s=100.0)
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: shown.now_s))
    return shown


def ending_in(seconds):
    return SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1000)


@pytest.mark.usefixtures("clock")
def test_an_answer_is_due_a_little_before_lambda_ends_the_call():
    assert Deadline.of(ending_in(28)) == Deadline(128 - ENDING_S)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("lambdas", "own", "due"), [(28, 24, 124), (10, 24, 110 - ENDING_S)])
def test_it_is_due_by_whichever_comes_first(lambdas, own, due):
    assert Deadline.of(ending_in(lambdas), at_most_s=own) == Deadline(due)


def test_it_stays_where_it_is_while_time_passes(clock):
    due = Deadline.of(ending_in(28))

    clock.now_s += 10

    assert due.left_s == 28 - ENDING_S - 10


def test_outside_of_an_invocation_there_is_none():
    assert current() == NEVER


@pytest.mark.usefixtures("clock")
def test_an_invocation_is_the_bound_of_every_thread_until_it_ends():
    seen = []

    with invocation(ending_in(28)):
        thread = threading.Thread(target=lambda: seen.append(current()))
        thread.start()
        thread.join()

    assert (seen, current()) == ([Deadline(126)], NEVER)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("own", "bound"), [(110, 110), (200, 126)])
def test_of_a_threads_own_bound_and_the_invocations_the_earlier_holds(own, bound):
    with invocation(ending_in(28)):
        assert within(Deadline(own), current) == Deadline(bound)
        assert current() == Deadline(126)
