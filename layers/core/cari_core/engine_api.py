"""What the two engines answer over Lambda: one form of each, by which the function that gives it and its caller go.

An answer of another form is none: whoever asked goes on as if the engine had failed. Fields beside these are kept, for
Rekognition may add some. The faces are in Rekognition's names (CompareFaces of its service model, 2016-06-27), with
what the bundled model says besides; the MRZ is in PassportEye's.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, StrictBool

REKOGNITION = "rekognition"
BUNDLED_FACES = "cari_face"
# Whose similarity is the scale of false match rates (docs/adr/0003). Of all others, and of whom is not named, none is.
STATE_FMR = frozenset({BUNDLED_FACES})

BYTES_EACH = 2  # of a half-precision number

MRZ_TIME_BUDGET_S = 20.0  # the most that reading an MRZ may take: the caller must answer within API Gateway's 29 s

Number = Annotated[float, Field(allow_inf_nan=False)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Ratio = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
FaceFinding = Literal[
    "no_face",
    "several_faces",
    "face_cut",
    "face_too_small",
    "blurred",
    "too_dark",
    "too_bright",
    "low_contrast",
    "not_frontal",
    "sunglasses",
    "face_covered",
    "eyes_closed",
]


def _halves(text: str) -> str:
    """Let nothing pass as a vector that is no row of half-precision numbers in base64."""
    try:
        vector = b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("is not base64") from error
    if not vector or len(vector) % BYTES_EACH:
        raise ValueError("is not a row of half-precision numbers")
    return text


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)  # no function uses all of these

    def plain(self) -> dict[str, Any]:
        """Write the answer as it travels: JSON-ready, without what was not said."""
        return self.model_dump(mode="json", exclude_unset=True, by_alias=True)


class Refused(_Answer):
    """A request that the engine cannot serve, in Rekognition's way."""

    type: Annotated[str, Field(alias="__type")]
    Message: str = ""


class Box(_Answer):
    """Shares of the picture's width and height; a face at the edge goes beyond it."""

    Left: Number
    Top: Number
    Width: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    Height: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class SourceFace(_Answer):
    """The document's portrait."""

    BoundingBox: Box
    Confidence: Percent


class Landmark(_Answer):
    """A point of a face, as shares of the picture's width and height."""

    Type: str
    X: Number
    Y: Number


class HeadPose(_Answer):
    """Degrees."""

    Yaw: Number
    Pitch: Number
    Roll: Number


class PictureQuality(_Answer):
    """How good a face's pixels are."""

    Brightness: Number
    Sharpness: Number


class LipsRead(_Answer):
    """Whether the mouth is open."""

    Value: Literal["Together", "Apart"]


class GlassesRead(_Answer):
    """Whether the face wears glasses."""

    Value: Literal["None", "Eye", "Sun"]


class FaceAttributes(_Answer):
    """What Rekognition's CompareFaces leaves to its DetectFaces."""

    Lips: LipsRead
    Glasses: GlassesRead


class ComparedFace(SourceFace):
    """A face of the selfie."""

    Landmarks: list[Landmark] = []
    Pose: HeadPose | None = None
    Quality: PictureQuality | None = None
    Attributes: FaceAttributes | None = None


class FaceMatch(_Answer):
    """A face of the selfie, and how alike the portrait it is."""

    Similarity: Percent
    Face: ComparedFace


class Findings(_Answer):
    """What could be better in each picture, the gravest first."""

    SourceImage: list[FaceFinding]
    TargetImage: list[FaceFinding]


class Presentation(_Answer):
    """Passive hints at prints and screens, 0..1."""

    periodicity: Ratio


class RowsAround(_Answer):
    """How many rows of printed letters are around each picture's face; of the target, around its best match."""

    SourceImage: Annotated[int, Field(ge=0)]
    TargetImage: Annotated[int | None, Field(ge=0)] = None


class FaceEngine(_Answer):
    """Who compared. An answer of a release before this one may have the name of its own in other letters."""

    Name: Annotated[str, Field(validation_alias=AliasChoices("Name", "name"))]
    Version: str | None = None
    Images: Annotated[int, Field(ge=0)] = 0  # that somebody asks money for


class RatePoint(_Answer):
    """How often strangers reach a cosine."""

    Cosine: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
    FalseMatchRate: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class Embedding(_Answer):
    """The selfie's face as a vector by which it is known again: half precision, in base64."""

    Model: str
    Vector: Annotated[str, AfterValidator(_halves)]
    FalseMatchRates: Annotated[list[RatePoint], Field(min_length=1)]


class FaceComparison(_Answer):
    """The document's portrait against every face of the selfie."""

    SourceImageFace: SourceFace | None = None
    FaceMatches: list[FaceMatch]
    UnmatchedFaces: list[ComparedFace]
    Engine: FaceEngine | None = None
    Reasons: Findings | None = None
    PresentationSignals: Presentation | None = None
    PrintedRows: RowsAround | None = None
    PictureAgreement: Ratio | None = None  # of the pixels around both faces: near 1 for two copies of one photograph
    TargetEmbedding: Embedding | None = None

    @property
    def states_fmr(self) -> bool:
        """Whether the similarity stands for false match rates: only of an engine that is known to be calibrated."""
        return self.Engine is not None and self.Engine.Name in STATE_FMR


Point = tuple[Number, Number]


class BarcodeAnswer(_Answer):
    """What was read of a licence's barcode by AAMVA's standard. Days are YYYY-MM-DD."""

    found: StrictBool
    format: str | None = None
    standard: Literal["AAMVA"] | None = None
    version: int | None = None
    country: Literal["USA", "CAN"] | None = None
    jurisdiction: str | None = None
    number: str | None = None
    surname: str | None = None
    names: str | None = None
    date_of_birth: str | None = None
    expiration_date: str | None = None
    issue_date: str | None = None
    sex: Literal["M", "F", "X"] | None = None
    corners: list[Point] | None = None
    reason: Literal["no_barcode", "barcode_damaged", "not_aamva"] | None = None
    warnings: list[str] = []
    missing: list[str] = []
    truncated: list[Literal["surname", "names", "middle_names"]] = []  # names that were cut to fit


class RepairAnswer(_Answer):
    """A character that was written otherwise than it was read."""

    line: int
    column: int
    read: str
    written: str
    reason: str


class MrzEngine(_Answer):
    """Who read."""

    name: str
    version: str | None = None


class MrzAnswer(_Answer):
    """One side's MRZ, fields as printed with their fillers; what was read beside it where that was asked for."""

    found: StrictBool
    valid: StrictBool
    mrz_type: str | None = None
    valid_score: Annotated[int, Field(ge=0, le=100)] = 0
    raw_text: str | None = None
    type: str | None = None
    country: str | None = None
    number: str | None = None
    date_of_birth: str | None = None
    expiration_date: str | None = None
    nationality: str | None = None
    sex: str | None = None
    names: str | None = None
    surname: str | None = None
    personal_number: str | None = None
    optional1: str | None = None
    optional2: str | None = None
    check_number: str | None = None
    check_date_of_birth: str | None = None
    check_expiration_date: str | None = None
    check_composite: str | None = None
    check_personal_number: str | None = None
    valid_number: StrictBool | None = None
    valid_date_of_birth: StrictBool | None = None
    valid_expiration_date: StrictBool | None = None
    valid_composite: StrictBool | None = None
    valid_personal_number: StrictBool | None = None
    reason: str | None = None
    lines: list[list[Point]] | None = None
    confidence: dict[str, Number] | None = None
    character_confidence: list[list[Number]] | None = None
    uncertain_fields: list[str] = []
    unchecked_fields: list[str] = []
    warnings: list[str] = []
    repairs: list[RepairAnswer] = []
    doubtful: list[tuple[int, int]] = []
    method: str | None = None
    walltime: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    filename: str | None = None
    barcode: BarcodeAnswer | None = None
    printed_text: list[list[tuple[str, Number]]] | None = None  # lines of words, and how sure each is
    engine: MrzEngine | None = None
