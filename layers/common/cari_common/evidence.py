"""What the engines found, as values: the only thing a decision is made from.

An engine that could not answer leaves an `EngineFailure` in its place, so that one failing step never loses the
other's result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Side = Literal["selfie", "front", "back"]
DocumentType = Literal["passport", "card", "visa", "residence_permit", "driving_licence"]


@dataclass(frozen=True)
class EngineFailure:
    """Why an engine gave no answer: `code` is a reason's code, `side` the picture it stumbled over."""

    code: str
    side: Side | None = None


@dataclass(frozen=True)
class Faces:
    """A CompareFaces answer: the document's portrait against every face of the selfie.

    `response` is Rekognition's own shape; `selfie_size` and `front_size` are upright (width, height) in pixels.
    """

    response: dict[str, Any]
    selfie_size: tuple[int, int]
    front_size: tuple[int, int]

    @property
    def selfie_faces(self) -> int:
        """How many faces the selfie shows."""
        return len(self.response.get("FaceMatches", [])) + len(self.response.get("UnmatchedFaces", []))

    @property
    def similarity(self) -> float:
        """The best face's similarity, 0..1; 0 where there is none."""
        return max((match["Similarity"] / 100 for match in self.response.get("FaceMatches", [])), default=0.0)


@dataclass(frozen=True)
class Mrz:
    """An MRZ engine's answer for one side, in PassportEye's names (see the mrz function)."""

    reading: dict[str, Any]

    @property
    def found(self) -> bool:
        """Whether there was an MRZ at all."""
        return bool(self.reading.get("found"))

    @property
    def valid(self) -> bool:
        """Whether every check digit agrees and the reader stands by it."""
        return bool(self.reading.get("valid"))

    @property
    def expiry(self) -> date | None:
        """The day after which the document is void; None where it is unreadable or not a day."""
        return _expiry_date(self.reading.get("expiration_date"))


@dataclass(frozen=True)
class Evidence:
    """All that is known of one verification when it is decided."""

    type: DocumentType
    faces: Faces | EngineFailure
    front: Mrz | EngineFailure
    back: Mrz | EngineFailure | None = None

    @property
    def readings(self) -> list[Mrz]:
        """Every MRZ that was found, front first."""
        return [side for side in (self.front, self.back) if isinstance(side, Mrz) and side.found]


def _expiry_date(yymmdd: str | None) -> date | None:
    """Read YYMMDD as a day from 1970 to 2069: nothing now valid was issued earlier or lasts longer."""
    pivot = 70
    try:
        year, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6])  # type: ignore[index]  # None is caught below
        return date(year + (1900 if year >= pivot else 2000), month, day)
    except (TypeError, ValueError):
        return None
