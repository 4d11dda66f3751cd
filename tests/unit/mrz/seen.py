"""What the recogniser would have seen of given lines: made up, for tests of what is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cari_mrz.check_digits import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cari_mrz.congruence import Letters

FAINT = 1e-6


def seen(lines: Sequence[str], unsure: Mapping[tuple[int, int], Mapping[str, float]] | None = None) -> Letters:
    """Be sure of every character but those of unsure cells, which have the shares given."""
    letters = tuple(np.full((len(line), len(ALPHABET)), FAINT) for line in lines)
    for i, line in enumerate(lines):
        for j, character in enumerate(line):
            for letter, share in (unsure or {}).get((i, j), {character: 1.0}).items():
                letters[i][j, ALPHABET.index(letter)] = share
    return tuple(line / line.sum(axis=1, keepdims=True) for line in letters)
