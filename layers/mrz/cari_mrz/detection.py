"""A candidate MRZ: lines found in a picture, decoded, with a score by which candidates are ordered."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from .check_digits import FILLER

if TYPE_CHECKING:
    from .check_digit_posterior import CharacterProbabilities
    from .decode import Decoded
    from .pitch import Grid
    from .text_line import TextLine

# Least mean log-probability of a character, in nats: where two check digits hold, and where fewer do.
MIN_LOG_LIKELIHOOD_CHECKED = -1.2
MIN_LOG_LIKELIHOOD_UNCHECKED = -0.35
SEVERAL_CHECKS = 2
FAILING_CHECK_NATS = 3.0  # that a failing check digit costs: printed wrong, or these are not the right cells
EVIDENCE_FLOOR = 1e-9  # before the logarithm is taken
MIN_GRID_FIT = 0.6
MIN_FILLERS, MIN_LETTERS = 2, 12  # every layout has as many


@dataclass(frozen=True, eq=False)
class Detection:
    """What the recogniser gave for each cell, what that decodes to, the lines and grids that the cells lie on.

    `reading_count` says how many times the lines were recognised: `observed` is the mean of as many readings.
    """

    observed: CharacterProbabilities
    decoded: Decoded
    lines: tuple[TextLine, ...]
    grids: tuple[Grid, ...]
    reading_count: int

    @property
    def fit(self) -> float:
        """How well the characters lie on their grids, 0..1."""
        return min(grid.fit for grid in self.grids)

    @property
    def score(self) -> float:
        """Order candidates of one picture, in mean nats: likelier print, check digits that hold, a grid that fits."""
        decoded = self.decoded
        cells = sum(map(len, decoded.mrz.lines))
        failing = sum(not check.passed for check in decoded.mrz.checks)
        checks = log(max(decoded.evidence, EVIDENCE_FLOOR)) - FAILING_CHECK_NATS * failing
        return decoded.mean_log_likelihood + checks / cells + 2 * self.fit + 0.1 * len(self.lines)

    @property
    def is_mrz(self) -> bool:
        """Whether it is print as an MRZ has it: on a grid, its kinds of characters in their places, fillers."""
        mrz = self.decoded.mrz
        fillers = sum(line.count(FILLER) for line in mrz.lines)
        letters = sum(map(len, mrz.lines)) - fillers
        several = sum(check.passed for check in mrz.checks) >= SEVERAL_CHECKS
        return (
            fillers >= MIN_FILLERS
            and letters >= MIN_LETTERS
            and self.fit > MIN_GRID_FIT
            and self.decoded.mean_log_likelihood
            > (MIN_LOG_LIKELIHOOD_CHECKED if several else MIN_LOG_LIKELIHOOD_UNCHECKED)
        )
