"""From an error to the document that tells a caller of it (RFC 9457)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_common import links
from cari_common.contract import Problem

if TYPE_CHECKING:
    from cari_common.errors import CariError


def problem(error: CariError, request_id: str, prefix: str = "") -> Problem:
    """Spell an error out as RFC 9457 asks; `prefix` is what the deployment puts before our paths."""
    return Problem(
        type=links.error_type(error.code, prefix),
        title=error.title,
        status=error.status,
        code=error.code,
        detail=error.detail,
        field=error.field,
        request_id=request_id,
        **error.extensions,
    )
