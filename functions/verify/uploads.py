"""Uploads as the routes use them: offered, then claimed, collected and erased by the verification that names them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from cari_aws.clients import FAILURES
from cari_aws.observability import logger
from cari_aws.s3_answers import ObjectTooLarge
from cari_core import ids
from cari_core.errors import NotFound, UploadInUse, UploadMismatch, ValidationFailed
from cari_intake import intake, sniff
from cari_verification import uploads
from cari_verification.aws import bucket
from functions.verify import upload_claims
from functions.verify.contract import Upload

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from cari_core.picture import Picture
    from cari_decision.evidence import Side
    from functions.verify.contract import FileToUpload


def name_for(file: FileToUpload) -> str:
    """Name an upload that is about to be offered."""
    return uploads.name_of(ids.new_id(), uploads.Promise(file.content_type, file.size_bytes, file.sha256.lower()))


def offer(tenant: str, mode: str, name: str, side: Side) -> Upload:
    """Sign the POST of an upload. Raises NotFound where its name is too old."""
    now = datetime.now(UTC)
    promise = _promise(name, side, now)
    signed = bucket.sign_upload(
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


class ClaimedUploads:
    """The uploads of one request, by side: claimed while it is under way, erased where it succeeds, else free again.

    Entering raises NotFound, UploadInUse, and ValidationFailed for an upload that is named twice.
    """

    def __init__(self, tenant: str, mode: str, names: Mapping[Side, str | None], context: LambdaContext) -> None:
        self._names = {side: name for side, name in names.items() if name is not None}
        by = ids.new_id()
        self._claims = {side: upload_claims.Claim(tenant, mode, name, by) for side, name in self._names.items()}
        self._context = context

    def __enter__(self) -> Self:
        for side, name in self._names.items():
            _promise(name, side, datetime.now(UTC))
        self._check_that_each_is_another()
        try:
            for side in self._claims:
                self._take(side)
        except Exception:
            self._release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self._erase()
        elif issubclass(kind, Exception):
            self._release()

    def pictures(self) -> dict[Side, Picture]:
        """Fetch every upload and check it. Raises as `_collected` does."""
        return {side: _collected(claim.tenant, claim.mode, claim.name, side) for side, claim in self._claims.items()}

    def use(self) -> None:
        """Say that the pictures are stored: no other request may have the uploads now. Raises UploadInUse."""
        for side, claim in self._claims.items():
            if not upload_claims.use(claim):
                raise _in_use(side)

    def _check_that_each_is_another(self) -> None:
        sides = list(self._names)
        for place, side in enumerate(sides):
            if twin := next((one for one in sides[:place] if self._names[one] == self._names[side]), None):
                raise ValidationFailed(
                    f"'{side}' names the same upload as '{twin}'. Each side needs one of its own.", field=side
                )

    def _take(self, side: Side) -> None:
        left_s = max(self._context.get_remaining_time_in_millis() / 1000, 0)
        taken = upload_claims.take(self._claims[side], for_s=left_s)
        if taken == "used":
            raise _unknown(side)
        if taken == "held":
            raise _in_use(side)

    def _release(self) -> None:
        for claim in self._claims.values():
            try:
                upload_claims.release(claim)
            except FAILURES as error:  # it is free when the request's time is over
                logger.error("upload not released", extra={"error_type": type(error).__name__})

    def _erase(self) -> None:
        """Erase what is stored now without its metadata. What cannot be erased expires."""
        for claim in self._claims.values():
            key = bucket.upload_key(claim.tenant, claim.mode, claim.name)
            try:
                bucket.delete_upload(key)
            except FAILURES as error:
                logger.error("upload not erased", extra={"error_type": type(error).__name__})


def _collected(tenant: str, mode: str, name: str, side: Side) -> Picture:
    """Fetch an upload and check it, against its promise and as a picture.

    Raises NotFound, UploadMismatch, and what `intake` raises; each names the side.
    """
    promise = _promise(name, side, datetime.now(UTC))
    try:
        payload = bucket.read_upload(bucket.upload_key(tenant, mode, name), max_bytes=promise.size_bytes)
    except ObjectTooLarge as error:
        raise UploadMismatch(
            f"The upload for '{side}' is larger than the {promise.size_bytes} bytes that were promised. "
            "Upload it anew.",
            field=side,
        ) from error
    if payload is None:
        raise _unknown(side)
    if breach := uploads.breach(promise, payload, sniff(payload)):
        raise UploadMismatch(f"The upload for '{side}' {breach}. Upload it anew.", field=side)
    return intake(payload, field=side)


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


def _in_use(side: Side) -> UploadInUse:
    return UploadInUse(
        f"Another request is verifying the upload for '{side}', and an upload is used once. Wait for that one's "
        "answer; only if it fails, send this again.",
        field=side,
    )
