"""From an error to the document that tells a caller of it (RFC 9457). Its names are the public contract's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from cari_api import links

if TYPE_CHECKING:
    from cari_core.errors import CariError


class FieldError(BaseModel):
    """One thing wrong with one part of the request."""

    field: str
    detail: str


class Problem(BaseModel):
    """An error, as RFC 9457 describes it. `code` is stable; `detail` is for people."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    field: str | None = None
    errors: list[FieldError] | None = None


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
