"""Rungs from the cheapest up, until an answer is valid or the time is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from cari_imaging import Image

from .passporteye_names import valid_score
from .reading import NOTHING_FOUND, MrzReading, Reason
from .settle import settle
from .transcript import Transcript, are_of_one_mrz

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .settle import Settled

Rung: TypeAlias = Callable[[Image, float], Iterable[Transcript]]
"""Reads a picture within so many seconds and gives transcripts as they come."""

TIME_BUDGET_S = 20.0  # leaves a caller behind API Gateway's 29 s time to answer
# Two lines that carry no MRZ pass one check digit in ten; they hardly ever pass two and hold dates as well.
MIN_CHECKS_PASSED = 2


def read(
    image: Image,
    rungs: Sequence[Rung],
    *,
    time_budget_s: float = TIME_BUDGET_S,
    clock: Callable[[], float] = time.monotonic,
) -> MrzReading:
    """Read the MRZ of a picture, trying costlier rungs until one answer is valid or the time is over.

    Every transcript is weighed together with the earlier ones of the same MRZ, whichever rung they are from,
    so that two rungs which agree are believed where either alone would not be.
    """
    deadline = clock() + time_budget_s
    best = NOTHING_FOUND
    seen: list[Transcript] = []
    for transcript in _climb(image, rungs, lambda: deadline - clock()):
        seen.append(transcript)
        best = max(best, _weigh(transcript, seen), key=_rank)
        if best.found and best.reason in (None, Reason.FIELDS):
            break  # the characters are certain; a field that ICAO does not allow was printed so
    return best


def _climb(image: Image, rungs: Sequence[Rung], left_s: Callable[[], float]) -> Iterator[Transcript]:
    for rung in rungs:
        if left_s() <= 0:
            return
        for transcript in rung(image, left_s()):
            yield transcript
            if left_s() <= 0:
                return


def _weigh(transcript: Transcript, seen: Sequence[Transcript]) -> MrzReading:
    """Settle a transcript with the earlier ones of the same MRZ."""
    alike = [earlier for earlier in seen if are_of_one_mrz(earlier, transcript)]
    settled = settle(alike)
    if settled is None or sum(check.passed for check in settled.mrz.checks) < MIN_CHECKS_PASSED:
        return NOTHING_FOUND
    return MrzReading(
        mrz=settled.mrz,
        valid=settled.valid,
        reason=_reason(settled),
        method=transcript.method,
        corners=next((each.corners for each in alike if each.corners), None),
        repairs=settled.repairs,
        doubtful=settled.doubtful,
    )


def _reason(settled: Settled) -> Reason | None:
    if settled.valid:
        return None
    if not settled.mrz.checks_pass:
        return Reason.CHECK_DIGITS
    return Reason.DOUBTFUL if settled.doubtful else Reason.FIELDS


def _rank(reading: MrzReading) -> tuple[bool, int, int]:
    """Order readings: valid, then more check digits, then fewer doubts."""
    score = valid_score(reading.mrz) if reading.mrz else -1
    return reading.valid, score, -len(reading.doubtful)
