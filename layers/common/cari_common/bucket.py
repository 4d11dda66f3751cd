"""The bucket: where a tenant's pictures lie, and how they get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from cari_common.evidence import Side
    from cari_common.picture import Picture

_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def image_key(tenant: str, mode: str, identifier: str, side: Side, content_type: str) -> str:
    """Name a picture under its tenant's prefix: no other tenant's key can begin so."""
    return f"images/{tenant}/{mode}/{identifier}/{side}.{_SUFFIX[content_type]}"


def put_picture(client: S3Client, bucket: str, key: str, picture: Picture) -> None:
    """Store a checked picture, encrypted as the bucket says."""
    client.put_object(Bucket=bucket, Key=key, Body=picture.payload, ContentType=picture.content_type)
