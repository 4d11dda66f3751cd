"""An MRZ as it was seen in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from .check_digits import FILLER

if TYPE_CHECKING:
    from .congruence import Letters
    from .decode import Decoded
    from .lines import TextLine
    from .pitch import Grid

# Mean nats of a character: print that two check digits speak for, and any other.
LIKELY, VERY_LIKELY = -1.2, -0.35
SEVERAL_CHECKS = 2
FAILING = 3.0  # nats that a failing check digit costs: printed wrong, or these are not the right cells
LEAST_EVIDENCE = 1e-9
LEAST_FIT = 0.6
FEWEST_FILLERS, FEWEST_LETTERS = 2, 12  # every layout has as many


@dataclass(frozen=True, eq=False)
class Sighting:
    """What was seen, what that says, the lines, the grids their characters lie on, how often they were looked at."""

    seen: Letters
    decoded: Decoded
    lines: tuple[TextLine, ...]
    grids: tuple[Grid, ...]
    looks: int

    @property
    def fit(self) -> float:
        """How well the characters lie on their grids, 0..1."""
        return min(grid.fit for grid in self.grids)

    @property
    def score(self) -> float:
        """Order what is seen in one picture, in mean nats: likelier print, check digits that hold, a grid that fits."""
        decoded = self.decoded
        cells = sum(map(len, decoded.mrz.lines))
        failing = sum(not check.passed for check in decoded.mrz.checks)
        checks = log(max(decoded.evidence, LEAST_EVIDENCE)) - FAILING * failing
        return decoded.likelihood + checks / cells + 2 * self.fit + 0.1 * len(self.lines)

    @property
    def is_mrz(self) -> bool:
        """Whether it is print as an MRZ has it: on a grid, its kinds of characters in their places, fillers."""
        mrz = self.decoded.mrz
        fillers = sum(line.count(FILLER) for line in mrz.lines)
        letters = sum(map(len, mrz.lines)) - fillers
        several = sum(check.passed for check in mrz.checks) >= SEVERAL_CHECKS
        return (
            fillers >= FEWEST_FILLERS
            and letters >= FEWEST_LETTERS
            and self.fit > LEAST_FIT
            and self.decoded.likelihood > (LIKELY if several else VERY_LIKELY)
        )
