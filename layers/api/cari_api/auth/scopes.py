"""What a key may do. Each route declares the scopes that it needs (see `api.Api`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from cari_core.errors import InsufficientScope

if TYPE_CHECKING:
    from collections.abc import Iterable

Scope = Literal["verify", "read", "delete", "admin"]

ALL: tuple[Scope, ...] = get_args(Scope)
USUAL: tuple[Scope, ...] = ("verify", "read", "delete")  # of a key that nobody gave any: all but keys themselves
PUBLIC: tuple[Scope, ...] = ()  # what the service says of itself asks for no key


def require(scope: Scope, granted: Iterable[Scope]) -> None:
    """Raise InsufficientScope, which names the scope, where it was not granted."""
    if scope not in set(granted):
        raise InsufficientScope(
            f"This needs a key with the scope '{scope}'. Use another key, or ask whoever manages yours for one.",
            scope=scope,
        )


def written(scopes: Iterable[Scope]) -> str:
    """Write scopes as one text, in the order of the list: `verify read`."""
    granted = set(scopes)
    return " ".join(scope for scope in ALL if scope in granted)


def read(text: str) -> tuple[Scope, ...]:
    """Read what `written` wrote; names that are no scope grant nothing."""
    named = text.split()
    return tuple(scope for scope in ALL if scope in named)
