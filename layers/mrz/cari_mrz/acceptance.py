"""When a reading is accepted: its check digits hold, and no character is in doubt."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .decode import Decoded
    from .layouts import Cell

MIN_PROBABILITY_CHECKED = 0.8  # of one character that a check digit covers
MIN_PROBABILITY_UNCHECKED = 0.9  # of one that none covers: of 32 between the two one was wrong
# Of either, in letters lower than SMALL_LETTER_PX, which look more alike than they seem to:
MIN_PROBABILITY_SMALL = 0.98
SMALL_LETTER_PX = 6.0
MIN_PROBABILITY_REPAIRED = 0.97  # of one that only the check digits speak for
MAX_RIVAL_PROBABILITY = 0.01  # of the characters that no check digit tells from the one read: see MODEL_CARD.md
MIN_PROBABILITY_ALL = 0.7  # that there is no mistake anywhere
MIN_PROBABILITY_ALL_UNCHECKED = 0.95  # the same where the layout has no check digit
MIN_EVIDENCE = 0.05  # that check digits hold: what is less likely was misread, or printed so and repaired wrongly


def doubtful(decoded: Decoded) -> tuple[Cell, ...]:
    """List the characters in doubt; where too many are a little uncertain, the least certain of them."""
    probabilities = {(i, j): p for i, row in enumerate(decoded.probabilities) for j, p in enumerate(row)}
    repaired = {(repair.line, repair.column) for repair in decoded.repairs}
    least = MIN_PROBABILITY_SMALL if decoded.letter_px < SMALL_LETTER_PX else MIN_PROBABILITY_CHECKED
    checked = decoded.layout.checked_cells
    bounds = {cell: least if cell in checked else max(least, MIN_PROBABILITY_UNCHECKED) for cell in probabilities}
    bounds |= dict.fromkeys(repaired, MIN_PROBABILITY_REPAIRED)
    unsure = {cell for cell, probability in probabilities.items() if probability < bounds[cell]}
    unsure |= set(cells_with_rivals(decoded))
    enough = MIN_PROBABILITY_ALL if decoded.mrz.has_checks else MIN_PROBABILITY_ALL_UNCHECKED
    for cell in sorted(probabilities, key=lambda each: probabilities[each]):
        if prod(probability for other, probability in probabilities.items() if other not in unsure) >= enough:
            break
        unsure.add(cell)
    return tuple(sorted(unsure))


def cells_with_rivals(decoded: Decoded) -> tuple[Cell, ...]:
    """List the checked cells that may well hold a character that no check digit can tell from the one read."""
    return tuple(
        (i, j)
        for i, row in enumerate(decoded.rival_probabilities)
        for j, probability in enumerate(row)
        if probability > MAX_RIVAL_PROBABILITY
    )


def is_certain(decoded: Decoded) -> bool:
    """Say whether characters and check digits agree and leave no doubt."""
    return decoded.mrz.checks_pass and decoded.evidence >= MIN_EVIDENCE and not doubtful(decoded)


def is_certain_but_for_rivals(decoded: Decoded) -> bool:
    """Say whether check digits agree and nothing is in doubt but what they cannot tell: these are the right cells."""
    return (
        decoded.mrz.checks_pass
        and decoded.evidence >= MIN_EVIDENCE
        and set(doubtful(decoded)) <= set(cells_with_rivals(decoded))
    )
