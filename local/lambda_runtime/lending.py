"""Pictures that an invocation cannot carry, lent to the function through the bucket."""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cari_aws.engine_requests import MAX_STORED_BYTES, NoSuchPicture, PictureTooLarge, Refusal, picture_of
from local.lambda_runtime.runtime_api import MAX_PAYLOAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "images/lent"
LENT_FOR_S = 300
S3_OBJECT = {  # its members, each as Rekognition's service model (2016-06-27) bounds it
    "Bucket": re.compile(r"[0-9A-Za-z._-]{3,255}"),
    "Name": re.compile(r".{1,1024}", re.DOTALL),
    "Version": re.compile(r".{1,1024}", re.DOTALL),
}


@contextlib.contextmanager
def fitting(request: dict[str, Any], s3: Any, bucket: str) -> Iterator[bytes]:
    """Make a Rekognition request an event for the face function, for as long as the block lasts. Raises Refusal.

    The function takes pictures as Bytes or by a signed Url of its own bucket. Rekognition takes them from any bucket,
    and up to 5 MB as Bytes, which base64 makes 6.7 MB; Lambda takes 6 MB in all.
    """
    pictures = {name: _stored(image["S3Object"], name, s3) for name, image in request.items() if _is_stored(image)}
    if len(json.dumps(request)) > MAX_PAYLOAD_BYTES:
        pictures |= {name: picture_of(request, name) for name, image in request.items() if _is_inline(image)}
    keys = {name: f"{PREFIX}/{uuid.uuid4()}" for name in pictures}
    try:
        for name, picture in pictures.items():
            s3.put_object(Bucket=bucket, Key=keys[name], Body=picture)
        lent = {name: {"Url": _signed(s3, bucket, key)} for name, key in keys.items()}
        event = json.dumps(request | lent).encode()
        if len(event) > MAX_PAYLOAD_BYTES:
            raise Refusal("The request is too large, even without its pictures.")
        yield event
    finally:
        for key in keys.values():
            s3.delete_object(Bucket=bucket, Key=key)


def _is_stored(image: object) -> bool:
    return isinstance(image, dict) and image.keys() == {"S3Object"}


def _is_inline(image: object) -> bool:
    return isinstance(image, dict) and image.keys() == {"Bytes"}


def _stored(place: object, name: str, s3: Any) -> bytes:
    if not isinstance(place, dict) or not {"Bucket", "Name"} <= place.keys() <= S3_OBJECT.keys():
        raise Refusal(f"{name}.S3Object needs Bucket and Name, may have Version, and nothing else.")
    for member, value in place.items():
        if not isinstance(value, str) or not S3_OBJECT[member].fullmatch(value):
            raise Refusal(f"{name}.S3Object.{member} is not one that S3 could have given.")
    version = {"VersionId": place["Version"]} if "Version" in place else {}
    try:
        answer = s3.get_object(Bucket=place["Bucket"], Key=place["Name"], **version)
    except ClientError:
        raise NoSuchPicture(f"{name}: S3 has no such object, or does not let it be read.") from None
    if answer["ContentLength"] > MAX_STORED_BYTES:
        raise PictureTooLarge(f"{name} is larger than {MAX_STORED_BYTES} bytes.")
    content: bytes = answer["Body"].read()
    return content


def _signed(s3: Any, bucket: str, key: str) -> str:
    address: str = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": key}, ExpiresIn=LENT_FOR_S)
    return address
