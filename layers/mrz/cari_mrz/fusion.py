"""What further engines read, weighed together with what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .check_digits import ALPHABET
from .congruence import congruent
from .decode import LETTER_PX, decode
from .repair import CONFUSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .congruence import Letters
    from .decode import Decoded

# How much likelier a character is when an engine confirms what was seen, when it reads another, and when it
# reads what looks like it. Low, because the same bad print is bad for all engines; and a contradiction is a doubt.
CONFIRMED, CONTRADICTED, ALIKE = 10.0, 3.0, 3.0
HEARD = 0.9  # how likely an engine is right where nothing else is known
# How likely it is then a character that no check digit can tell from what the engine read: more than is let pass
# (belief.py), for one engine's word and check digits are not enough; less than that when a second reads the same.
RIVALS = 0.06


def fuse(seen: Letters, readings: Sequence[tuple[str, ...]], *, letter_px: float = LETTER_PX) -> Decoded | None:
    """Decode what was seen, each cell weighed by the readings of the same shape; None where no layout fits."""
    weighed = list(seen)
    for lines in readings:
        weighed = [_weigh(shares, line) for shares, line in zip(weighed, lines, strict=True)]
    return decode(tuple(weighed), letter_px=letter_px)


def hear(lines: Sequence[str]) -> Letters:
    """Take an engine's word where nothing was seen."""
    letters = tuple(np.full((len(line), len(ALPHABET)), (1 - HEARD) / len(ALPHABET)) for line in lines)
    for shares, line in zip(letters, lines, strict=True):
        for row, read in zip(shares, line, strict=True):
            if read in ALPHABET:
                rivals = congruent(read)
                row[ALPHABET.index(read)] += HEARD
                row[[ALPHABET.index(rival) for rival in rivals]] += RIVALS / len(rivals)
    return tuple(shares / shares.sum(axis=1, keepdims=True) for shares in letters)


def _weigh(shares: NDArray[np.float64], line: str) -> NDArray[np.float64]:
    weighed = shares.copy()
    for row, read, best in zip(weighed, line, shares.argmax(axis=1), strict=True):
        if read in ALPHABET:
            k = ALPHABET.index(read)
            row[[ALPHABET.index(pair.replace(read, "")) for pair in CONFUSED if read in pair]] *= ALIKE
            row[k] *= CONFIRMED if k == best else CONTRADICTED
    return np.asarray(weighed / weighed.sum(axis=1, keepdims=True), np.float64)
