"""The project's own reader, then costlier engines, until an answer is settled or the time is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from cari_imaging import Image

from .fusion import fuse, hear
from .passporteye_names import valid_score
from .reader import METHOD, read
from .reading import MrzReading, Reason
from .transcript import Transcript, are_of_one_mrz

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .decode import Decoded

Rung: TypeAlias = Callable[[Image, MrzReading, float], Iterable[Transcript]]
"""Reads a picture, of which the own reader made so much, within so many seconds; gives transcripts as they come."""

TIME_BUDGET_S = 20.0  # leaves a caller behind API Gateway's 29 s time to answer
# Two lines that carry no MRZ pass one check digit in ten; they hardly ever pass two and hold dates as well.
MIN_CHECKS_PASSED = 2
MAX_REPAIRS = 1  # of what was only heard: with more, any lines satisfy their check digits


def climb(
    image: Image,
    rungs: Sequence[Rung],
    *,
    time_budget_s: float = TIME_BUDGET_S,
    clock: Callable[[], float] = time.monotonic,
    first_rung: Callable[[Image], MrzReading] = read,
) -> MrzReading:
    """Read the MRZ of a picture; ask the further rungs only where the first saw one and is not sure of it.

    Every transcript is weighed together with what was seen and with the earlier transcripts of the same MRZ, so
    that rungs which agree are believed where each alone would not be.
    """
    deadline = clock() + time_budget_s
    best = first = first_rung(image)
    if first.settled or first.reason is Reason.NO_MRZ:
        return first
    heard: list[Transcript] = []
    for transcript in _climb(image, first, rungs, lambda: deadline - clock()):
        heard.append(transcript)
        best = max(best, _weigh(transcript, heard, first), key=_rank)
        if best.settled:
            break
    return best


def _climb(image: Image, first: MrzReading, rungs: Sequence[Rung], left_s: Callable[[], float]) -> Iterator[Transcript]:
    for rung in rungs:
        if left_s() <= 0:
            return
        for transcript in rung(image, first, left_s()):
            yield transcript
            if left_s() <= 0:
                return


def _weigh(transcript: Transcript, heard: Sequence[Transcript], first: MrzReading) -> MrzReading:
    """Weigh a transcript with what was seen of the same MRZ, and with the transcripts before."""
    alike = [each.lines for each in heard if are_of_one_mrz(each, transcript)]
    if first.decoded and first.seen and are_of_one_mrz(Transcript(first.decoded.mrz.lines, METHOD), transcript):
        decoded = fuse(first.seen, alike, letter_px=first.decoded.letter_px)
        method, corners = f"{first.method}+{transcript.method}", first.corners
    else:
        decoded = fuse(hear(alike[0]), alike[1:])
        method, corners = transcript.method, None
    if decoded is None or not (corners or _is_mrz(decoded)):
        return first
    return MrzReading.of(decoded, method=method, corners=corners)


def _is_mrz(decoded: Decoded) -> bool:
    passed = sum(check.passed for check in decoded.mrz.checks)
    return passed >= MIN_CHECKS_PASSED and len(decoded.repairs) <= MAX_REPAIRS


def _rank(reading: MrzReading) -> tuple[bool, int, int]:
    """Order readings: valid, then more check digits, then fewer doubts."""
    score = valid_score(reading.mrz) if reading.mrz else -1
    return reading.valid, score, -len(reading.doubtful)
