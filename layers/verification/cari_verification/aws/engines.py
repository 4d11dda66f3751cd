"""The two engines, asked over Lambda: S3 keys go out, evidence comes back. Bytes never travel so.

What an engine says of a picture is an answer, also where it says that it cannot be read (EngineFailure). An engine
that is throttled, crashes or runs out of time said nothing: EngineUnavailable, for whoever asked to ask again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, TypeAdapter, ValidationError

from cari_aws.observability import logger
from cari_core.engine_api import FaceComparison, MrzAnswer, Refused
from cari_core.errors import EngineUnavailable
from cari_decision.evidence import ONLY_MRZ, EngineFailure, Faces, Mrz
from cari_verification.face_embedding import FaceEmbedding

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

    from cari_core.picture import Picture
    from cari_decision.evidence import Beside, Side

Answer = TypeVar("Answer", FaceComparison, MrzAnswer)

REFUSED_FIRST = Field(union_mode="left_to_right")  # whatever else a refusal says
FACES: TypeAdapter[Refused | FaceComparison] = TypeAdapter(Annotated[Refused | FaceComparison, REFUSED_FIRST])
MRZ: TypeAdapter[Refused | MrzAnswer] = TypeAdapter(Annotated[Refused | MrzAnswer, REFUSED_FIRST])
READ_TIMEOUT_S = 26  # the engines' own timeouts are shorter; this only ends a dead connection
DAMAGED = frozenset({"InvalidImageFormatException", "ImageTooLargeException"})
NO_PORTRAIT = "InvalidParameterException"  # Rekognition's answer where the source shows no face


@dataclass(frozen=True)
class StoredPicture:
    """A picture that lies in S3 and may be shown to an engine."""

    bucket: str
    key: str
    picture: Picture
    size_bytes: int = 0
    sha256: str = ""  # of its bytes, in hex

    @property
    def image(self) -> dict[str, Any]:
        """Rekognition's Image structure."""
        return {"S3Object": {"Bucket": self.bucket, "Name": self.key}}


def lambda_client() -> LambdaClient:
    """Make a client that waits as long as an engine may take and never asks twice: a retry would outlive the caller."""
    return boto3.client(
        "lambda",
        config=Config(
            read_timeout=READ_TIMEOUT_S,
            connect_timeout=3,
            retries={"total_max_attempts": 1},
            max_pool_connections=20,
        ),
    )


def compare_faces(
    client: LambdaClient, function: str, *, document: StoredPicture, selfie: StoredPicture
) -> Faces | EngineFailure:
    """Compare the document's portrait with every face of the selfie. Raises EngineUnavailable."""
    return _faces(_invoke(client, function, _comparison(document, selfie), FACES), document, selfie)


def compare_and_embed(
    client: LambdaClient, function: str, *, document: StoredPicture, selfie: StoredPicture
) -> tuple[Faces | EngineFailure, FaceEmbedding | None]:
    """Compare, and tell the selfie's embedding beside it: None where the engine has none. The former never holds it.

    Raises EngineUnavailable.
    """
    answer = _invoke(client, function, {**_comparison(document, selfie), "TargetEmbedding": True}, FACES)
    told = answer.TargetEmbedding if isinstance(answer, FaceComparison) else None
    return _faces(answer, document, selfie), FaceEmbedding.of(told) if told else None


def _comparison(document: StoredPicture, selfie: StoredPicture) -> dict[str, Any]:
    """Ask with a threshold of 0, so that every face comes back with its similarity: the decision is made here."""
    return {
        "SourceImage": document.image,
        "TargetImage": selfie.image,
        "SimilarityThreshold": 0,
        "QualityFilter": "NONE",
        "SourceKind": "DOCUMENT",
    }


def _faces(answer: Refused | FaceComparison, document: StoredPicture, selfie: StoredPicture) -> Faces | EngineFailure:
    if isinstance(answer, FaceComparison):
        response = answer.plain()
        response.pop("TargetEmbedding", None)
        return Faces(
            response,
            selfie_size=(selfie.picture.width, selfie.picture.height),
            front_size=(document.picture.width, document.picture.height),
            states_fmr=answer.states_fmr,
        )
    if answer.type == NO_PORTRAIT:
        return EngineFailure("no_portrait", "front")
    if answer.type not in DAMAGED:
        raise _unavailable("faces", answer.type)
    return (
        EngineFailure("selfie_unreadable", "selfie")
        if "Target" in answer.Message
        else EngineFailure("document_unreadable", "front")
    )


def read_mrz(
    client: LambdaClient,
    function: str,
    stored: StoredPicture,
    side: Side,
    *,
    budget_s: float,
    also: frozenset[Beside] = ONLY_MRZ,
) -> Mrz | EngineFailure:
    """Read the MRZ on one side, and what else is asked for, in at most `budget_s` seconds of the engine's time.

    Raises EngineUnavailable.
    """
    request = {"Image": stored.image, "Filename": stored.picture.filename, "TimeBudget": budget_s}
    answer = _invoke(client, function, request | dict.fromkeys(also, True), MRZ)
    if isinstance(answer, MrzAnswer):
        return Mrz(answer.plain())
    if answer.type not in DAMAGED:
        raise _unavailable("mrz", answer.type)
    return EngineFailure("document_unreadable", side)


def _invoke(
    client: LambdaClient, function: str, request: dict[str, Any], form: TypeAdapter[Refused | Answer]
) -> Refused | Answer:
    """Call an engine and wait.

    Raises EngineUnavailable where it crashed, was throttled, ran out of time, or answered in no form of its own.
    """
    try:
        response = client.invoke(FunctionName=function, Payload=json.dumps(request).encode())
        payload = response["Payload"].read()
    except (BotoCoreError, ClientError) as error:
        raise _unavailable(function, type(error).__name__) from error
    if response.get("FunctionError"):
        raise _unavailable(function, _error_type(payload))
    try:
        return form.validate_json(payload)
    except ValidationError as error:  # its text quotes the answer, which is of a person
        raise _unavailable(function, type(error).__name__) from None


def _unavailable(engine: str, error_type: str) -> EngineUnavailable:
    logger.error("engine unavailable", extra={"engine": engine, "error_type": error_type})
    return EngineUnavailable(
        "An engine that judges the pictures is overloaded or out of reach. Nothing was kept: send the request again."
    )


def _error_type(payload: bytes) -> str:
    try:
        return str(json.loads(payload)["errorType"])
    except (ValueError, KeyError, TypeError):
        return "unknown"
