"""The moment by which an answer must be there: fixed once, when a handler is entered, and read by every later step."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")

ENDING_S = 2.0  # kept back of Lambda's own end: the longest pause before a call is tried again, and the answer's way


class Invocation(Protocol):
    """So much of Lambda's context as tells when a call ends."""

    def get_remaining_time_in_millis(self) -> int:
        """Say how many milliseconds are left."""


@dataclass(frozen=True, order=True)
class Deadline:
    """A moment on the monotonic clock, in seconds."""

    at_s: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Make the one that is so many seconds away."""
        return cls(time.monotonic() + seconds)

    @classmethod
    def of(cls, context: Invocation, *, at_most_s: float = float("inf")) -> Self:
        """Make the one that leaves Lambda time to end this call, or an earlier one."""
        return cls.after(min(at_most_s, context.get_remaining_time_in_millis() / 1000 - ENDING_S))

    def earlier(self, seconds: float) -> Deadline:
        """Make the one that is so many seconds before this one."""
        return Deadline(self.at_s - seconds)

    @property
    def left_s(self) -> float:
        """Say how many seconds are left; negative once it has passed."""
        return self.at_s - time.monotonic()


NEVER = Deadline(float("inf"))
_INVOCATIONS = [NEVER]  # the last counts, for every thread: an environment answers one request at a time
_OF_THREAD: ContextVar[Deadline] = ContextVar("deadline", default=NEVER)


@contextmanager
def invocation(context: Invocation) -> Iterator[None]:
    """Let no call that anything makes meanwhile, on whatever thread, outlast the invocation."""
    _INVOCATIONS.append(Deadline.of(context))
    try:
        yield
    finally:
        _INVOCATIONS.pop()


def within(deadline: Deadline, act: Callable[..., Result], *args: object) -> Result:
    """Run `act`, and let no call that it makes on this thread outlast the deadline either."""
    token = _OF_THREAD.set(deadline)
    try:
        return act(*args)
    finally:
        _OF_THREAD.reset(token)


def current() -> Deadline:
    """Say by when a call that this thread makes must have ended."""
    return min(_INVOCATIONS[-1], _OF_THREAD.get())
