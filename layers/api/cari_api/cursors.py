"""Opaque cursors: where a list went on, signed so that only the list and the caller that it was made for can use it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from cari_core.errors import CursorRejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from itsdangerous import Signer


def seal(secret: bytes, scope: Mapping[str, str | None], last: str) -> str:
    """Make a cursor that goes on after the id `last`; `scope` is whose list it is and what it is filtered by."""
    return _signer(secret, scope).sign(last).decode()


def unseal(secret: bytes, scope: Mapping[str, str | None], cursor: str) -> str:
    """Read the id back. Raises CursorRejected for a cursor that was altered, made up, or made for another list."""
    from itsdangerous import BadSignature  # noqa: PLC0415  # 20 ms that only lists are worth

    try:
        return _signer(secret, scope).unsign(cursor).decode("ascii")
    except (BadSignature, UnicodeError) as error:
        raise CursorRejected(
            "This cursor belongs to another list. Take it from the page before, keep the filters, or leave it out.",
            field="cursor",
        ) from error


def _signer(secret: bytes, scope: Mapping[str, str | None]) -> Signer:
    from itsdangerous import Signer  # noqa: PLC0415  # likewise

    salt = "cursor\0" + json.dumps(sorted(scope.items()))
    return Signer(secret, salt=salt.encode(), sep=".", key_derivation="hmac", digest_method=hashlib.sha256)
