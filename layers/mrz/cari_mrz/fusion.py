"""What fallback engines read, weighed together with what the own reader observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .check_digit_posterior import rivals_of
from .check_digits import ALPHABET
from .decode import LEGIBLE_LETTER_PX, decode
from .repair import LOOKALIKES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .check_digit_posterior import CharacterProbabilities
    from .decode import Decoded

# How many times likelier a character is when an engine confirms what was observed, when it reads another, and when it
# reads what looks like it. Low, because the same bad print is bad for all engines; and a contradiction is a doubt.
CONFIRMED_FACTOR, CONTRADICTED_FACTOR, LOOKALIKE_FACTOR = 10.0, 3.0, 3.0
ENGINE_ACCURACY = 0.9  # how likely an engine's character is right where nothing else is known
# How likely it is then a character that no check digit can tell from what the engine read: above the bound of
# acceptance.py, for one engine's text and check digits are not enough; below it when a second reads the same.
RIVALS_OF_TEXT = 0.06


def fuse(
    observed: CharacterProbabilities, readings: Sequence[tuple[str, ...]], *, letter_px: float = LEGIBLE_LETTER_PX
) -> Decoded | None:
    """Decode what was observed, each cell weighed by the readings of the same shape; None where no layout fits."""
    weighed = list(observed)
    for lines in readings:
        weighed = [_weigh(probabilities, line) for probabilities, line in zip(weighed, lines, strict=True)]
    return decode(tuple(weighed), letter_px=letter_px)


def probabilities_of_text(lines: Sequence[str]) -> CharacterProbabilities:
    """Turn an engine's text into probabilities, for an MRZ that the own reader did not observe."""
    letters = tuple(np.full((len(line), len(ALPHABET)), (1 - ENGINE_ACCURACY) / len(ALPHABET)) for line in lines)
    for probabilities, line in zip(letters, lines, strict=True):
        for row, read in zip(probabilities, line, strict=True):
            if read in ALPHABET:
                rivals = rivals_of(read)
                row[ALPHABET.index(read)] += ENGINE_ACCURACY
                row[[ALPHABET.index(rival) for rival in rivals]] += RIVALS_OF_TEXT / len(rivals)
    return tuple(probabilities / probabilities.sum(axis=1, keepdims=True) for probabilities in letters)


def _weigh(probabilities: NDArray[np.float64], line: str) -> NDArray[np.float64]:
    """Weigh the probabilities of one line (cells×37) by the text that an engine read of it."""
    weighed = probabilities.copy()
    for row, read, best in zip(weighed, line, probabilities.argmax(axis=1), strict=True):
        if read in ALPHABET:
            k = ALPHABET.index(read)
            row[[ALPHABET.index(pair.replace(read, "")) for pair in LOOKALIKES if read in pair]] *= LOOKALIKE_FACTOR
            row[k] *= CONFIRMED_FACTOR if k == best else CONTRADICTED_FACTOR
    return np.asarray(weighed / weighed.sum(axis=1, keepdims=True), np.float64)
