"""Uploads as the routes use them: offered, then collected and discarded by the verification that names them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from cari_common import bucket, cloud, ids, uploads
from cari_common.contract import Upload
from cari_common.errors import NotFound, UploadMismatch
from cari_common.observability import logger
from cari_common.settings import verification_settings
from cari_intake import intake, sniff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cari_common.contract import FileToUpload
    from cari_common.evidence import Side
    from cari_common.picture import Picture


def name_for(file: FileToUpload) -> str:
    """Name an upload that is about to be offered."""
    return uploads.name_of(ids.new_id(), uploads.Promise(file.content_type, file.size_bytes, file.sha256.lower()))


def offer(tenant: str, mode: str, name: str, side: Side) -> Upload:
    """Sign the POST of an upload. Raises NotFound where its name is too old."""
    now = datetime.now(UTC)
    promise = _promise(name, side, now)
    signed = bucket.sign_upload(
        bucket.signing_client(),
        verification_settings().bucket,
        bucket.upload_key(tenant, mode, name),
        promise,
        expires_in_s=uploads.UPLOADING_S,
    )
    return Upload(
        name=name,
        side=side,
        url=signed["url"],
        fields=signed["fields"],
        expires_at=now + timedelta(seconds=uploads.UPLOADING_S),
        usable_until=uploads.made_at(name) + timedelta(seconds=uploads.USABLE_S),
    )


def collect(tenant: str, mode: str, name: str, side: Side) -> Picture:
    """Fetch an upload and check it, against its promise and as a picture.

    Raises NotFound, UploadMismatch, and what `intake` raises; each names the side.
    """
    promise = _promise(name, side, datetime.now(UTC))
    payload = bucket.read_upload(
        cloud.s3_client(),
        verification_settings().bucket,
        bucket.upload_key(tenant, mode, name),
        max_bytes=promise.size_bytes,
    )
    if payload is None:
        raise _unknown(side)
    if breach := uploads.breach(promise, payload, sniff(payload)):
        raise UploadMismatch(f"The upload for '{side}' {breach}. Upload it anew.", field=side)
    return intake(payload, field=side)


def discard(tenant: str, mode: str, names: Iterable[str]) -> None:
    """Erase uploads whose pictures are stored now without their metadata. What cannot be erased expires."""
    for name in names:
        try:
            bucket.delete_object(
                cloud.s3_client(), verification_settings().bucket, bucket.upload_key(tenant, mode, name)
            )
        except (BotoCoreError, ClientError) as error:
            logger.error("upload not erased", extra={"error_type": type(error).__name__})


def _promise(name: str, side: Side, now: datetime) -> uploads.Promise:
    promise = uploads.promise_of(name, now)
    if promise is None:
        raise _unknown(side)
    return promise


def _unknown(side: Side) -> NotFound:
    return NotFound(
        f"There is no such upload among this key's for '{side}': it was never finished, has expired, or was used. "
        "Ask for another by POST /identity/uploads.",
        field=side,
    )
