"""The result of reading a picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .acceptance import doubtful, is_certain

if TYPE_CHECKING:
    from .check_digit_posterior import CharacterProbabilities
    from .decode import Decoded
    from .layouts import Cell
    from .mrz import Mrz, MrzWarning
    from .repair import Repair
    from .transcript import Corners


class Reason(StrEnum):
    """Why nothing was found, or why what was found is not accepted."""

    NO_MRZ = "no_mrz"
    TOO_SMALL = "too_small"  # what may be an MRZ has too few pixels
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    GLARE = "glare"
    CROPPED = "cropped"  # it runs out of the picture
    NO_PICTURE = "no_picture"  # the file could not be opened as one
    CHECK_DIGITS = "check_digits"  # at least one does not agree
    FIELDS = "fields"  # a field holds what cannot be, such as a thirteenth month
    DOUBTFUL = "doubtful"  # check digits agree, but some characters are uncertain, or may be others that agree too


@dataclass(frozen=True, eq=False)
class MrzReading:
    """The MRZ of a picture, or the reason why there is none; `valid` only when nothing is in doubt.

    `observed` holds each line's character probabilities (cells×37) before decoding, so that other engines' readings can
    be weighed in. `corners` are those of each line, in pixels of the upright image.
    """

    decoded: Decoded | None
    reason: Reason | None
    method: str | None = None
    corners: tuple[Corners, ...] | None = None
    observed: CharacterProbabilities | None = None

    @classmethod
    def of(
        cls,
        decoded: Decoded,
        *,
        method: str,
        corners: tuple[Corners, ...] | None = None,
        observed: CharacterProbabilities | None = None,
    ) -> MrzReading:
        """Judge what was decoded."""
        return cls(decoded, _reason(decoded), method, corners, observed)

    @property
    def mrz(self) -> Mrz | None:
        """The fields, or None where there is no MRZ."""
        return self.decoded.mrz if self.decoded else None

    @property
    def found(self) -> bool:
        """Whether the picture has an MRZ."""
        return self.decoded is not None

    @property
    def valid(self) -> bool:
        """Whether check digits and characters agree and nothing is in doubt, however unusual: see `warnings`."""
        return self.found and self.reason is None

    @property
    def settled(self) -> bool:
        """Whether reading again could not change it: every character is certain, whether check digits hold or not."""
        return self.found and not self.doubtful

    @property
    def doubtful(self) -> tuple[Cell, ...]:
        """The characters that are in doubt, by line and column."""
        return doubtful(self.decoded) if self.decoded else ()

    @property
    def warnings(self) -> tuple[MrzWarning, ...]:
        """What is unusual about it, and no reason against it."""
        return self.decoded.mrz.warnings if self.decoded else ()

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """The characters that were changed after they were read."""
        return self.decoded.repairs if self.decoded else ()

    @property
    def probabilities(self) -> tuple[tuple[float, ...], ...] | None:
        """How likely each character is right (0..1), line by line."""
        return self.decoded.probabilities if self.decoded else None


def _reason(decoded: Decoded) -> Reason | None:
    if not decoded.mrz.checks_pass:
        return Reason.CHECK_DIGITS
    if not is_certain(decoded):
        return Reason.DOUBTFUL
    return Reason.FIELDS if decoded.mrz.faults else None
