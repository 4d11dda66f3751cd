from __future__ import annotations

import numpy as np
import pytest

from cari_mrz.check_digits import ALPHABET
from cari_mrz.pitch import grids, peaks

LINE = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def test_each_letter_is_a_peak_with_its_column_and_probability() -> None:
    found = peaks(_recognised("A7<", pitch=4.0, first=6.0))

    assert [ALPHABET[peak.letter - 1] for peak in found] == ["A", "7", "<"]
    assert [peak.column for peak in found] == pytest.approx([6, 10, 14], abs=0.6)


def test_a_grid_gives_every_letter_its_cell() -> None:
    assert _text(LINE, _recognised(LINE, pitch=4.3, first=8.0)) == LINE


def test_a_letter_that_was_not_seen_leaves_its_cell_unknown_and_the_others_in_place() -> None:
    probabilities = _recognised(LINE, pitch=4.3, first=8.0)
    column = round(8.0 + 9 * 4.3)
    probabilities[column - 2 : column + 3] = _nothing(5)

    (grid,) = grids(probabilities, peaks(probabilities), len(LINE))

    assert grid.probabilities[9].max() < 0.1
    assert _as_text(grid.probabilities)[:9] + _as_text(grid.probabilities)[10:] == LINE[:9] + LINE[10:]


def test_a_pitch_that_widens_along_the_line_is_followed() -> None:
    columns = 8 + np.cumsum(np.linspace(3.8, 4.7, len(LINE)))

    assert _text(LINE, _at(LINE, columns)) == LINE


def test_a_smudge_before_the_line_is_not_its_first_letter() -> None:
    probabilities = _at("X" + LINE, np.r_[8.0, 16.0 + 4.3 * np.arange(len(LINE))])

    assert _text(LINE, probabilities) == LINE


def test_print_with_far_fewer_letters_has_no_grid() -> None:
    probabilities = _recognised(LINE[:30], pitch=4.3, first=8.0)

    assert grids(probabilities, peaks(probabilities), len(LINE)) == []


def _text(line: str, probabilities: np.ndarray) -> str:
    best = max(grids(probabilities, peaks(probabilities), len(line)), key=lambda grid: grid.fit)
    return _as_text(best.probabilities)


def _as_text(letters: np.ndarray) -> str:
    return "".join(ALPHABET[k] for k in letters.argmax(axis=1))


def _recognised(text: str, *, pitch: float, first: float) -> np.ndarray:
    return _at(text, first + pitch * np.arange(len(text)))


def _at(text: str, columns: np.ndarray) -> np.ndarray:
    probabilities = _nothing(round(columns[-1]) + 12)
    for letter, column in zip(text, columns, strict=True):
        for near in (round(column - 0.5), round(column + 0.5)):
            probabilities[near] = 0.001
            probabilities[near, ALPHABET.index(letter) + 1] = 0.96
    return probabilities


def _nothing(columns: int) -> np.ndarray:
    probabilities = np.full((columns, 1 + len(ALPHABET)), 0.0005, np.float32)
    probabilities[:, 0] = 0.98
    return probabilities
