"""What the engines speak: Amazon Rekognition's way of naming a picture and of refusing one.

Source: Rekognition's service model (2016-06-27). Bad input is answered as `{"__type", "Message"}`, never crashed on.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from functools import wraps
from typing import TYPE_CHECKING, Any

from cari_aws.objects import ObjectTooLarge, read_object
from cari_core.engine_api import Refused
from cari_core.errors import ImageRejected

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

MAX_INLINE_BYTES = 5_242_880  # ImageBlob's bound
MAX_STORED_BYTES = 15_728_640  # of a picture in S3, by Rekognition's guidelines and quotas
S3_OBJECT = {  # its members, each as the service model bounds it
    "Bucket": re.compile(r"[0-9A-Za-z._-]{3,255}"),
    "Name": re.compile(r".{1,1024}", re.DOTALL),
    "Version": re.compile(r".{1,1024}", re.DOTALL),
}


class Refusal(Exception):
    """A request that cannot be served; `code` is the name that the caller sees."""

    code = "InvalidParameterException"


class NoSuchPicture(Refusal):
    """S3 does not give the object that the request names."""

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


def answer_refusals(handler: Handler) -> Handler:
    """Let a handler's refusals, and its pictures that cannot be decoded, come back as an answer."""

    @wraps(handler)
    def answering(event: dict[str, Any], context: object) -> dict[str, Any]:
        try:
            return handler(event, context)
        except Refusal as refusal:
            return _refused(refusal.code, str(refusal))
        except ImageRejected as rejected:
            return _refused(NotAPicture.code, rejected.detail)

    return answering


def _refused(code: str, message: str) -> dict[str, Any]:
    return Refused.model_validate({"__type": code, "Message": message}).plain()


def picture_of(event: dict[str, Any], name: str) -> bytes:
    """Fetch the picture that `event[name]` carries or names. Raises Refusal where there is none to be had."""
    image = event.get(name)
    if not isinstance(image, dict) or image.keys() not in ({"Bytes"}, {"S3Object"}):
        raise Refusal(f"{name} needs either Bytes or S3Object, and nothing else.")
    return _inline(image["Bytes"], name) if "Bytes" in image else _stored(image["S3Object"], name)


def _inline(text: object, name: str) -> bytes:
    try:
        picture = b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        picture = b""
    if not picture:
        raise Refusal(f"{name}.Bytes is not a picture in base64.")
    if len(picture) > MAX_INLINE_BYTES:
        raise PictureTooLarge(f"{name}.Bytes is larger than {MAX_INLINE_BYTES} bytes. Name an S3Object.")
    return picture


def _stored(place: object, name: str) -> bytes:
    if not isinstance(place, dict) or not {"Bucket", "Name"} <= place.keys() <= S3_OBJECT.keys():
        raise Refusal(f"{name}.S3Object needs Bucket and Name, may have Version, and nothing else.")
    for member, value in place.items():
        if not isinstance(value, str) or not S3_OBJECT[member].fullmatch(value):
            raise Refusal(f"{name}.S3Object.{member} is not one that S3 could have given.")
    try:
        picture = read_object(place["Bucket"], place["Name"], max_bytes=MAX_STORED_BYTES, version=place.get("Version"))
    except ObjectTooLarge:
        raise PictureTooLarge(f"{name} is larger than {MAX_STORED_BYTES} bytes.") from None
    if picture is None:
        raise NoSuchPicture(f"{name}: S3 has no such object, or does not let this function read it.")
    return picture
