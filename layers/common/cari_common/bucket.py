"""The bucket: where a tenant's pictures lie, and how they get there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from cari_common.evidence import Side
    from cari_common.picture import Picture

_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@cache
def s3_client() -> S3Client:
    """Share one S3 client in this process: the first call pays for it, the next do not."""
    return boto3.client("s3")


def image_key(tenant: str, mode: str, identifier: str, side: Side, content_type: str) -> str:
    """Name a picture under its tenant's prefix: no other tenant's key can begin so."""
    return f"images/{tenant}/{mode}/{identifier}/{side}.{_SUFFIX[content_type]}"


def put_picture(client: S3Client, bucket: str, key: str, picture: Picture) -> None:
    """Store a checked picture, encrypted as the bucket says."""
    client.put_object(Bucket=bucket, Key=key, Body=picture.payload, ContentType=picture.content_type)
