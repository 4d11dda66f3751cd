"""The project's own reader, then slower engines, until an answer is settled or the time is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from cari_core.engine_api import MRZ_TIME_BUDGET_S
from cari_imaging import Image

from .fusion import fuse, probabilities_of_text
from .passporteye_names import valid_score
from .reader import METHOD, read
from .reading import MrzReading, Reason
from .transcript import Transcript, are_of_one_mrz

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .decode import Decoded

FallbackEngine: TypeAlias = Callable[[Image, MrzReading, float], Iterable[Transcript]]
"""Gets a picture (RGB, H×W×3 uint8), the own reader's reading and the seconds left; gives transcripts as they come."""

# Two lines that carry no MRZ pass one check digit in ten; they hardly ever pass two and hold dates as well.
MIN_CHECKS_PASSED = 2
MAX_REPAIRS = 1  # of text that a fallback engine read alone: with more, any lines satisfy their check digits


def read_with_fallbacks(
    image: Image,
    engines: Sequence[FallbackEngine],
    *,
    time_budget_s: float = MRZ_TIME_BUDGET_S,
    clock: Callable[[], float] = time.monotonic,
    own_reader: Callable[[Image], MrzReading] = read,
) -> MrzReading:
    """Read the MRZ of a picture; ask the fallback engines only where the own reader found one and is not sure of it.

    Every transcript is weighed together with what the own reader observed and with the earlier transcripts of the same
    MRZ, so that engines which agree are accepted where each alone would not be.
    """
    deadline = clock() + time_budget_s
    best = own = own_reader(image)
    if own.settled or own.reason is Reason.NO_MRZ:
        return own
    transcripts: list[Transcript] = []
    for transcript in _transcripts(image, own, engines, lambda: deadline - clock()):
        transcripts.append(transcript)
        best = max(best, _combined(transcript, transcripts, own), key=_rank)
        if best.settled:
            break
    return best


def _transcripts(
    image: Image, own: MrzReading, engines: Sequence[FallbackEngine], left_s: Callable[[], float]
) -> Iterator[Transcript]:
    for engine in engines:
        if left_s() <= 0:
            return
        for transcript in engine(image, own, left_s()):
            yield transcript
            if left_s() <= 0:
                return


def _combined(transcript: Transcript, transcripts: Sequence[Transcript], own: MrzReading) -> MrzReading:
    """Weigh a transcript with the own reading of the same MRZ, and with the transcripts so far, itself included."""
    alike = [each.lines for each in transcripts if are_of_one_mrz(each, transcript)]
    if own.decoded and own.observed and are_of_one_mrz(Transcript(own.decoded.mrz.lines, METHOD), transcript):
        decoded = fuse(own.observed, alike, letter_px=own.decoded.letter_px)
        method, corners = f"{own.method}+{transcript.method}", own.corners
    else:
        decoded = fuse(probabilities_of_text(alike[0]), alike[1:])
        method, corners = transcript.method, None
    if decoded is None or not (corners or _is_mrz(decoded)):
        return own
    return MrzReading.of(decoded, method=method, corners=corners)


def _is_mrz(decoded: Decoded) -> bool:
    passed = sum(check.passed for check in decoded.mrz.checks)
    return passed >= MIN_CHECKS_PASSED and len(decoded.repairs) <= MAX_REPAIRS


def _rank(reading: MrzReading) -> tuple[bool, int, int]:
    """Order readings: valid, then more check digits, then fewer doubts."""
    score = valid_score(reading.mrz) if reading.mrz else -1
    return reading.valid, score, -len(reading.doubtful)
