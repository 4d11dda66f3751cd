"""A request's body: checked by its size, read by its kind, once."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from cari_api import forms
from cari_api.media_types import JSON, MULTIPART
from cari_core.errors import BadRequest, BodyTooLarge, UnsupportedMediaType, ValidationFailed

if TYPE_CHECKING:
    from cari_api.resolver import Api, Body, BodyKind

MAX_BODY_BYTES = 4_500_000  # what is left of Lambda's 6 MB once API Gateway has base64-encoded it
MAX_JSON_BYTES = 262_144  # the longest that a route reads is a policy that names every country: 10 kB
MAX_NAME = 100  # characters of a name that a caller made up, as a problem repeats it
WITH_BODY = frozenset({"POST", "PUT"})

Event = dict[str, Any]


@dataclass(frozen=True)
class ReadRequest:
    """An event without its body, and what was read of that: a JSON object, the parts of a form, or nothing."""

    event: Event
    body: Body


def readable(app: Api, event: Event) -> ReadRequest:
    """Read a request's body, and bring the event to the form that routes expect.

    Raises BadRequest, BodyTooLarge, UnsupportedMediaType or ValidationFailed for what cannot be read.
    """
    method = "GET" if event["httpMethod"] == "HEAD" else event["httpMethod"]
    event = {**event, "httpMethod": method}
    if method not in WITH_BODY:
        return ReadRequest({**event, "body": None, "isBase64Encoded": False}, {})
    content_type = _header(event, "content-type")
    is_json, kind = is_json_request(event), app.body_kind(method, event["path"])
    if not is_json and (kind.json_shape or not _is_multipart(content_type)):
        raise _unsupported(kind)
    raw = _body(event)
    event = {**event, "body": None, "isBase64Encoded": False}
    if is_json:
        _check_size(raw, MAX_JSON_BYTES)
        return ReadRequest({**event, "path": kind.json_route or event["path"]}, _json_object(raw))
    _check_size(raw, MAX_BODY_BYTES)
    return ReadRequest(event, forms.parse(content_type, raw))


def _check_size(body: bytes, max_bytes: int) -> None:
    if len(body) <= max_bytes:
        return
    if max_bytes == MAX_JSON_BYTES:
        raise BodyTooLarge(f"A JSON body may be {max_bytes} bytes; this one is {len(body)}.", max_bytes=max_bytes)
    raise BodyTooLarge(
        f"All parts together may be {max_bytes / 1e6:.1f} MB; these are {len(body) / 1e6:.1f} MB. "
        "Send larger pictures by way of POST /identity/uploads, up to 15 MB each, or smaller ones.",
        max_bytes=max_bytes,
        uploads="/identity/uploads",
    )


def _unsupported(kind: BodyKind) -> UnsupportedMediaType:
    if kind.json_shape:
        return UnsupportedMediaType(f"Send application/json: {kind.json_shape}.", accept=JSON)
    return UnsupportedMediaType(
        "Send multipart/form-data with the parts 'type', 'selfie', 'front' and, if need be, 'back'; or send "
        "application/json that names uploads made by way of POST /identity/uploads.",
        accept=f"{MULTIPART}, {JSON}",
        uploads="/identity/uploads",
    )


def is_json_request(event: Event) -> bool:
    """Say whether a request says that its body is JSON."""
    return _header(event, "content-type").partition(";")[0].strip().lower() == JSON


def _is_multipart(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == MULTIPART


def _json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object (RFC 8259, I-JSON): no name twice, no NaN, no half of a surrogate pair."""
    try:
        read = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_no_number)
        json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON. Let your HTTP library write it.") from error
    if not isinstance(read, dict):
        raise BadRequest("The body is JSON, but not an object.")
    return read


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        seen = set[str]()
        repeated = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        name = repeated[:MAX_NAME].encode(errors="replace").decode()  # half of a surrogate pair is no text to answer
        raise ValidationFailed(f"'{name}' is there twice. Say it once.", field=name)
    return read


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _header(event: Event, name: str) -> str:
    headers = event.get("headers") or {}
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")


def _body(event: Event) -> bytes:
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(text).encode()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest("The body is not the base64 that it is said to be.") from error
