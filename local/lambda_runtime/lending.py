"""Pictures too large for an invocation, lent to the function through the bucket."""

from __future__ import annotations

import contextlib
import json
import uuid
from typing import TYPE_CHECKING, Any

from cari_aws.engine_requests import Refusal, picture_of
from local.lambda_runtime.runtime_api import MAX_PAYLOAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "images/lent"  # the function may read what lies under images/


@contextlib.contextmanager
def fitting(request: dict[str, Any], s3: Any, bucket: str) -> Iterator[bytes]:
    """Make a Rekognition request an event that Lambda takes, for as long as the block lasts. Raises Refusal.

    Rekognition takes pictures of 5 MB, which base64 makes 6.7 MB, and CompareFaces has two of them; Lambda takes 6 MB
    in all. Where they are too many, the pictures go into the bucket and the event says where.
    """
    event = json.dumps(request).encode()
    if len(event) <= MAX_PAYLOAD_BYTES:
        yield event
        return
    # Checked before it is stored: from the bucket the function would take 15 MB.
    pictures = {
        name: picture_of(request, name)
        for name, image in request.items()
        if isinstance(image, dict) and "Bytes" in image
    }
    keys = {name: f"{PREFIX}/{uuid.uuid4()}" for name in pictures}
    try:
        for name, picture in pictures.items():
            s3.put_object(Bucket=bucket, Key=keys[name], Body=picture)
        lent = {name: {"S3Object": {"Bucket": bucket, "Name": key}} for name, key in keys.items()}
        event = json.dumps(request | lent).encode()
        if len(event) > MAX_PAYLOAD_BYTES:
            raise Refusal("The request is too large, even without its pictures.")
        yield event
    finally:
        for key in keys.values():
            s3.delete_object(Bucket=bucket, Key=key)
