"""What reading a picture came to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .layouts import Cell
    from .mrz import Mrz
    from .place import Repair
    from .transcript import Corners


class Reason(StrEnum):
    """Why nothing was found, or why what was found is not believed."""

    NO_MRZ = "no_mrz"
    CHECK_DIGITS = "check_digits"  # at least one does not agree
    FIELDS = "fields"  # a field holds what ICAO does not allow there
    DOUBTFUL = "doubtful"  # check digits agree, but characters that they do not cover are uncertain


@dataclass(frozen=True)
class MrzReading:
    """The MRZ of a picture, or the reason why there is none; `valid` only when nothing is in doubt."""

    mrz: Mrz | None
    valid: bool
    reason: Reason | None
    method: str | None
    corners: tuple[Corners, ...] | None
    repairs: tuple[Repair, ...]
    doubtful: tuple[Cell, ...]

    @property
    def found(self) -> bool:
        """Whether the picture has an MRZ."""
        return self.mrz is not None


NOTHING_FOUND = MrzReading(
    mrz=None, valid=False, reason=Reason.NO_MRZ, method=None, corners=None, repairs=(), doubtful=()
)
