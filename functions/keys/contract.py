"""The public contract of keys. These names never change; new ones may be added."""

from __future__ import annotations

from datetime import UTC, datetime  # pydantic reads it at run time
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cari_api.auth.scopes import Scope  # pydantic reads it at run time
from cari_core.ids import PATTERN

if TYPE_CHECKING:
    from cari_api.auth.keys import KeyRecord

Identifier = Annotated[str, Field(pattern=PATTERN, examples=["19e82a03d0042d703bb5fb1b"])]
MAX_DAYS = 3650
MAX_OVERLAP_H, DEFAULT_OVERLAP_H = 168, 24  # a week, a day


def _number(given: object) -> object:
    """Refuse text and truth in a number's place, which pydantic would read; 24.0 is the same number in JSON as 24."""
    if isinstance(given, str | bool):
        raise ValueError("not a number")  # noqa: TRY004  # what pydantic takes for a wrong value
    return given


Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="What people call the key",
        examples=["checkout, production"],
    ),
]
Scopes = Annotated[list[Scope], Field(min_length=1, description="What the key may do", examples=[["verify", "read"]])]


class KeyRequest(BaseModel):
    """A key that is to be made, of the caller's own tenant and mode."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    scopes: Scopes
    expires_in_days: Annotated[
        int | None, Field(ge=1, le=MAX_DAYS, description="Never, where it is not said"), BeforeValidator(_number)
    ] = None


class RotateRequest(BaseModel):
    """How a key is to be replaced."""

    model_config = ConfigDict(extra="forbid")

    overlap_hours: Annotated[
        int, Field(ge=0, le=MAX_OVERLAP_H, description="How long the old key works on"), BeforeValidator(_number)
    ] = DEFAULT_OVERLAP_H


class ApiKey(BaseModel):
    """What may be told of a key."""

    id: Identifier
    name: str
    hint: Annotated[str, Field(description="The key's beginning and end", examples=["dev_…1a2b"])]
    mode: Literal["dev", "live"]
    scopes: list[Scope]
    state: Literal["active", "revoked", "expired"]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: Annotated[datetime | None, Field(description="To the hour")] = None

    @classmethod
    def of(cls, record: KeyRecord, now: float) -> ApiKey:
        """Tell a key, without any secret."""
        return cls(
            id=record.id,
            name=record.name,
            hint=record.hint,
            mode=record.mode,
            scopes=list(record.scopes),
            state="expired" if record.state == "active" and not record.is_usable(now) else record.state,
            created_at=record.created_at,
            expires_at=_moment(record.expires_at),
            last_used_at=_moment(record.last_used_at),
        )


class ApiKeys(BaseModel):
    """The keys of the caller's tenant and mode, the oldest first; those of no more use for 90 days yet."""

    keys: list[ApiKey]


class NewKey(BaseModel):
    """A key that was made. `secret` is shown here and never again."""

    key: ApiKey
    secret: Annotated[str, Field(description="What goes into the Authorization header. Keep it: it is not shown again")]


class RotatedKey(NewKey):
    """A key that was made in the place of another."""

    replaces: Annotated[ApiKey, Field(description="The key before, which expires")]


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
