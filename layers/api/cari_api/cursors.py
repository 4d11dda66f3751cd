"""Opaque cursors: where a list went on, sealed so that only the list and the caller that it was made for can use it."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

from cari_core.errors import CursorRejected

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEAL_BYTES = 32


def seal(secret: bytes, scope: Mapping[str, str | None], last: str) -> str:
    """Make a cursor that goes on after the id `last`; `scope` is whose list it is and what it is filtered by."""
    return urlsafe_b64encode(_seal(secret, scope, last) + last.encode()).rstrip(b"=").decode()


def unseal(secret: bytes, scope: Mapping[str, str | None], cursor: str) -> str:
    """Read the id back. Raises CursorRejected for a cursor that was altered, made up, or made for another list."""
    try:
        content = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        given, last = content[:_SEAL_BYTES], content[_SEAL_BYTES:].decode("ascii")
    except ValueError:
        given, last = b"", ""
    if not hmac.compare_digest(given, _seal(secret, scope, last)):
        raise CursorRejected(
            "This cursor belongs to another list. Take it from the page before, keep the filters, or leave it out.",
            field="cursor",
        )
    return last


def _seal(secret: bytes, scope: Mapping[str, str | None], last: str) -> bytes:
    text = json.dumps([sorted(scope.items()), last])
    return hmac.new(secret, b"cursor\0" + text.encode(), hashlib.sha256).digest()
