"""The check-digit posterior: how likely each character is, given that the check digits hold. It is exact.

A check digit asks that a weighted sum of characters be 0 modulo 10. How likely every residue is follows from
the characters' probabilities by a discrete Fourier transform over the residues (one for a field's own check digit, one
for the composite), in which independent characters multiply. So no combination of characters is tried: all of
them are weighed at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .check_digits import ALPHABET, CHECK_WEIGHTS, FILLER, VALUES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .layouts import Cell, Layout

CharacterProbabilities: TypeAlias = tuple[NDArray[np.float64], ...]
"""For each line, cells×37: how likely (0..1) each cell (row) holds each character of ALPHABET (column)."""

MODULUS = 10
COMPOSITE = "composite"
# A check digit agrees by chance once in ten times. One that is less likely than this to agree was not printed so.
MIN_EVIDENCE_OF_CHECK = 1e-2
# Where one is wrong for certain, the issuer computes it in another way or the print was changed: others may be too.
MIN_EVIDENCE_BESIDE_WRONG_CHECK = 0.3

# The recogniser has learnt from rows of fillers, and takes a blurred K in one for a filler too readily: the
# probability that it gives to a K counts so many times. Measured by tests/benchmarks/mrz/rivals.py, see MODEL_CARD.md.
K_AMONG_FILLERS = 30.0

_RESIDUES = np.array([VALUES[character] % MODULUS for character in ALPHABET])
# 37×37: which characters (columns) are rivals of the one read (rows), and how many times each one's probability counts.
_RIVAL_WEIGHTS = np.asarray(_RESIDUES[:, None] == _RESIDUES, np.float64) - np.eye(len(ALPHABET))
_RIVAL_WEIGHTS[ALPHABET.index(FILLER), ALPHABET.index("K")] = K_AMONG_FILLERS
_BY_RESIDUE = np.eye(MODULUS)[_RESIDUES]
_WAVES = np.exp(2j * np.pi / MODULUS * np.outer(np.arange(MODULUS), np.arange(MODULUS)))


def rivals_of(character: str, among: Collection[str] = ALPHABET) -> tuple[str, ...]:
    """List the other characters that no check digit can tell from this one: their values are equal modulo 10."""
    residue = VALUES[character] % MODULUS
    alike = (other for other in ALPHABET if VALUES[other] % MODULUS == residue)
    return tuple(other for other in alike if other != character and other in among)


def rival_probabilities(line: NDArray[np.float64], chosen: NDArray[np.intp]) -> NDArray[np.float64]:
    """Say for each cell how likely it holds a character that no check digit can tell from the one chosen.

    `line` (cells×37) is what was observed, without check digits; `chosen` is each cell's column in it. That the check
    digits hold is taken for granted, so the chosen character and its rivals have all the probability between them.
    """
    own = line[np.arange(len(line)), chosen]
    rivals = (line * _RIVAL_WEIGHTS[chosen]).sum(axis=1)
    return np.asarray(rivals / (own + rivals), np.float64)


@dataclass(frozen=True)
class CheckEquation:
    """One check digit as an equation: the values of these cells, each times its weight, add up to 0 modulo 10."""

    name: str
    weights: Mapping[Cell, int]


@dataclass(frozen=True, eq=False)
class Posterior:
    """The characters' probabilities given the check digits that can hold, and how likely those are to hold (0..1).

    `held` are the names of those check digits.
    """

    probabilities: CharacterProbabilities
    evidence: float
    held: frozenset[str]


def posterior(
    probabilities: CharacterProbabilities, equations: Sequence[CheckEquation], movable: frozenset[Cell]
) -> Posterior:
    """Weigh every character of the movable cells by the check digits; the other cells stay as they are.

    A check digit that hardly any likely combination satisfies is left out: it is printed wrong or was
    misread, and must not pull the others with it.
    """
    own, composite = _equations_that_hold(probabilities, equations, MIN_EVIDENCE_OF_CHECK)
    if len(own) + (composite is not None) < len(equations):
        own, composite = _equations_that_hold(probabilities, equations, MIN_EVIDENCE_BESIDE_WRONG_CHECK)
    held = frozenset(equation.name for equation in (*own, composite) if equation)
    weighed = [line.copy() for line in probabilities]
    segments = _segments(probabilities, own, composite)
    products = [segment.satisfied for segment in segments]
    evidence = _probability_that_all_hold(products, composite is not None)
    for k, segment in enumerate(segments):
        others = np.prod([each for j, each in enumerate(products) if j != k], axis=0) if len(products) > 1 else 1.0
        for (i, j), likelihood in zip(segment.cells, segment.likelihoods(others), strict=True):
            if (i, j) in movable:
                joint = probabilities[i][j] * likelihood[_RESIDUES]
                weighed[i][j] = joint / joint.sum() if joint.sum() > 0 else probabilities[i][j]
    return Posterior(tuple(weighed), evidence, held)


def _equations_that_hold(
    probabilities: CharacterProbabilities, equations: Sequence[CheckEquation], least: float
) -> tuple[list[CheckEquation], CheckEquation | None]:
    """Choose the check digits that are at least so likely to hold."""
    own = [
        equation
        for equation in equations
        if equation.name != COMPOSITE and _evidence(probabilities, [equation], None) >= least
    ]
    composite = next((equation for equation in equations if equation.name == COMPOSITE), None)
    if composite and _evidence(probabilities, own, composite) < least * _evidence(probabilities, own, None):
        composite = None
    return own, composite


def equations_of(layout: Layout, lines: Sequence[str]) -> tuple[CheckEquation, ...]:
    """Write a layout's check digits as equations; lines tell where a long number ends, if there is one."""
    equations = (
        _equation(rule.name, [cell for span in rule.covers for cell in span.cells], rule.at.cells[0])
        for rule in layout.checks
    )
    long_number = _long_number(layout, lines)
    return tuple(
        long_number if long_number and equation.name == long_number.name else equation for equation in equations
    )


def _equation(name: str, covered: Sequence[Cell], digit: Cell) -> CheckEquation:
    weights = {cell: CHECK_WEIGHTS[i % len(CHECK_WEIGHTS)] for i, cell in enumerate(covered)}
    return CheckEquation(name, weights | {digit: MODULUS - 1})


def _long_number(layout: Layout, lines: Sequence[str]) -> CheckEquation | None:
    """Find the check digit of a number that goes on in the optional data: behind it, before the first filler."""
    overflow = layout.number_overflow
    digit = next((rule.at for rule in layout.checks if rule.name == "number"), None)
    if overflow is None or digit is None or digit.of(lines) != FILLER or FILLER in layout.fields["number"].of(lines):
        return None
    tail = overflow.of(lines).partition(FILLER)[0]
    if len(tail) < 2:  # noqa: PLR2004 - at least one more character, and the digit
        return None
    number = layout.fields["number"].cells
    rest = [(overflow.line, overflow.start + i) for i in range(len(tail))]
    return _equation("number", [*number, *rest[:-1]], rest[-1])


@dataclass(frozen=True, eq=False)
class _Segment:
    """The cells of one check digit, or those that only the composite covers, transformed."""

    cells: tuple[Cell, ...]
    weights: NDArray[np.intp]  # of each cell: in its own sum, in the composite's
    factors: NDArray[np.complex128]  # cells × own waves × composite waves

    @property
    def satisfied(self) -> NDArray[np.complex128]:
        """The transform, over the composite's residue, of how likely the own check digit holds."""
        return np.asarray(self.factors.prod(axis=0).mean(axis=0), np.complex128)

    def likelihoods(self, others: NDArray[np.complex128] | float) -> NDArray[np.float64]:
        """Say for each cell and residue of its character how likely all check digits then hold."""
        rest = _others_of_each(self.factors) * others
        own, composite = rest.shape[1:]
        waves = self.weights[:, 0, None, None] * np.arange(own)[:, None] + self.weights[:, 1, None, None] * np.arange(
            composite
        )
        turned = _WAVES[waves % MODULUS]
        found = np.einsum("cij,cijr->cr", rest, turned).real / (own * composite)
        return np.asarray(np.maximum(found, 0.0), np.float64)


def _segments(
    probabilities: CharacterProbabilities, own: Sequence[CheckEquation], composite: CheckEquation | None
) -> list[_Segment]:
    taken: set[Cell] = set()
    segments = []
    for equation in own:
        segments.append(_segment(probabilities, equation.weights, composite))
        taken |= equation.weights.keys()
    rest = [cell for cell in (composite.weights if composite else {}) if cell not in taken]
    return [*segments, _segment(probabilities, dict.fromkeys(rest, 0), composite)] if rest else segments


def _segment(
    probabilities: CharacterProbabilities, weights: Mapping[Cell, int], composite: CheckEquation | None
) -> _Segment:
    both = np.array([(own, composite.weights.get(cell, 0) if composite else 0) for cell, own in weights.items()])
    residues = np.array([probabilities[i][j] for i, j in weights]) @ _BY_RESIDUE
    spectrum = residues @ _WAVES
    sizes = MODULUS if both[:, 0].any() else 1, MODULUS if composite else 1
    waves = (both[:, :1, None] * np.arange(sizes[0])[:, None] + both[:, 1:, None] * np.arange(sizes[1])) % MODULUS
    return _Segment(tuple(weights), both, spectrum[np.arange(len(both))[:, None, None], waves])


def _others_of_each(factors: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Multiply, for each cell, the factors of all the other cells."""
    one = np.ones_like(factors[:1])
    before = np.cumprod(np.concatenate([one, factors[:-1]]), axis=0)
    after = np.cumprod(np.concatenate([one, factors[:0:-1]]), axis=0)[::-1]
    return np.asarray(before * after, np.complex128)


def _evidence(
    probabilities: CharacterProbabilities, own: Sequence[CheckEquation], composite: CheckEquation | None
) -> float:
    return _probability_that_all_hold(
        [segment.satisfied for segment in _segments(probabilities, own, composite)], composite is not None
    )


def _probability_that_all_hold(products: Sequence[NDArray[np.complex128]], has_composite: bool) -> float:
    if not products:
        return 1.0
    total = np.prod(products, axis=0)
    return float(total.mean().real if has_composite else total[0].real)
