"""What a caller asks for: a picture, by value or by its place in S3, and within how many seconds."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from cari_mrz import TIME_BUDGET_S
from functions.mrz.refusal import NoSuchPicture, Refusal

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOT_THERE = frozenset(
    {"NoSuchKey", "NoSuchBucket", "NoSuchVersion", "AccessDenied", "InvalidObjectState", "404", "403"}
)


@dataclass(frozen=True)
class MrzRequest:
    """One request; `picture` fetches what it names."""

    image: dict[str, Any]
    filename: str | None
    time_budget_s: float

    @classmethod
    def of(cls, event: dict[str, Any]) -> MrzRequest:
        """Check an event. Raises Refusal for one without exactly one source, or with no time."""
        image = event.get("Image")
        if not isinstance(image, dict) or len(image.keys() & {"Bytes", "S3Object"}) != 1:
            raise Refusal("Image needs either Bytes or S3Object.")
        budget = event.get("TimeBudget", TIME_BUDGET_S)
        if not isinstance(budget, int | float) or not 0 < budget <= TIME_BUDGET_S:
            raise Refusal(f"TimeBudget is a number of seconds, more than 0 and at most {TIME_BUDGET_S:g}.")
        filename = event.get("Filename")
        if not isinstance(filename, str | None):
            raise Refusal("Filename is a string.")
        return cls(image, filename, float(budget))

    def picture(self) -> bytes:
        """Give the picture's bytes. Raises Refusal where there are none to be had."""
        if "Bytes" in self.image:
            return _decoded(self.image["Bytes"])
        return _fetched(self.image["S3Object"])


def _decoded(text: object) -> bytes:
    try:
        return b64decode(text, validate=True)  # type: ignore[arg-type]  # anything else raises TypeError
    except (TypeError, ValueError):
        raise Refusal("Bytes is a picture in base64.") from None


def _fetched(place: object) -> bytes:
    if not isinstance(place, dict) or not all(isinstance(place.get(name), str) for name in ("Bucket", "Name")):
        raise Refusal("S3Object needs Bucket and Name.")
    version = {"VersionId": place["Version"]} if place.get("Version") else {}
    try:
        return s3_client().get_object(Bucket=place["Bucket"], Key=place["Name"], **version)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in NOT_THERE:
            raise NoSuchPicture("S3 has no such object, or does not let this function read it.") from None
        raise


@cache
def s3_client() -> S3Client:
    """Share one client: the first picture pays for it, the next do not."""
    return boto3.client("s3")
