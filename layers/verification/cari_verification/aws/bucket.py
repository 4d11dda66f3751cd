"""The bucket: where a tenant's pictures and uploads lie, and how they get there."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from cari_aws.clients import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

    from cari_core.picture import Picture
    from cari_decision.evidence import Side
    from cari_verification.uploads import Promise

RETENTION_TAG = "retention-days"
_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
# Without leave to list a bucket, which no function needs, S3 says AccessDenied of what is not there. InvalidArgument is
# what it says of a version that is no version's id.
NOT_TO_BE_HAD = frozenset(
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


@cache
def s3_client() -> S3Client:
    """Share one S3 client in this process: the first call pays for it, the next do not."""
    return boto3.client("s3", config=PATIENCE)


def image_key(tenant: str, mode: str, identifier: str, side: Side, content_type: str) -> str:
    """Name a picture under its tenant's prefix: no other tenant's key can begin so."""
    return f"{images_prefix(tenant, mode, identifier)}{side}.{_SUFFIX[content_type]}"


def images_prefix(tenant: str, mode: str, identifier: str) -> str:
    """Name the place of all pictures of a verification."""
    return f"images/{tenant}/{mode}/{identifier}/"


def read_picture(client: S3Client, bucket: str, prefix: str, side: Side) -> bytes | None:
    """Fetch a stored picture of a verification, by `images_prefix`, whatever its type; None where none is kept."""
    for suffix in _SUFFIX.values():
        payload = _read(client, bucket, f"{prefix}{side}.{suffix}")
        if payload is not None:
            return payload
    return None


def put_picture(client: S3Client, bucket: str, key: str, picture: Picture, *, retention_days: int) -> None:
    """Store a checked picture, encrypted as the bucket says, for as long as its tag tells the bucket's lifecycle."""
    client.put_object(
        Bucket=bucket,
        Key=key,
        Body=picture.payload,
        ContentType=picture.content_type,
        Tagging=f"{RETENTION_TAG}={max(retention_days, 1)}",  # no lifecycle is shorter than a day
    )


def erase(client: S3Client, bucket: str, names: Iterable[str]) -> int:
    """Erase every version of every object, and say how many there were. Names that end in a slash are prefixes.

    Raises what S3 refuses with; what is erased by then stays so, and erasing again goes on.
    """
    erased = 0
    for name in names:
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=name):
            versions: list[ObjectIdentifierTypeDef] = [
                {"Key": version["Key"], "VersionId": version["VersionId"]}
                for version in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
                if version["Key"] == name or name.endswith("/")
            ]
            if not versions:
                continue
            answer = client.delete_objects(Bucket=bucket, Delete={"Objects": versions, "Quiet": True})
            if refused := answer.get("Errors"):
                raise ClientError({"Error": {"Code": refused[0].get("Code", "Unknown")}}, "DeleteObjects")
            erased += len(versions)
    return erased


@cache
def signing_client() -> S3Client:
    """Make a client whose signed addresses name the bucket's own region: S3's default is an older, redirecting form."""
    return boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


def upload_key(tenant: str, mode: str, name: str) -> str:
    """Name an upload under its tenant's prefix: another's name leads to where nothing lies."""
    return f"uploads/{tenant}/{mode}/{name}"


def sign_upload(client: S3Client, bucket: str, key: str, promise: Promise, *, expires_in_s: int) -> dict[str, Any]:
    """Sign a POST, {"url", "fields"}, by which S3 takes these very bytes under this key, and nothing else."""
    fields = {
        "Content-Type": promise.content_type,
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": b64encode(bytes.fromhex(promise.sha256)).decode(),
    }
    conditions: list[Any] = [
        *({name: value} for name, value in fields.items()),
        ["content-length-range", promise.size_bytes, promise.size_bytes],
    ]
    return client.generate_presigned_post(bucket, key, Fields=fields, Conditions=conditions, ExpiresIn=expires_in_s)


def read_upload(client: S3Client, bucket: str, key: str, *, max_bytes: int) -> bytes | None:
    """Fetch an upload, one byte more than `max_bytes` where it has that many; None where there is none."""
    return _read(client, bucket, key, max_bytes + 1)


def delete_object(client: S3Client, bucket: str, key: str) -> None:
    """Erase an object; one that is not there is erased already."""
    client.delete_object(Bucket=bucket, Key=key)


def _read(client: S3Client, bucket: str, key: str, most_bytes: int | None = None) -> bytes | None:
    try:
        answer = client.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in NOT_TO_BE_HAD:
            raise
        return None
    return answer["Body"].read(most_bytes)
