"""A page of the caller's verifications, and the sealed cursor to the next."""

from __future__ import annotations

from cari_api import cursors
from cari_verification.aws import listing, tenant_secrets
from functions.records.contract import VerificationList


def page(tenant: str, mode: str, filters: listing.Filters, *, limit: int, cursor: str | None) -> VerificationList:
    """Find a page. Raises CursorRejected for a cursor that this list did not give to this caller."""
    scope = {"tenant": tenant, "mode": mode, **filters.as_text()}
    secret = tenant_secrets.secret(tenant, mode)
    after = cursors.unseal(secret, scope, cursor) if cursor else None
    found = listing.find_page(tenant, mode, filters, limit=limit, after=after)
    return VerificationList(
        verifications=list(found.verifications),
        next_cursor=cursors.seal(secret, scope, found.last) if found.last else None,
    )
