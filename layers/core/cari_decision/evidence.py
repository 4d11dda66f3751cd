"""What the engines found, as values: the only thing a decision is made from.

An engine that could not answer leaves an `EngineFailure` in its place, so that one failing step never loses the
other's result.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Side = Literal["selfie", "front", "back"]
DocumentType = Literal["passport", "card", "visa", "residence_permit", "driving_licence"]
ExtraReading = Literal[
    "Barcode", "PrintedText"
]  # what an MRZ engine may be asked for as well, by the name in its request

NO_EXTRA_READINGS: frozenset[ExtraReading] = frozenset()
MIN_RIVAL_AREA_RATIO = (
    0.5  # of the best face's area: who stands smaller than that in a selfie is behind whoever takes it
)


@dataclass(frozen=True)
class EngineFailure:
    """Why an engine gave no answer: `code` is a reason's code, `side` the picture it stumbled over."""

    code: str
    side: Side | None = None


@dataclass(frozen=True)
class Faces:
    """A CompareFaces answer: the document's portrait against every face of the selfie.

    `response` is Rekognition's own shape (`engine_api.FaceComparison`); `selfie_size` and `front_size` are upright
    (width, height) in pixels. `states_fmr` says whether the similarity is the scale of false match rates
    (docs/adr/0003): Rekognition's is its own.
    """

    response: dict[str, Any]
    selfie_size: tuple[int, int]
    front_size: tuple[int, int]
    states_fmr: bool = False

    @property
    def billed_images(self) -> int:
        """For how many images the engine asks money, as it says itself."""
        return int((self.response.get("Engine") or {}).get("Images", 0))

    @property
    def portrait_box(self) -> tuple[float, float, float, float] | None:
        """The document's portrait: left, top, width and height in pixels; None where the engine told none."""
        source = self.response.get("SourceImageFace")
        if not source:
            return None
        box, (width, height) = source["BoundingBox"], self.front_size
        return box["Left"] * width, box["Top"] * height, box["Width"] * width, box["Height"] * height

    @property
    def portrait_confidence(self) -> float:
        """How sure the engine is (0..1) that the document's portrait is a face; 1 where it does not say."""
        return float((self.response.get("SourceImageFace") or {}).get("Confidence", 100)) / 100

    @property
    def picture_agreement(self) -> float | None:
        """How well the pixels around both faces agree, 0..1; None where nobody measured."""
        agreement = self.response.get("PictureAgreement")
        return None if agreement is None else float(agreement)

    def printed_rows(self, side: Side) -> int | None:
        """How many rows of printed letters are around the face of the selfie or the front; None where nobody looked."""
        rows = (self.response.get("PrintedRows") or {}).get("TargetImage" if side == "selfie" else "SourceImage")
        return None if rows is None else int(rows)

    @property
    def selfie_faces(self) -> int:
        """How many faces the selfie shows."""
        return len(self.response.get("FaceMatches", [])) + len(self.response.get("UnmatchedFaces", []))

    @property
    def selfie_rivals(self) -> int:
        """How many of the selfie's other faces could be meant as well: those at least half as large as the best one."""
        matches = sorted(self.response.get("FaceMatches", []), key=lambda match: -match["Similarity"])
        faces = [match["Face"] for match in matches] + self.response.get("UnmatchedFaces", [])
        return sum(_area(face) >= MIN_RIVAL_AREA_RATIO * _area(faces[0]) for face in faces[1:])

    @property
    def similarity(self) -> float:
        """The best face's similarity, 0..1; 0 where there is none."""
        return max((match["Similarity"] / 100 for match in self.response.get("FaceMatches", [])), default=0.0)


def _area(face: dict[str, Any]) -> float:
    return float(face["BoundingBox"]["Width"] * face["BoundingBox"]["Height"])


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
    def barcode(self) -> dict[str, Any]:
        """What was read of a barcode on the same side; empty where none was looked for."""
        return self.reading.get("barcode") or {}


@dataclass(frozen=True)
class FaceSeen:
    """An earlier verification whose selfie shows the same face; `fmr` is how often strangers look as much alike."""

    verification: str
    fmr: float


@dataclass(frozen=True)
class FaceSearch:
    """What came of looking for a selfie's face among the tenant's own earlier ones. No vector is among it.

    The newest were `compared`; where there were `older` ones, more comparisons would have been more than the
    calibration, which goes down to `least_fmr`, can promise the policy's error rate for, or more than are ever read.
    Vectors of `other_models` were passed over: those of two models say nothing of each other. `unavailable` says why
    nobody looked.
    """

    compared: int = 0
    older: bool = False
    least_fmr: float = 1.0
    best_fmr: float | None = None
    matches: tuple[FaceSeen, ...] = ()
    other_models: tuple[str, ...] = ()
    unavailable: str | None = None


@dataclass(frozen=True)
class PrintedText:
    """What came of looking for the MRZ's fields in the text that is printed for people.

    `differing` has, by field, what is printed there instead. `words` is how many words were read for certain, None in
    evidence from before they were counted. `unavailable` says why nobody could look.
    """

    found: tuple[str, ...] = ()
    differing: dict[str, str] = field(default_factory=dict)
    not_read: tuple[str, ...] = ()
    unavailable: str | None = None
    words: int | None = None


@dataclass(frozen=True)
class Evidence:
    """All that is known of one verification when it is decided."""

    type: DocumentType
    faces: Faces | EngineFailure
    front: Mrz | EngineFailure
    back: Mrz | EngineFailure | None = None
    seen_before: tuple[str, ...] | None = None  # earlier verifications of the same document; None where nobody looked
    face_search: FaceSearch | None = None  # None where nobody was to look
    printed_text: PrintedText | None = None  # likewise
    mode: str | None = None  # live or dev; None in evidence from before it was kept, of which nobody asks
    specimen_pictures: tuple[Side, ...] = ()  # the sides whose picture the sandbox hands out
    # The sides that were sent the same file; None in evidence from before anybody asked whether pictures are copies.
    same_files: tuple[tuple[Side, Side], ...] | None = None

    @property
    def sides(self) -> list[tuple[Side, Mrz]]:
        """Every side that the MRZ engine answered for, front first."""
        both: tuple[tuple[Side, Mrz | EngineFailure | None], ...] = (("front", self.front), ("back", self.back))
        return [(side, answer) for side, answer in both if isinstance(answer, Mrz)]

    @property
    def readings(self) -> list[Mrz]:
        """Every MRZ that was found, front first."""
        return [side for side in (self.front, self.back) if isinstance(side, Mrz) and side.found]
