"""Made-up probabilities, as the recogniser would give them for given lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cari_mrz.check_digits import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cari_mrz.check_digit_posterior import CharacterProbabilities

OTHER_CHARACTERS = 1e-6


def observed(
    lines: Sequence[str], unsure: Mapping[tuple[int, int], Mapping[str, float]] | None = None
) -> CharacterProbabilities:
    """Be sure of every character but those of unsure cells, which have the probabilities given; a line is cells×37."""
    letters = tuple(np.full((len(line), len(ALPHABET)), OTHER_CHARACTERS) for line in lines)
    for i, line in enumerate(lines):
        for j, character in enumerate(line):
            for letter, probability in (unsure or {}).get((i, j), {character: 1.0}).items():
                letters[i][j, ALPHABET.index(letter)] = probability
    return tuple(line / line.sum(axis=1, keepdims=True) for line in letters)
