"""The engines, asked over Lambda: signed addresses go out, evidence comes back. Bytes never travel so.

What an engine says of a picture is an answer, also where it says that it cannot be read (EngineFailure). An engine
that is throttled, crashes or runs out of time said nothing: EngineUnavailable, for whoever asked to ask again.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, TypeAdapter, ValidationError

from cari_aws import correlation, metrics
from cari_aws.clients import engines_client
from cari_aws.metrics import Metrics
from cari_aws.observability import logger
from cari_core.engine_api import FaceComparison, MrzAnswer, Refused
from cari_core.errors import EngineUnavailable
from cari_core.settings import EngineSettings, settings
from cari_decision.evidence import NO_EXTRA_READINGS, EngineFailure, Faces, Mrz
from cari_verification.aws import bucket
from cari_verification.face_embedding import FaceEmbedding

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_lambda import LambdaClient

    from cari_core.picture import StoredPicture
    from cari_decision.evidence import ExtraReading, Side

Answer = TypeVar("Answer", FaceComparison, MrzAnswer)
Said = TypeVar("Said", bound=Faces | Mrz | EngineFailure)

REFUSED_FIRST = Field(union_mode="left_to_right")  # whatever else a refusal says
FACES: TypeAdapter[Refused | FaceComparison] = TypeAdapter(Annotated[Refused | FaceComparison, REFUSED_FIRST])
MRZ: TypeAdapter[Refused | MrzAnswer] = TypeAdapter(Annotated[Refused | MrzAnswer, REFUSED_FIRST])
LEAST_FALLBACK_S = 1.0  # what the fallback engines can do something in
DAMAGED_PICTURE_TYPES = frozenset({"InvalidImageFormatException", "ImageTooLargeException"})
Engine = Literal["faces", "mrz", "mrz_fallback"]
Outcome = Literal["answered", "refused", "unavailable"]
NO_PORTRAIT = "InvalidParameterException"  # Rekognition's answer where the source shows no face


@dataclass(frozen=True)
class Engines:
    """The functions that read pictures, and a client to call them by."""

    client: LambdaClient
    face_compare_function: str
    mrz_function: str
    mrz_fallback_function: str
    image_of: Callable[[StoredPicture], dict[str, str]]  # how an engine gets a picture: its Url, or its Bytes

    def compare_faces(self, document: StoredPicture, selfie: StoredPicture) -> Faces | EngineFailure:
        """Compare the document's portrait with every face of the selfie. Raises EngineUnavailable."""
        answer = self._invoke("faces", self._comparison(document, selfie), FACES)
        return _counted("faces", _faces(answer, document, selfie))

    def compare_and_embed(
        self, document: StoredPicture, selfie: StoredPicture
    ) -> tuple[Faces | EngineFailure, FaceEmbedding | None]:
        """Compare, and tell the selfie's embedding beside it: None where the engine has none. The faces never hold it.

        Raises EngineUnavailable.
        """
        request = {**self._comparison(document, selfie), "TargetEmbedding": True}
        answer = self._invoke("faces", request, FACES)
        told = answer.TargetEmbedding if isinstance(answer, FaceComparison) else None
        return _counted("faces", _faces(answer, document, selfie)), FaceEmbedding.of(told) if told else None

    def read_mrz(
        self,
        picture: StoredPicture,
        side: Side,
        budget_s: float,
        extra: frozenset[ExtraReading] = NO_EXTRA_READINGS,
    ) -> Mrz | EngineFailure:
        """Read the MRZ on one side, and what else is asked for, in at most `budget_s` seconds of the engines' time.

        The reader answers at once. The fallback engines take seconds, so they are asked only where the reader saw an
        MRZ and is unsure of it, or where printed text is wanted. Raises EngineUnavailable.
        """
        started = time.monotonic()
        request = {"Image": self.image_of(picture), "Filename": picture.filename, "TimeBudget": budget_s}
        barcode = {"Barcode": True} if "Barcode" in extra else {}
        answer = self._invoke("mrz", request | barcode, MRZ)
        if isinstance(answer, Refused):
            return _counted("mrz", _refused("mrz", answer, side))
        read = _counted("mrz", Mrz(answer.plain()))
        left_s = budget_s - (time.monotonic() - started)
        if left_s < LEAST_FALLBACK_S or not (_is_unsure(answer) or "PrintedText" in extra):
            return read
        printed_text = {"PrintedText": True} if "PrintedText" in extra else {}
        again = self._invoke("mrz_fallback", request | {"TimeBudget": left_s} | printed_text, MRZ)
        if isinstance(again, Refused):
            return _counted("mrz_fallback", _refused("mrz_fallback", again, side))
        kept = {"barcode": answer.plain().get("barcode")} if barcode else {}
        return _counted("mrz_fallback", Mrz({**again.plain(), **kept}))

    def _comparison(self, document: StoredPicture, selfie: StoredPicture) -> dict[str, Any]:
        """Ask with a threshold of 0, so that every face comes back with its similarity: the decision is made here."""
        return {
            "SourceImage": self.image_of(document),
            "TargetImage": self.image_of(selfie),
            "SimilarityThreshold": 0,
            "QualityFilter": "NONE",
            "SourceKind": "DOCUMENT",
        }

    def _invoke(self, engine: Engine, request: dict[str, Any], form: TypeAdapter[Refused | Answer]) -> Refused | Answer:
        """Call an engine, tell it for which request, and wait.

        Raises EngineUnavailable where it crashed, was throttled, ran out of time, or answered in no form of its own.
        """
        function = {
            "faces": self.face_compare_function,
            "mrz": self.mrz_function,
            "mrz_fallback": self.mrz_fallback_function,
        }[engine]
        request_id = correlation.current()
        told = request | ({correlation.MEMBER: request_id} if request_id else {})
        try:
            response = self.client.invoke(FunctionName=function, Payload=json.dumps(told).encode())
            payload = response["Payload"].read()
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(engine, type(error).__name__) from error
        if response.get("FunctionError"):
            raise _unavailable(engine, _error_type(payload))
        try:
            return form.validate_json(payload)
        except ValidationError as error:  # its text quotes the answer, which is of a person
            raise _unavailable(engine, type(error).__name__) from None


@cache
def deployed() -> Engines:
    """Name the functions of this deployment."""
    names = settings(EngineSettings)
    return Engines(
        engines_client(),
        names.face_compare_function,
        names.mrz_function,
        names.mrz_fallback_function,
        lambda picture: {"Url": bucket.sign_read(picture)},
    )


def _faces(answer: Refused | FaceComparison, document: StoredPicture, selfie: StoredPicture) -> Faces | EngineFailure:
    if isinstance(answer, FaceComparison):
        response = answer.plain()
        response.pop("TargetEmbedding", None)
        return Faces(
            response,
            selfie_size=(selfie.width, selfie.height),
            front_size=(document.width, document.height),
            states_fmr=answer.states_fmr,
        )
    if answer.type == NO_PORTRAIT:
        return EngineFailure("no_portrait", "front")
    if answer.type not in DAMAGED_PICTURE_TYPES:
        raise _unavailable("faces", answer.type)
    return (
        EngineFailure("selfie_unreadable", "selfie")
        if "Target" in answer.Message
        else EngineFailure("document_unreadable", "front")
    )


def _is_unsure(answer: MrzAnswer) -> bool:
    """Say whether the reader saw an MRZ that another engine could help to read."""
    return bool(answer.doubtful) if answer.found else answer.reason != "no_mrz"


def _refused(engine: Engine, answer: Refused, side: Side) -> EngineFailure:
    if answer.type not in DAMAGED_PICTURE_TYPES:
        raise _unavailable(engine, answer.type)
    return EngineFailure("document_unreadable", side)


def _counted(engine: Engine, said: Said) -> Said:
    """Log and count that an engine answered, or refused a picture."""
    outcome: Outcome = "refused" if isinstance(said, EngineFailure) else "answered"
    logger.info("engine answered", extra=_call(engine, outcome))
    return said


def _unavailable(engine: Engine, error_type: str) -> EngineUnavailable:
    logger.error("engine unavailable", extra={"error_type": error_type, **_call(engine, "unavailable")})
    return EngineUnavailable(
        "An engine that judges the pictures is overloaded or out of reach. Nothing was kept: send the request again."
    )


def _call(engine: Engine, outcome: Outcome) -> dict[str, Any]:
    return metrics.fields(Metrics({"EngineCalls": 1}, by={"engine": engine, "outcome": outcome}))


def _error_type(payload: bytes) -> str:
    try:
        return str(json.loads(payload)["errorType"])
    except (ValueError, KeyError, TypeError):
        return "unknown"
