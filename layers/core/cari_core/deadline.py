"""The moment by which an answer must be there: fixed once, when a handler is entered, and read by every later step."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol, Self


class Invocation(Protocol):
    """So much of Lambda's context as tells when a call ends."""

    def get_remaining_time_in_millis(self) -> int:
        """Say how many milliseconds are left."""


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock, in seconds."""

    at_s: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Make the one that is so many seconds away."""
        return cls(time.monotonic() + seconds)

    @classmethod
    def of(cls, context: Invocation, *, at_most_s: float) -> Self:
        """Make the one by which Lambda ends this call, or an earlier one."""
        return cls.after(min(at_most_s, context.get_remaining_time_in_millis() / 1000))

    @property
    def left_s(self) -> float:
        """Say how many seconds are left; negative once it has passed."""
        return self.at_s - time.monotonic()
