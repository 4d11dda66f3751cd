"""When a reading is believed: check digits hold, and no character is in doubt."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .decode import Decoded
    from .layouts import Cell

SURE = 0.8  # of one character that a check digit covers
SURE_UNCHECKED = 0.9  # of one that none covers: of 32 between the two one was wrong
SURE_WHERE_SMALL = 0.98  # of either, in letters of fewer pixels than ...
SMALL_PX = 6.0  # ... which look more alike than they seem to
SURE_OF_REPAIR = 0.97  # of one that only the check digits speak for
MOST_OF_RIVALS = 0.01  # of the characters that no check digit tells from the one read: see MODEL_CARD.md
SURE_OF_ALL = 0.7  # that there is no mistake anywhere
SURE_WITHOUT_CHECKS = 0.95  # the same where no check digit vouches for anything
LEAST_EVIDENCE = 0.05  # that check digits hold: what is less likely was misread, or printed so and repaired wrongly


def doubtful(decoded: Decoded) -> tuple[Cell, ...]:
    """List the characters in doubt; where too many are a little uncertain, the least certain of them."""
    shares = {(i, j): share for i, row in enumerate(decoded.shares) for j, share in enumerate(row)}
    repaired = {(repair.line, repair.column) for repair in decoded.repairs}
    least = SURE_WHERE_SMALL if decoded.letter_px < SMALL_PX else SURE
    checked = decoded.layout.checked_cells
    bounds = {cell: least if cell in checked else max(least, SURE_UNCHECKED) for cell in shares}
    bounds |= dict.fromkeys(repaired, SURE_OF_REPAIR)
    unsure = {cell for cell, share in shares.items() if share < bounds[cell]}
    unsure |= set(rivalled(decoded))
    enough = SURE_OF_ALL if decoded.mrz.has_checks else SURE_WITHOUT_CHECKS
    for cell in sorted(shares, key=lambda each: shares[each]):
        if prod(share for other, share in shares.items() if other not in unsure) >= enough:
            break
        unsure.add(cell)
    return tuple(sorted(unsure))


def rivalled(decoded: Decoded) -> tuple[Cell, ...]:
    """List the checked cells that may well hold a character that no check digit can tell from the one read."""
    return tuple(
        (i, j) for i, row in enumerate(decoded.rivals) for j, rival in enumerate(row) if rival > MOST_OF_RIVALS
    )


def is_certain(decoded: Decoded) -> bool:
    """Say whether characters and check digits agree and leave no doubt."""
    return decoded.mrz.checks_pass and decoded.evidence >= LEAST_EVIDENCE and not doubtful(decoded)


def agrees(decoded: Decoded) -> bool:
    """Say whether check digits agree and nothing is in doubt but what they cannot tell: these are the right cells."""
    return (
        decoded.mrz.checks_pass
        and decoded.evidence >= LEAST_EVIDENCE
        and set(doubtful(decoded)) <= set(rivalled(decoded))
    )
