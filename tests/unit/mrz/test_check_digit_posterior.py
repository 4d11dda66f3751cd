from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cari_mrz import check_digit, layout_of, parse
from cari_mrz.check_digit_posterior import CharacterProbabilities, CheckEquation, equations_of, posterior
from cari_mrz.check_digits import ALPHABET, VALUES

from .observed import observed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cari_mrz import Layout

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
LONG_SKIPPED = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
CELLS = [(0, column) for column in range(4)]
FIRST = CheckEquation("number", {(0, 0): 7, (0, 1): 9})
SECOND = CheckEquation("composite", {(0, 0): 7, (0, 1): 3, (0, 2): 1, (0, 3): 9})


@given(st.integers(0, 2**32 - 1), st.sampled_from([(FIRST,), (SECOND,), (FIRST, SECOND)]))
def test_the_posterior_is_what_adding_up_every_combination_gives(
    seed: int, equations: tuple[CheckEquation, ...]
) -> None:
    letters = _few_letters(np.random.default_rng(seed))

    weighed = posterior(letters, equations, frozenset(CELLS))

    expected, evidence = _by_enumeration(letters, [equation for equation in equations if equation.name in weighed.held])
    assert weighed.evidence == pytest.approx(evidence, abs=1e-9)
    assert weighed.probabilities[0] == pytest.approx(expected, abs=1e-7)


def test_an_uncertain_digit_is_settled_by_its_check_digit() -> None:
    letters = observed(PASSPORT, {(1, 13): {"1": 0.6, "7": 0.4}})

    weighed = posterior(letters, equations_of(_layout(PASSPORT), PASSPORT), _all_cells(PASSPORT))

    assert weighed.probabilities[1][13, ALPHABET.index("7")] > 0.99


def test_a_certain_digit_is_not_changed_to_please_a_check_digit() -> None:
    forged = (PASSPORT[0], PASSPORT[1].replace("740812", "740813"))

    weighed = posterior(observed(forged), equations_of(_layout(forged), forged), _all_cells(forged))

    assert weighed.probabilities[1][18, ALPHABET.index("3")] > 0.99
    assert weighed.held == {"number", "expiration_date", "personal_number"}


def test_cells_that_may_not_move_stay_as_they_were_observed() -> None:
    letters = observed(PASSPORT, {(1, 13): {"1": 0.6, "7": 0.4}})

    weighed = posterior(letters, equations_of(_layout(PASSPORT), PASSPORT), frozenset())

    assert all(np.array_equal(one, other) for one, other in zip(weighed.probabilities, letters, strict=True))


@pytest.mark.parametrize("lines", [PASSPORT, LONG_SKIPPED])
def test_the_equations_of_a_valid_mrz_are_zero(lines: tuple[str, ...]) -> None:
    assert parse(lines).checks_pass

    for equation in equations_of(_layout(lines), lines):
        total = sum(weight * VALUES[lines[i][j]] for (i, j), weight in equation.weights.items())
        assert total % 10 == 0, equation.name


def test_the_check_digit_of_a_long_number_is_behind_it() -> None:
    number = next(
        equation for equation in equations_of(_layout(LONG_SKIPPED), LONG_SKIPPED) if equation.name == "number"
    )

    digit = next(cell for cell, weight in number.weights.items() if weight == 9)

    assert LONG_SKIPPED[digit[0]][digit[1]] == check_digit("D23145890734")


def _few_letters(rng: np.random.Generator) -> CharacterProbabilities:
    """Give each of four cells three characters to choose from."""
    probabilities = np.zeros((len(CELLS), len(ALPHABET)))
    for row in probabilities:
        row[rng.choice(len(ALPHABET), 3, replace=False)] = rng.dirichlet(np.ones(3))
    return (probabilities,)


def _by_enumeration(
    letters: CharacterProbabilities, equations: list[CheckEquation]
) -> tuple[NDArray[np.float64], float]:
    found, total = np.zeros_like(letters[0]), 0.0
    for choice in product(*(np.flatnonzero(row) for row in letters[0])):
        sums = (
            sum(w * VALUES[ALPHABET[choice[j]]] for (_, j), w in equation.weights.items()) for equation in equations
        )
        if all(each % 10 == 0 for each in sums):
            probability = float(np.prod([letters[0][j, k] for j, k in enumerate(choice)]))
            total += probability
            for j, k in enumerate(choice):
                found[j, k] += probability
    moved = {j for equation in equations for _, j in equation.weights}
    for j in range(len(found)):
        found[j] = found[j] / total if j in moved and total else letters[0][j]
    return found, total


def _layout(lines: tuple[str, ...]) -> Layout:
    layout = layout_of(lines)
    assert layout is not None
    return layout


def _all_cells(lines: tuple[str, ...]) -> frozenset[tuple[int, int]]:
    return frozenset((i, j) for i, line in enumerate(lines) for j in range(len(line)))
