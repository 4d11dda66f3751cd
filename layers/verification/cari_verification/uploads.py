"""Uploads: what a caller promises to send is written into the upload's name, so that no table has to remember it.

A name is the promise and the moment it was made. A name made up by somebody leads to a key that nobody was ever let
write to, so nothing is signed: an upload that was never offered is one that is not there.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, get_args

from cari_core import ids

if TYPE_CHECKING:
    from datetime import datetime

ContentType = Literal["image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"]
CONTENT_TYPES: tuple[ContentType, ...] = get_args(ContentType)  # a name holds an index into it: only ever append
PICTURE_KINDS = {
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heic",
}
MAX_UPLOAD_BYTES = 15_728_640  # what the engines take of a picture in S3, by Rekognition's quotas
UPLOADING_S = 900  # how long the signed POST is good for
USABLE_S = 86_400  # afterwards the bucket's lifecycle erases what nobody claimed
NAME_PATTERN = re.compile(r"upload_[\w-]{66}", re.ASCII)
NAME_LAYOUT = struct.Struct(">12sBI32s")  # id, content type, bytes, SHA-256


@dataclass(frozen=True)
class Promise:
    """What an upload is to be."""

    content_type: ContentType
    size_bytes: int
    sha256: str  # hex


def name_of(identifier: str, promise: Promise) -> str:
    """Make an upload's name."""
    packed = NAME_LAYOUT.pack(
        bytes.fromhex(identifier),
        CONTENT_TYPES.index(promise.content_type),
        promise.size_bytes,
        bytes.fromhex(promise.sha256),
    )
    return f"upload_{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def promise_of(name: str, now: datetime) -> Promise | None:
    """Read the promise out of a name; None where no upload is called so, or it is too old to be used."""
    if not NAME_PATTERN.fullmatch(name):
        return None
    try:
        identifier, kind, size_bytes, sha256 = _unpacked(name)
        age = now - ids.created_at(identifier)
        promise = Promise(CONTENT_TYPES[kind], size_bytes, sha256)
    except (IndexError, OverflowError, OSError, ValueError):  # a time or a kind that there is not
        return None
    return promise if age <= timedelta(seconds=USABLE_S) and size_bytes <= MAX_UPLOAD_BYTES else None


def made_at(name: str) -> datetime:
    """Read when a name was made, UTC. It must be one that `promise_of` reads."""
    return ids.created_at(_unpacked(name)[0])


def breach(promise: Promise, payload: bytes, kind: str | None) -> str | None:
    """Say how the bytes differ from what was promised, None where they do not. A `kind` of None is left to others."""
    if len(payload) > promise.size_bytes:
        return f"is larger than the {promise.size_bytes} bytes that were promised"
    if len(payload) < promise.size_bytes:
        return f"has {len(payload)} bytes, not the {promise.size_bytes} that were promised"
    if hashlib.sha256(payload).hexdigest() != promise.sha256:
        return "has other bytes than were promised: its SHA-256 differs"
    if kind is not None and kind != PICTURE_KINDS[promise.content_type]:
        return f"is {kind.upper()} by its bytes, not the {promise.content_type} that was promised"
    return None


def _unpacked(name: str) -> tuple[str, int, int, str]:
    identifier, kind, size_bytes, sha256 = NAME_LAYOUT.unpack(
        base64.urlsafe_b64decode(name.removeprefix("upload_") + "==")
    )
    return identifier.hex(), kind, size_bytes, sha256.hex()
