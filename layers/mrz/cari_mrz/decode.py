"""Decode the probabilities of every cell to the likeliest MRZ: by position, by State codes, by check digits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from .check_digit_posterior import Posterior, equations_of, posterior, rival_probabilities
from .check_digits import ALPHABET, FILLER
from .layouts import ALLOWED, ANY, LAYOUTS, LETTERS, layout_of
from .parser import parse
from .repair import Repair
from .states import STATE_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from .check_digit_posterior import CharacterProbabilities
    from .layouts import Cell, Layout
    from .mrz import Mrz

# How much less likely, in nats, a character is:
MISPLACED_NATS = 6.0  # where its kind may not stand; not infinitely, for some issuers print what they may not
# Each letter, where letters and digits may stand: issuers avoid the last three.
LETTER_IN_NUMBER_NATS = dict.fromkeys(LETTERS, 1.0) | dict.fromkeys("OIQ", 2.5)
IMPOSSIBLE_DATE_DIGIT_NATS = 3.0  # as the first digit of a month or a day, if no month or day begins so
UNKNOWN_STATE_NATS = 5.0  # with two others, as the code of a State if there is no such State
UNKNOWN_DOCUMENT_CODE_NATS = 3.0  # with another, as a document code if the layout has no such code

NAME_FIELDS = ("name", "surname", "names")
STATE_FIELDS = ("country", "nationality")
# Russian internal passports transliterate by a table of their own ("modernised Claire"), which prints digits for the
# letters that Latin has none for: Ё Ч Ш Э Ю Я and the soft sign.
DIGITS_IN_NAMES = {"PNRUS": frozenset("2346789")}
REPAIR_REASONS = {"type": "document code", "country": "state code", "nationality": "state code"}
DATE_FIELDS = ("date_of_birth", "expiration_date")
LEGIBLE_LETTER_PX = 16.0  # letters whose height in the picture is not known are taken for well legible
MONTH_FIRST_CHARACTERS, DAY_FIRST_CHARACTERS = "01<", "0123<"


@dataclass(frozen=True, eq=False)
class Decoded:
    """An MRZ with the probability of each of its characters, and how likely these are print of its layout.

    `probabilities` say, line by line, how likely each character is right (0..1), `rival_probabilities` how likely its
    cell holds another that no check digit can tell from it: what was observed decides that, and no check digit adds to
    it. `mean_log_likelihood` is the mean of the characters' log-probabilities (nats, 0 at best) before check digits are
    counted, `evidence` how likely the check digits that are counted are to hold (0..1), `letter_px` the height of the
    letters in the picture.
    """

    mrz: Mrz
    layout: Layout
    probabilities: tuple[tuple[float, ...], ...]
    rival_probabilities: tuple[tuple[float, ...], ...]
    repairs: tuple[Repair, ...]
    mean_log_likelihood: float
    evidence: float
    letter_px: float

    def probability(self, cell: Cell) -> float:
        """Give the probability of one character."""
        return self.probabilities[cell[0]][cell[1]]


def decode(observed: CharacterProbabilities, *, letter_px: float = LEGIBLE_LETTER_PX) -> Decoded | None:
    """Read lines as the layout of their shape that they are likeliest to be; None where there is none."""
    shape = tuple(len(line) for line in observed)
    candidates = [
        decoded for layout in LAYOUTS if layout.widths == shape and (decoded := _decode_as(layout, observed, letter_px))
    ]
    return max(candidates, key=lambda each: each.mean_log_likelihood, default=None)


def _decode_as(layout: Layout, observed: CharacterProbabilities, letter_px: float) -> Decoded | None:
    """Read lines as one layout."""
    costs = _costs(layout)
    likely = _weighed_by_layout(layout, observed, costs)
    chosen = _lines(likely)
    in_names = DIGITS_IN_NAMES.get(chosen[0][: len("PNRUS")])
    if in_names:
        costs = _costs(layout, in_names)
        likely = _weighed_by_layout(layout, observed, costs)
        chosen = _lines(likely)
    if layout_of(chosen) is not layout:
        return None
    weighed = posterior(likely, equations_of(layout, chosen), _movable(layout))
    lines = _lines(weighed.probabilities)
    if layout_of(lines) is not layout:
        return None
    return _decoded(layout, observed, costs, weighed, lines, letter_px)


def _weighed_by_layout(
    layout: Layout, observed: CharacterProbabilities, costs: Sequence[NDArray[np.float64]]
) -> CharacterProbabilities:
    """Weigh what was observed by what each place may hold, and by which codes there are."""
    return _weighed_by_known_codes(
        tuple(_softmax(np.log(line) - cost) for line, cost in zip(observed, costs, strict=True)), layout
    )


def _decoded(
    layout: Layout,
    observed: CharacterProbabilities,
    costs: Sequence[NDArray[np.float64]],
    weighed: Posterior,
    lines: tuple[str, ...],
    letter_px: float,
) -> Decoded:
    chosen = [line.argmax(axis=1) for line in weighed.probabilities]
    rivals = _rivals(layout, observed, chosen)
    nats = [
        (np.log(line) - cost)[np.arange(len(line)), best]
        for line, cost, best in zip(observed, costs, chosen, strict=True)
    ]
    return Decoded(
        mrz=parse(lines),
        layout=layout,
        probabilities=tuple(
            tuple(map(float, np.minimum(line[np.arange(len(line)), best], 1 - rival)))
            for line, best, rival in zip(weighed.probabilities, chosen, rivals, strict=True)
        ),
        rival_probabilities=tuple(tuple(map(float, line)) for line in rivals),
        repairs=tuple(_repairs(layout, _lines(observed), lines)),
        mean_log_likelihood=float(np.concatenate(nats).mean()),
        evidence=weighed.evidence,
        letter_px=letter_px,
    )


def _rivals(
    layout: Layout, observed: CharacterProbabilities, chosen: Sequence[NDArray[np.intp]]
) -> tuple[NDArray[np.float64], ...]:
    """Say for each checked cell how likely it holds a character that no check digit can tell from the chosen one.

    What was observed decides, and which characters the layout has there; not which of them issuers print more often.
    """
    return tuple(
        np.where(checked, rival_probabilities(line * weight, best), 0.0)
        for line, weight, best, checked in zip(
            observed, _place_weights(layout), chosen, _mask(layout, layout.checked_cells), strict=True
        )
    )


def _repairs(layout: Layout, read: Sequence[str], written: Sequence[str]) -> Iterator[Repair]:
    for i, (row, other) in enumerate(zip(read, written, strict=True)):
        for j, (one, another) in enumerate(zip(row, other, strict=True)):
            if one != another:
                yield Repair(i, j, one, another, _why(layout, (i, j), one))


def _why(layout: Layout, cell: Cell, read: str) -> str:
    if read not in ALLOWED[layout.patterns[cell[0]][cell[1]]]:
        return "position"
    for name, why in REPAIR_REASONS.items():
        span = layout.fields.get(name)
        if span and cell in span.cells:
            return why
    return "check digit"


def _weighed_by_known_codes(likely: CharacterProbabilities, layout: Layout) -> CharacterProbabilities:
    """Weigh document code, country and nationality by which codes there are."""
    lines = [line.copy() for line in likely]
    known = [
        ("type", layout.codes, UNKNOWN_DOCUMENT_CODE_NATS),
        *((name, STATE_CODES, UNKNOWN_STATE_NATS) for name in STATE_FIELDS),
    ]
    for name, codes, nats in known:
        span = layout.fields.get(name)
        if span:
            cells = lines[span.line][span.start : span.end]
            cells[:] = _weighed_by_codes(cells, _indices(codes, span.end - span.start), nats)
    return tuple(lines)


def _weighed_by_codes(probabilities: NDArray[np.float64], codes: NDArray[np.intp], nats: float) -> NDArray[np.float64]:
    """Weigh a field (cells×37) by its known codes (codes×cells): any other code is less likely by so many nats."""
    width = np.arange(codes.shape[1])
    likely = probabilities[width, codes].prod(axis=1)
    weights = np.zeros_like(probabilities)
    np.add.at(weights, (np.broadcast_to(width, codes.shape), codes), likely[:, None])
    other = np.exp(-nats)
    total = likely.sum() * (1 - other) + other
    return np.asarray((weights * (1 - other) + probabilities * other) / total, np.float64)


@cache
def _indices(codes: frozenset[str], width: int) -> NDArray[np.intp]:
    """Give the codes as indices of their characters in the alphabet, codes×width."""
    return np.array([[ALPHABET.index(letter) for letter in code.ljust(width, FILLER)] for code in sorted(codes)])


@cache
def _place_costs(layout: Layout) -> tuple[NDArray[np.float64], ...]:
    """Say for each cell how much less likely a character is that the layout does not have there, in nats."""
    return tuple(
        np.array([[0.0 if letter in ALLOWED[kind] else MISPLACED_NATS for letter in ALPHABET] for kind in pattern])
        for pattern in layout.patterns
    )


@cache
def _place_weights(layout: Layout) -> tuple[NDArray[np.float64], ...]:
    return tuple(np.exp(-cost) for cost in _place_costs(layout))


@cache
def _costs(layout: Layout, in_names: frozenset[str] = frozenset()) -> tuple[NDArray[np.float64], ...]:
    """Say for each cell (row) how much less likely its place makes each character (column), in nats.

    `in_names` are digits that names may have.
    """
    costs = tuple(cost.copy() for cost in _place_costs(layout))
    for i, j in layout.checked_cells:
        if layout.patterns[i][j] == ANY:
            for letter, nats in LETTER_IN_NUMBER_NATS.items():
                costs[i][j, ALPHABET.index(letter)] += nats
    for name in DATE_FIELDS:
        span = layout.fields.get(name)
        if span is None:
            continue
        for offset, allowed in ((2, MONTH_FIRST_CHARACTERS), (4, DAY_FIRST_CHARACTERS)):
            costs[span.line][span.start + offset] += [
                0.0 if letter in allowed else IMPOSSIBLE_DATE_DIGIT_NATS for letter in ALPHABET
            ]
    for name in NAME_FIELDS:
        span = layout.fields.get(name)
        if span and in_names:
            costs[span.line][span.start : span.end, [ALPHABET.index(digit) for digit in in_names]] = 0.0
    return costs


@cache
def _mask(layout: Layout, cells: frozenset[Cell]) -> tuple[NDArray[np.bool_], ...]:
    return tuple(np.array([(i, j) in cells for j in range(width)]) for i, width in enumerate(layout.widths))


@cache
def _movable(layout: Layout) -> frozenset[Cell]:
    """List the cells that check digits may change: all that they cover but names."""
    names = {cell for name in NAME_FIELDS if name in layout.fields for cell in layout.fields[name].cells}
    return layout.checked_cells - names


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    power = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(power / power.sum(axis=1, keepdims=True), np.float64)


def _lines(probabilities: CharacterProbabilities) -> tuple[str, ...]:
    return tuple("".join(ALPHABET[k] for k in line.argmax(axis=1)) for line in probabilities)
