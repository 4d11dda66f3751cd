"""Reading an object of a bucket."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from cari_aws.clients import s3_client

# Without leave to list a bucket, which no function needs, S3 says AccessDenied of what is not there. InvalidArgument is
# what it says of a version that is no version's id.
MISSING_OBJECT_CODES = frozenset(
    {
        "NoSuchKey",
        "NoSuchBucket",
        "NoSuchVersion",
        "InvalidArgument",
        "InvalidBucketName",
        "KeyTooLongError",
        "AccessDenied",
        "InvalidObjectState",
        "404",
        "403",
    }
)


class ObjectTooLarge(Exception):
    """The object has more bytes than were asked for at most."""


def read_object(bucket: str, key: str, *, max_bytes: int, version: str | None = None) -> bytes | None:
    """Fetch an object, None where S3 has none for us to read. Raises ObjectTooLarge before it is read."""
    named: dict[str, Any] = {} if version is None else {"VersionId": version}
    try:
        answer = s3_client().get_object(Bucket=bucket, Key=key, **named)
    except ClientError as error:
        if error.response["Error"]["Code"] not in MISSING_OBJECT_CODES:
            raise
        return None
    if answer["ContentLength"] > max_bytes:
        raise ObjectTooLarge
    return answer["Body"].read()
