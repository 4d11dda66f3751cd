"""Every failure a caller can see, as one tree. `http.py` alone turns it into problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Any

CHALLENGE = 'Bearer realm="cari"'  # RFC 6750; the key may also stand bare
MAX_ERRORS = 20  # of one request, that a problem document lists


class CariError(Exception):
    """Base of every failure a caller can see.

    `detail` is a sentence the reader can act on; `field` names the offending part of the request;
    `extensions` are further members of the problem document, already JSON-ready; `headers` go beside it.
    """

    status = 500
    code = "internal_error"
    title = "Something went wrong on our side"

    def __init__(self, detail: str, *, field: str | None = None, **extensions: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.extensions = extensions
        self.headers: dict[str, str] = {}


class BadRequest(CariError):
    """The request cannot be read at all: wrong boundary, mangled body, not multipart."""

    status = 400
    code = "bad_request"
    title = "The request could not be read"


class BodyMangled(BadRequest):
    """A binary body went through a text decoder on its way here (U+FFFD where bytes were)."""

    code = "body_mangled"
    title = "The upload was damaged on its way here"


class RequestRefused(CariError):
    """API Gateway refused the request before any function saw it; `detail` has its reason."""

    status = 400
    code = "request_refused"
    title = "The request was refused"


class Unauthorized(CariError):
    """No API key, or one that is malformed, unknown, revoked or expired."""

    status = 401
    code = "unauthorized"
    title = "The API key is missing or not accepted"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail, field=field)
        self.headers["WWW-Authenticate"] = CHALLENGE


class Forbidden(CariError):
    """The key is known, but may not make this call, or no usage plan covers it."""

    status = 403
    code = "forbidden"
    title = "This key may not do that"


class InsufficientScope(CariError):
    """The key lacks the scope that this call needs, or would give away: `scope` names it."""

    status = 403
    code = "insufficient_scope"
    title = "This key lacks a scope"


class NotFound(CariError):
    """No such thing, or not the caller's: the two are told apart nowhere."""

    status = 404
    code = "not_found"
    title = "Not found"


class NotAcceptable(CariError):
    """The `Accept` header names no kind that this route answers with."""

    status = 406
    code = "not_acceptable"
    title = "This is not to be had in that form"


class BodyTooLarge(CariError):
    """The request is larger than one call may be."""

    status = 413
    code = "body_too_large"
    title = "The request is too large"


class UnsupportedMediaType(CariError):
    """The request's body is of a kind this route does not read: the `Accept` header names those it does."""

    status = 415
    code = "unsupported_media_type"
    title = "Unsupported media type"

    def __init__(self, detail: str, *, accept: str, **extensions: Any) -> None:
        super().__init__(detail, **extensions)
        self.headers["Accept"] = accept  # RFC 9110, 15.5.16


class UnsupportedImage(CariError):
    """The bytes are of a kind no picture we read has; `detected` says which."""

    status = 415
    code = "unsupported_image"
    title = "This file is not a picture we can read"

    def __init__(self, detail: str, *, field: str, detected: str | None) -> None:
        super().__init__(detail, field=field, detected=detected)
        self.headers["Accept"] = "image/jpeg, image/png, image/webp, image/heic"


class ValidationFailed(CariError):
    """A part of the request is missing or has a value it may not have."""

    status = 422
    code = "validation_failed"
    title = "The request is incomplete or has a wrong value"


class ImageRejected(CariError):
    """The bytes claim to be a picture but are empty, truncated, damaged or too large to decode."""

    status = 422
    code = "image_rejected"
    title = "The picture cannot be used"


class CursorRejected(CariError):
    """A cursor that was altered, made up, or taken from a list with other filters or of another key."""

    status = 422
    code = "cursor_rejected"
    title = "This cursor belongs to no such list"


class PolicyRejected(CariError):
    """A policy with rules that are unknown, impossible, or contradict each other; `field` points at the first."""

    status = 422
    code = "policy_rejected"
    title = "The policy cannot be kept"


class UploadMismatch(CariError):
    """What was uploaded is not what was promised: other bytes, more of them, or of another kind."""

    status = 422
    code = "upload_mismatch"
    title = "The upload is not what was promised"


class IdempotencyInProgress(CariError):
    """The first request with this key is still being answered."""

    status = 409
    code = "idempotency_in_progress"
    title = "The first request with this key is still under way"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail, field=field)
        self.headers["Retry-After"] = "1"


class ReviewedMeanwhile(CariError):
    """Another review of the same verification came first."""

    status = 409
    code = "reviewed_meanwhile"
    title = "Somebody else decided meanwhile"


class PolicyChangedMeanwhile(CariError):
    """Others changed the same policy again and again while this change was to be stored."""

    status = 409
    code = "policy_changed_meanwhile"
    title = "Others are changing this policy"


class TooManyPolicies(CariError):
    """The tenant has as many policies in this mode as one may have: change one of them instead."""

    status = 409
    code = "too_many_policies"
    title = "There are too many policies"


class UploadInUse(CariError):
    """Another request is verifying the same upload: an upload is used once. If that one fails, this may succeed."""

    status = 409
    code = "upload_in_use"
    title = "Another request uses this upload"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail, field=field)
        self.headers["Retry-After"] = "1"


class StillProcessing(CariError):
    """The verification has no decision yet, and so no evidence of one: wait as long as `Retry-After` says."""

    status = 409
    code = "still_processing"
    title = "The verification is still under way"

    def __init__(self, *, retry_after_s: str) -> None:
        super().__init__("There is no decision yet. Ask again after as long as Retry-After says.", field="id")
        self.headers["Retry-After"] = retry_after_s


class PictureNotKept(CariError):
    """The verification is still there, its picture is not: it was kept for no longer (`retention_days`)."""

    status = 409
    code = "picture_not_kept"
    title = "The picture is no longer stored"


class IdempotencyKeyReused(CariError):
    """Another body came with a key that was used already."""

    status = 422
    code = "idempotency_key_reused"
    title = "This key belongs to another request"


class OwnKey(CariError):
    """A key was to revoke itself, which could lock its tenant out: use another, or rotate it."""

    status = 409
    code = "own_key"
    title = "A key cannot revoke itself"


class KeyNotActive(CariError):
    """The API key that was to be rotated is revoked or has expired, or another request rotated it just now."""

    status = 409
    code = "key_not_active"
    title = "The key is not active"


class TooManyKeys(CariError):
    """The tenant has as many usable API keys in this mode as one may have: revoke some first."""

    status = 409
    code = "too_many_keys"
    title = "There are too many keys"


class RateLimited(CariError):
    """More requests than the key or its usage plan allows: wait as long as `Retry-After` says."""

    status = 429
    code = "rate_limited"
    title = "Too many requests"


class QuotaExceeded(CariError):
    """The month's quota of the key or of its usage plan is used up."""

    status = 429
    code = "quota_exceeded"
    title = "The quota is used up"


class BadGateway(CariError):
    """A function failed to answer API Gateway at all."""

    status = 502
    code = "bad_gateway"
    title = "Something went wrong on our side"


class ServiceUnavailable(CariError):
    """What the service stands on is overloaded or out of reach for now. The same request may succeed in a moment."""

    status = 503
    code = "service_unavailable"
    title = "The service cannot answer just now"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.headers["Retry-After"] = "5"


class EngineUnavailable(ServiceUnavailable):
    """An engine is overloaded or out of reach, and nobody could go on with the verification. Nothing was kept."""

    code = "engine_unavailable"
    title = "The pictures cannot be judged just now"


class QuotaUnavailable(ServiceUnavailable):
    """The verification could not be counted against its quota, so it was not made. Nothing was kept."""

    code = "quota_unavailable"
    title = "The quota cannot be counted just now"


class ErasureUnfinished(CariError):
    """The verification can no longer be read, but is not all erased, or has no receipt yet. Ask again for it."""

    status = 503
    code = "erasure_unfinished"
    title = "Not everything is erased yet"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail, field=field)
        self.headers["Retry-After"] = "5"


class GatewayTimeout(CariError):
    """API Gateway stopped waiting before the service had answered."""

    status = 504
    code = "gateway_timeout"
    title = "The service took too long"
