"""Who calls: what the authorizer tells the functions of a key, by way of API Gateway's context.

The context holds only texts. A caller of whom it tells no scopes may do nothing; one of whom it tells no quota is
counted under the tenant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cari_api.auth import scopes
from cari_core import ids

if TYPE_CHECKING:
    from cari_api.auth.keys import KeyRecord
    from cari_api.auth.scopes import Scope


@dataclass(frozen=True)
class Caller:
    """The holder of a key."""

    tenant: str
    mode: str
    scopes: tuple[Scope, ...]
    quota_id: str  # what its calls are counted under
    key_id: str | None = None
    requests_per_minute: int | None = None  # None: the deployment's
    verifications_per_month: int | None = None

    @property
    def owner(self) -> str:
        """Name tenant and mode as the tables do."""
        return ids.owner_key(self.tenant, self.mode)


def of(event: dict[str, Any]) -> Caller | None:
    """Read who calls from API Gateway's event; None where no key was asked for."""
    context = (event.get("requestContext") or {}).get("authorizer") or {}
    if "tenant" not in context:
        return None
    tenant, mode = str(context["tenant"]), str(context["mode"])
    return Caller(
        tenant,
        mode,
        scopes=scopes.read(str(context.get("scopes", ""))),
        quota_id=context.get("quota_id") or ids.owner_key(tenant, mode),
        key_id=context.get("key_id"),
        requests_per_minute=_number(context.get("requests_per_minute")),
        verifications_per_month=_number(context.get("verifications_per_month")),
    )


def context(record: KeyRecord) -> dict[str, str]:
    """Write what `of` reads."""
    told = {
        "tenant": record.tenant,
        "mode": record.mode,
        "key_id": record.id,
        "scopes": scopes.written(record.scopes),
        "quota_id": record.counted_as,
        "requests_per_minute": record.requests_per_minute,
        "verifications_per_month": record.verifications_per_month,
    }
    return {name: str(value) for name, value in told.items() if value is not None}


def _number(text: object) -> int | None:
    return None if text is None else int(str(text))
