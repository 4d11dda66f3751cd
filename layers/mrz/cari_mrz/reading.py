"""What reading a picture came to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .belief import doubtful, is_certain

if TYPE_CHECKING:
    from .congruence import Letters
    from .decode import Decoded
    from .layouts import Cell
    from .mrz import Mrz, Oddity
    from .repair import Repair
    from .transcript import Corners


class Reason(StrEnum):
    """Why nothing was found, or why what was found is not believed."""

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

    `seen` holds what was seen in each cell before anything was decided, for those who can add to it.
    """

    decoded: Decoded | None
    reason: Reason | None
    method: str | None = None
    corners: tuple[Corners, ...] | None = None
    seen: Letters | None = None

    @classmethod
    def of(
        cls, decoded: Decoded, *, method: str, corners: tuple[Corners, ...] | None = None, seen: Letters | None = None
    ) -> MrzReading:
        """Judge what was decoded."""
        return cls(decoded, _reason(decoded), method, corners, seen)

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
        """Whether no further look could change it: every character is certain, however they add up."""
        return self.found and not self.doubtful

    @property
    def doubtful(self) -> tuple[Cell, ...]:
        """The characters that are in doubt, by line and column."""
        return doubtful(self.decoded) if self.decoded else ()

    @property
    def warnings(self) -> tuple[Oddity, ...]:
        """What is unusual about it, and no reason against it."""
        return self.decoded.mrz.warnings if self.decoded else ()

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was written otherwise than it was seen."""
        return self.decoded.repairs if self.decoded else ()

    @property
    def shares(self) -> tuple[tuple[float, ...], ...] | None:
        """The probability of each character, line by line."""
        return self.decoded.shares if self.decoded else None


def _reason(decoded: Decoded) -> Reason | None:
    if not decoded.mrz.checks_pass:
        return Reason.CHECK_DIGITS
    if not is_certain(decoded):
        return Reason.DOUBTFUL
    return Reason.FIELDS if decoded.mrz.faults else None
