"""Characters recognised without their neighbours; how real pictures are read is tested in tests/integration/mrz."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cari_mrz import shuffled_cells
from cari_mrz.check_digits import ALPHABET
from cari_mrz.pitch import Grid
from cari_mrz.shuffled_cells import reread_shuffled
from cari_mrz.text_line import TextLine

from .observed import observed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cari_mrz.text_line import Floats, Gray

GRAY = np.full((60, 400), 255, np.uint8)
TEXT = "AB12<<<<<"
LINE = TextLine(np.array([(20, 20), (160, 20), (160, 36), (20, 36)], np.float32), 16.0)
GRID = Grid(np.array([12.0 + 3 * k for k in range(len(TEXT))]), np.zeros((len(TEXT), len(ALPHABET))), 1.0)


@pytest.mark.parametrize(
    ("in_line", "when_shuffled", "rival"),
    [(0.03, 0.0001, 0.0018), (0.03, 0.03, 0.03), (0.03, 0.6, 0.03)],
    ids=["reread from its rival", "as like its rival as before", "seen as its rival"],
)
def test_a_cell_gets_the_mean_of_both_readings_where_they_agree(
    monkeypatch: pytest.MonkeyPatch, in_line: float, when_shuffled: float, rival: float
) -> None:
    letters = observed((TEXT,), {(0, 1): {"B": 1 - in_line, "1": in_line}})
    _recognise_as(monkeypatch, {1: {"B": 1 - when_shuffled, "1": when_shuffled}})

    (reread,) = reread_shuffled(GRAY, (LINE,), (GRID,), letters, [(0, 1)])

    assert reread[1, ALPHABET.index("1")] == pytest.approx(rival, abs=0.0005)
    assert np.array_equal(np.delete(reread, 1, axis=0), np.delete(letters[0], 1, axis=0))


def test_a_filler_is_still_suspected_to_be_a_k(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = observed((TEXT,), {(0, 6): {"<": 0.999, "K": 0.001}})
    _recognise_as(monkeypatch, {6: {"<": 0.99, "K": 0.01}})

    (reread,) = reread_shuffled(GRAY, (LINE,), (GRID,), letters, [(0, 6)])

    assert reread[6, ALPHABET.index("K")] == pytest.approx(0.001, abs=0.0005)


def _recognise_as(monkeypatch: pytest.MonkeyPatch, unsure: dict[int, dict[str, float]]) -> None:
    """Let the recogniser give the text, its cells in the order in which they are shuffled."""
    half = (len(TEXT) + 1) // 2
    order = [k for pair in zip(range(half, 2 * half), range(half), strict=True) for k in pair if k < len(TEXT)]

    def recognise(strips: Sequence[Gray]) -> list[Floats]:
        columns = strips[0].shape[1] // 4
        probabilities = np.zeros((columns, 1 + len(ALPHABET)), np.float32)
        probabilities[:, 0] = 1.0
        for place, k in enumerate(order):
            column = round((48 + (place + 0.5) * 12) / 4 - 0.5)
            probabilities[column] = 0.0
            for character, probability in unsure.get(k, {TEXT[k]: 1.0}).items():
                probabilities[column, 1 + ALPHABET.index(character)] = probability
        return [probabilities]

    monkeypatch.setattr(shuffled_cells, "recognise", recognise)
