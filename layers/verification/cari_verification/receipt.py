"""What one verification took and about what it cost. Pure: the same usage is priced the same way for ever.

It is an estimate, and says so. Engines are billed for the time that their caller waited, so a little too much; logs,
traces, transfer, messages, cold starts, the authorizer (one call a minute and key), what is read and noted to find
duplicates, the worker's look at what should have ended, and the saving itself are not counted: `make bench-cost`
counts them, and a test holds that a receipt says no more than that. A call of the fallback engines is counted by the
time it took, not as a request.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cari_decision.evidence import Faces
from cari_verification import prices
from cari_verification.reports import Receipt, ReceiptDollars, ReceiptTimes

if TYPE_CHECKING:
    from cari_core.stopwatch import Timings
    from cari_decision.evidence import EngineFailure
    from cari_verification.request import Channel

MEMORY_MB = {"verify": 1024, "face_compare": 1769, "mrz": 1769}  # the template's; a test compares
PICTURES_COMPARED = 2  # the face engine fetches the document and the selfie
QUOTA_WRITES = {
    "http": 2,
    "batch": 1,
}  # writes of the quota table: the key's minute and its month, or the tenant's month
ANNOUNCED_BYTES = 500  # of the item that is written before the pictures
OWN_BYTES = 400  # of the stored item: the receipt, compressed, and the attributes beside the outcome
WRITES_IN_A_TRANSACTION = 2  # what a write costs that happens together with another


@dataclass(frozen=True)
class Deployment:
    """What the cost of a verification hangs on beside the request."""

    retention_days: int = 30
    face_backend: Literal["bundled", "rekognition"] = "bundled"
    processor: prices.Processor = "x86_64"


@dataclass(frozen=True)
class Usage:
    """What a verification used."""

    timings: Timings
    picture_bytes: list[int]  # of each stored picture
    mrz_calls: int
    verification_bytes: int  # as stored, without the receipt
    evidence_bytes: int = 0  # of the item beside it
    rekognition_images: int = 0  # that Amazon Rekognition was asked about, one a call
    channel: Channel = "http"


def receipt(usage: Usage, deployment: Deployment | None) -> Receipt:
    """Write the receipt: milliseconds of each stage until the saving, and estimated dollars.

    Without a deployment, as where another function began the verification, there are no dollars.
    """
    timings = usage.timings
    return Receipt(
        ms=ReceiptTimes(
            **{
                stage: round(timings.wall_ms(stage), 1)
                for stage in ("intake", "store_pictures", "faces", "mrz", "decide")
            },
            total=round(timings.total_ms, 1),
        ),
        usd=_dollars(usage, deployment) if deployment else None,
        basis=prices.BASIS[deployment.processor if deployment else "x86_64"],
    )


def rekognition_images(faces: Faces | EngineFailure, deployment: Deployment | None) -> int:
    """Count the images that Amazon Rekognition asks money for, one a call; the face engine says how many it made.

    A picture that was refused took one call. Of a failure nobody knows how far it came, so none is counted.
    """
    if isinstance(faces, Faces):
        return faces.billed_images
    return 1 if faces.side and deployment and deployment.face_backend == "rekognition" else 0


def _dollars(usage: Usage, deployment: Deployment) -> ReceiptDollars:
    dollars = {
        "functions": _functions(usage, deployment),
        "api_gateway": prices.API_GATEWAY_REQUEST if usage.channel == "http" else 0.0,
        "s3": _s3(usage, deployment),
        "dynamodb": prices.DYNAMODB_WRITE_UNIT * _writes(usage),
        "rekognition": prices.REKOGNITION_IMAGE * usage.rekognition_images,
    }
    return ReceiptDollars(
        **{name: round(value, 9) for name, value in dollars.items()}, total=round(sum(dollars.values()), 9)
    )


def _functions(usage: Usage, deployment: Deployment) -> float:
    timings = usage.timings
    gb_seconds = sum(
        MEMORY_MB[function] / prices.LAMBDA_GB_MB * milliseconds / 1000
        for function, milliseconds in (
            ("verify", timings.total_ms),
            ("face_compare", timings.sum_ms("faces")),
            ("mrz", timings.sum_ms("mrz")),
        )
    )
    calls = 2 + usage.mrz_calls  # this one, the faces, and each MRZ
    return gb_seconds * prices.LAMBDA_GB_SECOND[deployment.processor] + calls * prices.LAMBDA_REQUEST


def _s3(usage: Usage, deployment: Deployment) -> float:
    months = deployment.retention_days / prices.DAYS_A_MONTH
    kept = sum(usage.picture_bytes) / prices.GB * prices.S3_GB_MONTH * months
    gets = PICTURES_COMPARED + usage.mrz_calls
    return len(usage.picture_bytes) * prices.S3_PUT + gets * prices.S3_GET + kept


def _writes(usage: Usage) -> int:
    """Count write units: the announcement, the quota's counts, and the end with its evidence, a transaction."""
    ended = _write_units(usage.verification_bytes + OWN_BYTES) + _write_units(usage.evidence_bytes)
    return _write_units(ANNOUNCED_BYTES) + QUOTA_WRITES[usage.channel] + WRITES_IN_A_TRANSACTION * ended


def _write_units(item_bytes: int) -> int:
    return math.ceil(item_bytes / prices.WRITE_UNIT_BYTES)
