"""Probabilities of every cell in, the likeliest MRZ out: by position, by State codes, by check digits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from .check_digits import ALPHABET, FILLER
from .congruence import Posterior, posterior, rival_probabilities, rules_of
from .layouts import ALLOWED, ANY, LAYOUTS, LETTERS, layout_of
from .parser import parse
from .repair import Repair
from .states import STATE_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from .congruence import Letters
    from .layouts import Cell, Layout
    from .mrz import Mrz

# How much less likely, in nats, a character is ...
MISPLACED = 6.0  # where its kind may not stand; not infinitely, for some issuers print what they may not
IN_NUMBERS = dict.fromkeys(LETTERS, 1.0) | dict.fromkeys("OIQ", 2.5)  # where digits are: issuers avoid the last three
NO_DATE = 3.0  # as the first digit of a month or a day, if no month or day begins so
NO_STATE = 5.0  # with two others, as the code of a State if there is no such State
NO_CODE = 3.0  # with another, as a document code if the layout has no such code

NAMES = ("name", "surname", "names")
STATES = ("country", "nationality")
# Russian internal passports transliterate by a table of their own ("modernised Claire"), which prints digits for the
# letters that Latin has none for: Ё Ч Ш Э Ю Я and the soft sign.
DIGITS_IN_NAMES = {"PNRUS": frozenset("2346789")}
WHY = {"type": "document code", "country": "state code", "nationality": "state code"}
DATES = ("date_of_birth", "expiration_date")
LETTER_PX = 16.0  # letters of which no size is known are taken for well legible
MONTHS, DAYS = "01<", "0123<"


@dataclass(frozen=True, eq=False)
class Decoded:
    """An MRZ with the probability of each of its characters, and how likely these are print of its layout.

    shares say how likely each character is right, rivals how likely its cell holds another that no check digit can
    tell from it: what was seen decides that, and no check digit adds to it. likelihood is the mean of the
    log-probabilities (nats, 0 at best) before check digits were counted,
    evidence how likely the check digits that were believed are to hold, letter_px how high the letters were seen.
    """

    mrz: Mrz
    layout: Layout
    shares: tuple[tuple[float, ...], ...]
    rivals: tuple[tuple[float, ...], ...]
    repairs: tuple[Repair, ...]
    likelihood: float
    evidence: float
    letter_px: float

    def share(self, cell: Cell) -> float:
        """Give the probability of one character."""
        return self.shares[cell[0]][cell[1]]


def decode(seen: Letters, *, letter_px: float = LETTER_PX) -> Decoded | None:
    """Read lines as the layout of their shape that they are likeliest to be; None where there is none."""
    shape = tuple(len(line) for line in seen)
    candidates = [decoded for layout in LAYOUTS if layout.widths == shape and (decoded := _as(layout, seen, letter_px))]
    return max(candidates, key=lambda each: each.likelihood, default=None)


def _as(layout: Layout, seen: Letters, letter_px: float) -> Decoded | None:
    """Read lines as one layout."""
    costs = _costs(layout)
    likely = _likely(layout, seen, costs)
    chosen = _lines(likely)
    in_names = DIGITS_IN_NAMES.get(chosen[0][: len("PNRUS")])
    if in_names:
        costs = _costs(layout, in_names)
        likely = _likely(layout, seen, costs)
        chosen = _lines(likely)
    if layout_of(chosen) is not layout:
        return None
    weighed = posterior(likely, rules_of(layout, chosen), _movable(layout))
    lines = _lines(weighed.letters)
    if layout_of(lines) is not layout:
        return None
    return _decoded(layout, seen, costs, weighed, lines, letter_px)


def _likely(layout: Layout, seen: Letters, costs: Sequence[NDArray[np.float64]]) -> Letters:
    """Weigh what was seen by what stands where, and by which codes there are."""
    return _with_codes(tuple(_normal(np.log(line) - cost) for line, cost in zip(seen, costs, strict=True)), layout)


def _decoded(
    layout: Layout,
    seen: Letters,
    costs: Sequence[NDArray[np.float64]],
    weighed: Posterior,
    lines: tuple[str, ...],
    letter_px: float,
) -> Decoded:
    chosen = [line.argmax(axis=1) for line in weighed.letters]
    rivals = _rivals(layout, seen, chosen)
    nats = [
        (np.log(line) - cost)[np.arange(len(line)), best] for line, cost, best in zip(seen, costs, chosen, strict=True)
    ]
    return Decoded(
        mrz=parse(lines),
        layout=layout,
        shares=tuple(
            tuple(float(share) for share in np.minimum(line[np.arange(len(line)), best], 1 - rival))
            for line, best, rival in zip(weighed.letters, chosen, rivals, strict=True)
        ),
        rivals=tuple(tuple(map(float, line)) for line in rivals),
        repairs=tuple(_repairs(layout, _lines(seen), lines)),
        likelihood=float(np.concatenate(nats).mean()),
        evidence=weighed.evidence,
        letter_px=letter_px,
    )


def _rivals(layout: Layout, seen: Letters, chosen: Sequence[NDArray[np.intp]]) -> tuple[NDArray[np.float64], ...]:
    """Say for each checked cell how likely it holds a character that no check digit can tell from the chosen one.

    What was seen decides, and which characters the layout has there; not which of them issuers print more often.
    """
    return tuple(
        np.where(checked, rival_probabilities(line * weight, best), 0.0)
        for line, weight, best, checked in zip(
            seen, _place_weights(layout), chosen, _mask(layout, layout.checked_cells), strict=True
        )
    )


def _repairs(layout: Layout, read: Sequence[str], written: Sequence[str]) -> Iterator[Repair]:
    for i, (row, other) in enumerate(zip(read, written, strict=True)):
        for j, (one, another) in enumerate(zip(row, other, strict=True)):
            if one != another:
                yield Repair(i, j, one, another, _why(layout, (i, j), one))


def _why(layout: Layout, cell: Cell, read: str) -> str:
    if read not in ALLOWED[layout.pictures[cell[0]][cell[1]]]:
        return "position"
    for name, why in WHY.items():
        span = layout.fields.get(name)
        if span and cell in span.cells:
            return why
    return "check digit"


def _with_codes(likely: Letters, layout: Layout) -> Letters:
    """Weigh document code, country and nationality by which codes there are."""
    lines = [line.copy() for line in likely]
    known = [("type", layout.codes, NO_CODE), *((name, STATE_CODES, NO_STATE) for name in STATES)]
    for name, codes, nats in known:
        span = layout.fields.get(name)
        if span:
            cells = lines[span.line][span.start : span.end]
            cells[:] = _as_one_of(cells, _indices(codes, span.end - span.start), nats)
    return tuple(lines)


def _as_one_of(shares: NDArray[np.float64], codes: NDArray[np.intp], nats: float) -> NDArray[np.float64]:
    """Give each character its probability when any other code than these is less likely by so many nats."""
    width = np.arange(codes.shape[1])
    likely = shares[width, codes].prod(axis=1)
    weights = np.zeros_like(shares)
    np.add.at(weights, (np.broadcast_to(width, codes.shape), codes), likely[:, None])
    other = np.exp(-nats)
    total = likely.sum() * (1 - other) + other
    return np.asarray((weights * (1 - other) + shares * other) / total, np.float64)


@cache
def _indices(codes: frozenset[str], width: int) -> NDArray[np.intp]:
    return np.array([[ALPHABET.index(letter) for letter in code.ljust(width, FILLER)] for code in sorted(codes)])


@cache
def _place_costs(layout: Layout) -> tuple[NDArray[np.float64], ...]:
    """Say for each cell how much less likely a character is that the layout does not have there, in nats."""
    return tuple(
        np.array([[0.0 if letter in ALLOWED[kind] else MISPLACED for letter in ALPHABET] for kind in picture])
        for picture in layout.pictures
    )


@cache
def _place_weights(layout: Layout) -> tuple[NDArray[np.float64], ...]:
    return tuple(np.exp(-cost) for cost in _place_costs(layout))


@cache
def _costs(layout: Layout, in_names: frozenset[str] = frozenset()) -> tuple[NDArray[np.float64], ...]:
    """Say for each cell how much less likely its place makes each character, in nats; names may have some digits."""
    costs = tuple(cost.copy() for cost in _place_costs(layout))
    for i, j in layout.checked_cells:
        if layout.pictures[i][j] == ANY:
            for letter, nats in IN_NUMBERS.items():
                costs[i][j, ALPHABET.index(letter)] += nats
    for name in DATES:
        span = layout.fields.get(name)
        if span is None:
            continue
        for offset, allowed in ((2, MONTHS), (4, DAYS)):
            costs[span.line][span.start + offset] += [0.0 if letter in allowed else NO_DATE for letter in ALPHABET]
    for name in NAMES:
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
    names = {cell for name in NAMES if name in layout.fields for cell in layout.fields[name].cells}
    return layout.checked_cells - names


def _normal(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    power = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(power / power.sum(axis=1, keepdims=True), np.float64)


def _lines(letters: Letters) -> tuple[str, ...]:
    return tuple("".join(ALPHABET[k] for k in line.argmax(axis=1)) for line in letters)
