"""What the engines speak: Amazon Rekognition's way of taking a picture and of refusing one.

In place of Rekognition's S3Object a picture has a Url, which whoever asks has signed: an engine may read the pictures
of the request at hand and nothing else.

Source: Rekognition's service model (2016-06-27). Bad input is answered as `{"__type", "Message"}`, never crashed on.
"""

from __future__ import annotations

import binascii
import json
import sys
from base64 import b64decode
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from cari_aws import correlation
from cari_aws.presigned import NoSuchObject, fetch, is_of_our_bucket
from cari_aws.s3_answers import ObjectTooLarge
from cari_core.engine_api import Refused
from cari_core.errors import ImageRejected

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

MAX_INLINE_BYTES = 5_242_880  # ImageBlob's bound
MAX_STORED_BYTES = 15_728_640  # of a picture in S3, by Rekognition's guidelines and quotas


class Refusal(Exception):
    """A request that cannot be served; `code` is the name that the caller sees."""

    code = "InvalidParameterException"


class NoSuchPicture(Refusal):
    """There is no picture where the request says."""

    code = "InvalidS3ObjectException"


class PictureTooLarge(Refusal):
    """More bytes than a picture may have."""

    code = "ImageTooLargeException"


class NotAPicture(Refusal):
    """The bytes are no picture, or a damaged one."""

    code = "InvalidImageFormatException"


def flag(event: dict[str, Any], name: str) -> bool:
    """Read a member that is true or false, and false where it is not said. Raises Refusal."""
    said = event.get(name, False)
    if not isinstance(said, bool):
        raise Refusal(f"{name} is true or false.")
    return said


def as_engine(handler: Handler) -> Handler:
    """Let a handler's refusals, and its pictures that cannot be decoded, come back as an answer.

    Its log begins with the id of the request that it works for, which `handler` does not see.
    """

    @wraps(handler)
    def answering(event: dict[str, Any], context: object) -> dict[str, Any]:
        correlation.begin(event.get(correlation.MEMBER))
        _say_for_whom(context)
        try:
            return handler({name: told for name, told in event.items() if name != correlation.MEMBER}, context)
        except Refusal as refusal:
            return _refused(refusal.code, str(refusal))
        except ImageRejected as rejected:
            return _refused(NotAPicture.code, rejected.detail)

    return answering


def _say_for_whom(context: object) -> None:
    """Write the ids by which Lambda's own lines are found, of a crash too. The logger would slow the start."""
    if request_id := correlation.current():
        said = {
            "level": "INFO",
            "message": "engine asked",
            "timestamp": datetime.now(UTC).isoformat(),
            "service": "cari",
            "function_name": getattr(context, "function_name", None),
            "function_request_id": getattr(context, "aws_request_id", None),
            correlation.FIELD: request_id,
        }
        sys.stdout.write(json.dumps(said) + "\n")  # at once: print writes the end of the line by itself
        sys.stdout.flush()


def _refused(code: str, message: str) -> dict[str, Any]:
    return Refused.model_validate({"__type": code, "Message": message}).plain()


def picture_of(event: dict[str, Any], name: str) -> bytes:
    """Fetch the picture that `event[name]` carries as Bytes, or to which its Url leads.

    Raises Refusal where there is none to be had, NotFetched where S3 does not give it now.
    """
    image = event.get(name)
    if not isinstance(image, dict) or image.keys() not in ({"Bytes"}, {"Url"}):
        raise Refusal(f"{name} needs either Bytes or Url, and nothing else.")
    return _inline(image["Bytes"], name) if "Bytes" in image else _stored(image["Url"], name)


def _inline(text: object, name: str) -> bytes:
    try:
        picture = b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        picture = b""
    if not picture:
        raise Refusal(f"{name}.Bytes is not a picture in base64.")
    if len(picture) > MAX_INLINE_BYTES:
        raise PictureTooLarge(f"{name}.Bytes is larger than {MAX_INLINE_BYTES} bytes.")
    return picture


def _stored(address: object, name: str) -> bytes:
    if not isinstance(address, str) or not is_of_our_bucket(address):
        raise Refusal(f"{name}.Url is no address in this deployment's bucket.")
    try:
        return fetch(address, max_bytes=MAX_STORED_BYTES)
    except ObjectTooLarge:
        raise PictureTooLarge(f"{name} is larger than {MAX_STORED_BYTES} bytes.") from None
    except NoSuchObject:
        raise NoSuchPicture(f"{name}: there is nothing at its Url.") from None
