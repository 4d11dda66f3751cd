"""The parts of a verification, as it is stored and as it is answered. Their names never change; new ones may be added.

Camel case in the faces is the contract's own (Kairos's), snake case in the MRZ is PassportEye's.
"""

from __future__ import annotations

from datetime import datetime  # pydantic reads it at run time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cari_core.ids import PATTERN
from cari_decision.decision import Decision, Group, Result, Status  # pydantic reads them at run time
from cari_decision.evidence import Side
from cari_decision.policy_context import NamedPolicy
from cari_decision.reasons import Severity

Stage = Literal[Status, "processing"]
Ratio = Annotated[float, Field(ge=0, le=1)]
Identifier = Annotated[str, Field(pattern=PATTERN, examples=["19e82a03d0042d703bb5fb1b"])]


class Attributes(BaseModel):
    """What can be said of the mouth and the eyes."""

    lips: Literal["Together", "Apart"] | None = None
    glasses: Literal["None", "Eye", "Sun"] | None = None


class DocumentFace(BaseModel):
    """The document's portrait, in pixels of the upright front picture."""

    topLeftX: int
    topLeftY: int
    width: int
    height: int
    confidence: Ratio


class SelfieFace(DocumentFace):
    """A face of the selfie, in pixels of the upright selfie; angles in degrees."""

    face_id: Identifier
    leftEyeCenterX: int | None = None
    leftEyeCenterY: int | None = None
    rightEyeCenterX: int | None = None
    rightEyeCenterY: int | None = None
    eyeDistance: int | None = None
    chinTipX: int | None = None
    chinTipY: int | None = None
    yaw: float | None = None
    pitch: float | None = None
    roll: float | None = None
    quality: Ratio | None = None
    attributes: Attributes = Attributes()


class MatchedFace(SelfieFace):
    """A face of the selfie and how alike the document's portrait it is."""

    similarity: Ratio


class FaceReport(BaseModel):
    """The document's portrait against every face of the selfie."""

    SourceImageFace: DocumentFace | None = None
    MatchedFaces: list[MatchedFace] = []
    UnmatchedFaces: list[SelfieFace] = []


class Repair(BaseModel):
    """A character that was written otherwise than it was read, and why. Lines and columns count from 0."""

    line: int
    column: int
    read: str
    written: str
    reason: str


class BarcodeReport(BaseModel):
    """One side's barcode, read by AAMVA's standard for US and Canadian driving licences and identification cards."""

    model_config = ConfigDict(extra="ignore")

    found: bool = False
    format: Annotated[str | None, Field(description="The symbology, PDF417 on a licence")] = None
    standard: Literal["AAMVA"] | None = None
    version: Annotated[int | None, Field(description="Of the standard: 1 is of 2000, 10 of 2020")] = None
    country: Literal["USA", "CAN"] | None = None
    jurisdiction: Annotated[str | None, Field(description="The issuer's postal code, as in CA or ON")] = None
    number: str | None = None
    surname: str | None = None
    names: str | None = None
    date_of_birth: Annotated[str | None, Field(description="YYYY-MM-DD")] = None
    expiration_date: Annotated[str | None, Field(description="YYYY-MM-DD")] = None
    issue_date: Annotated[str | None, Field(description="YYYY-MM-DD")] = None
    sex: Literal["M", "F", "X"] | None = None
    corners: Annotated[
        list[list[float]] | None,
        Field(description="From the symbol's own top left by its top right, in pixels of the upright picture"),
    ] = None
    reason: Annotated[
        Literal["no_barcode", "barcode_damaged", "not_aamva"] | None,
        Field(description="Why there is no reading, where there is none"),
    ] = None
    warnings: Annotated[list[str], Field(description="Codes of what is not as the standard has it")] = []
    missing: Annotated[list[str], Field(description="Mandatory fields that are not there")] = []


class MrzReport(BaseModel):
    """One side's machine-readable zone, in PassportEye's names. All null where none was found."""

    model_config = ConfigDict(extra="ignore")

    mrz_type: str | None = None
    valid_score: Annotated[int, Field(ge=0, le=100)] = 0
    raw_text: str | None = None
    type: str | None = None
    country: str | None = None
    number: str | None = None
    date_of_birth: Annotated[str | None, Field(description="YYMMDD, as printed")] = None
    expiration_date: Annotated[str | None, Field(description="YYMMDD, as printed")] = None
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
    valid_number: bool | None = None
    valid_date_of_birth: bool | None = None
    valid_expiration_date: bool | None = None
    valid_composite: bool | None = None
    valid_personal_number: bool | None = None
    found: bool = False
    valid: bool = False
    reason: Annotated[str | None, Field(description="Why there is no reading, where there is none")] = None
    lines: Annotated[
        list[list[list[float]]] | None,
        Field(description="Corners of each line, in pixels of the upright picture"),
    ] = None
    confidence: Annotated[dict[str, float] | None, Field(description="How likely each field is right, 0..1")] = None
    character_confidence: Annotated[
        list[list[float]] | None, Field(description="How likely each character of each line is right, 0..1")
    ] = None
    uncertain_fields: Annotated[list[str], Field(description="Fields with a character in doubt")] = []
    unchecked_fields: Annotated[list[str], Field(description="Fields that no check digit covers")] = []
    warnings: Annotated[list[str], Field(description="Codes of what is unusual, yet no fault")] = []
    repairs: list[Repair] = []
    doubtful: Annotated[list[tuple[int, int]], Field(description="Line and column of characters nothing proves")] = []
    method: str | None = None
    walltime: Annotated[float, Field(ge=0, description="Seconds")] = 0
    filename: str | None = None
    barcode: Annotated[
        BarcodeReport | None, Field(description="Of a driving licence or a card; null where it was not looked for")
    ] = None


class CheckReport(BaseModel):
    """One check: what was asked, the answer, the number and the bound it was held against."""

    name: str
    result: Result
    side: Side | None = None
    score: float | None = None
    threshold: float | None = None
    reason: str | None = None
    group: Annotated[Group | None, Field(description="Which part of `breakdown` it counts for")] = None
    error_rate: Annotated[
        float | None,
        Field(ge=0, le=1, description="How often a decision at just the threshold errs; `evidence.rate` names it"),
    ] = None
    evidence: Annotated[dict[str, Any], Field(description="What else the answer rests on")] = {}


class ReasonReport(BaseModel):
    """Why not simply approved, in a sentence the end user can act on, and one for whoever reviews it."""

    code: str
    severity: Annotated[Severity, Field(description="What the policy made of it: a `warn` changes no status")]
    retryable: bool
    message: str
    operator: str = ""


class PolicyName(BaseModel):
    """Which policy decided: `default` in version 0 is the one that Cari comes with."""

    name: str
    version: int


class ShadowReport(BaseModel):
    """What another policy would have decided. It changes nothing."""

    policy: PolicyName
    status: Status
    reasons: Annotated[list[str], Field(description="Codes")]


class ReviewReport(BaseModel):
    """What a person decided, and the status before."""

    decision: Literal["approved", "declined"]
    reason: str
    reviewer: str | None = None
    at: datetime
    was: Status


Milliseconds = Annotated[float, Field(ge=0)]
Dollars = Annotated[float, Field(ge=0)]


class ReceiptTimes(BaseModel):
    """Milliseconds of each stage. The engines run at the same time, so the stages add up to more than the total.

    The saving is not among them, because the receipt is part of what is saved: Server-Timing tells it.
    """

    intake: Annotated[Milliseconds, Field(description="Reading the request and checking its pictures")]
    store_pictures: Milliseconds
    faces: Annotated[Milliseconds, Field(description="Waiting for the face comparison")]
    mrz: Annotated[Milliseconds, Field(description="Waiting for the MRZ: the slower of two sides")]
    decide: Milliseconds
    total: Annotated[Milliseconds, Field(description="From the request's arrival until the result was saved")]


class ReceiptDollars(BaseModel):
    """Estimated US dollars by service; `functions` is Lambda, `s3` includes keeping the pictures until they expire."""

    functions: Dollars
    api_gateway: Dollars
    s3: Dollars
    dynamodb: Dollars
    rekognition: Dollars
    total: Dollars


class Receipt(BaseModel):
    """What the verification took and about what it cost: an estimate at list prices, no bill."""

    ms: ReceiptTimes
    usd: Annotated[
        ReceiptDollars | None,
        Field(description="Null where a worker ended it: what the function before it took is not known there"),
    ] = None
    is_estimate: Literal[True] = True
    basis: Annotated[str, Field(description="Which prices")]


def verdict(decision: Decision, policy: NamedPolicy) -> dict[str, Any]:
    """Spell a decision out in the contract's names."""
    return {
        "status": decision.status,
        "policy": {"name": policy.name, "version": policy.version},
        "breakdown": decision.breakdown,
        "checks": [vars(check) for check in decision.checks],
        "reasons": [vars(reason) for reason in decision.reasons],
    }


def shadow_verdict(decision: Decision, policy: NamedPolicy) -> dict[str, Any]:
    """Spell out what a policy would have decided."""
    return {
        "policy": {"name": policy.name, "version": policy.version},
        "status": decision.status,
        "reasons": [reason.code for reason in decision.reasons],
    }
