"""The bucket: where a tenant's pictures and uploads lie, and how they get there."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cari_aws.clients import presigning_s3_client, s3_client
from cari_aws.objects import read_object
from cari_core.picture import StoredPicture
from cari_core.settings import StorageSettings, settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

    from cari_core.picture import Picture
    from cari_decision.evidence import Side
    from cari_verification.uploads import Promise

RETENTION_TAG = "retention-days"
READ_FOR_S = 120  # longer than any function runs that asks an engine
MAX_STORED_BYTES = 200_000_000  # no picture that was taken in is larger
_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def name() -> str:
    """Name the bucket."""
    return settings(StorageSettings).bucket


def image_key(tenant: str, mode: str, identifier: str, side: Side, content_type: str) -> str:
    """Name a picture under its tenant's prefix: no other tenant's key can begin so."""
    return f"{images_prefix(tenant, mode, identifier)}{side}.{_SUFFIX[content_type]}"


def images_prefix(tenant: str, mode: str, identifier: str) -> str:
    """Name the place of all pictures of a verification."""
    return f"images/{tenant}/{mode}/{identifier}/"


def read_picture(prefix: str, side: Side) -> bytes | None:
    """Fetch a stored picture of a verification, by `images_prefix`, whatever its type; None where none is kept."""
    for suffix in _SUFFIX.values():
        payload = read_object(name(), f"{prefix}{side}.{suffix}", max_bytes=MAX_STORED_BYTES)
        if payload is not None:
            return payload
    return None


def put_picture(key: str, picture: Picture, *, retention_days: int) -> StoredPicture:
    """Store a checked picture, encrypted as the bucket says, for as long as its tag tells the bucket's lifecycle."""
    answer = s3_client().put_object(
        Bucket=name(),
        Key=key,
        Body=picture.payload,
        ContentType=picture.content_type,
        Tagging=f"{RETENTION_TAG}={max(retention_days, 1)}",  # no lifecycle is shorter than a day
    )
    return StoredPicture(
        name(),
        key,
        picture.content_type,
        picture.width,
        picture.height,
        picture.filename,
        size_bytes=len(picture.payload),
        sha256=sha256(picture.payload).hexdigest(),
        version=answer.get("VersionId"),
    )


def erase_pictures(pictures: Iterable[StoredPicture]) -> None:
    """Erase these pictures, each in the version that was stored. Raises what S3 refuses with."""
    _delete(
        [
            {"Key": picture.key, **({"VersionId": picture.version} if picture.version else {})}  # type: ignore[typeddict-item]  # mypy sees no literal in a spread
            for picture in pictures
        ]
    )


def erase(names: Iterable[str]) -> int:
    """Erase every version of every object, and say how many there were. Names that end in a slash are prefixes.

    Raises what S3 refuses with; what is erased by then stays so, and erasing again goes on.
    """
    erased = 0
    for name_or_prefix in names:
        for page in s3_client().get_paginator("list_object_versions").paginate(Bucket=name(), Prefix=name_or_prefix):
            versions: list[ObjectIdentifierTypeDef] = [
                {"Key": version["Key"], "VersionId": version["VersionId"]}
                for version in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
                if version["Key"] == name_or_prefix or name_or_prefix.endswith("/")
            ]
            if versions:
                _delete(versions)
                erased += len(versions)
    return erased


def upload_key(tenant: str, mode: str, upload: str) -> str:
    """Name an upload under its tenant's prefix: another's name leads to where nothing lies."""
    return f"uploads/{tenant}/{mode}/{upload}"


def sign_upload(key: str, promise: Promise, *, expires_in_s: int) -> dict[str, Any]:
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
    return presigning_s3_client().generate_presigned_post(
        name(), key, Fields=fields, Conditions=conditions, ExpiresIn=expires_in_s
    )


def sign_read(picture: StoredPicture) -> str:
    """Sign an address at which a stored picture can be read for as long as an engine may take."""
    named = {"Bucket": picture.bucket, "Key": picture.key}
    address: str = presigning_s3_client().generate_presigned_url("get_object", Params=named, ExpiresIn=READ_FOR_S)
    return address


def read_upload(key: str, *, max_bytes: int) -> bytes | None:
    """Fetch an upload, None where there is none. Raises ObjectTooLarge."""
    return read_object(name(), key, max_bytes=max_bytes)


def delete_upload(key: str) -> None:
    """Erase an upload; one that is not there is erased already."""
    s3_client().delete_object(Bucket=name(), Key=key)


def _delete(objects: list[ObjectIdentifierTypeDef]) -> None:
    answer = s3_client().delete_objects(Bucket=name(), Delete={"Objects": objects, "Quiet": True})
    if refused := answer.get("Errors"):
        raise ClientError({"Error": {"Code": refused[0].get("Code", "Unknown")}}, "DeleteObjects")
