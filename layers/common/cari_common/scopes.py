"""What a key may do. A route's scope follows from its method and path, so that a new route is never without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from cari_common.errors import InsufficientScope

if TYPE_CHECKING:
    from collections.abc import Iterable

Scope = Literal["verify", "read", "delete", "admin"]

ALL: tuple[Scope, ...] = get_args(Scope)
USUAL: tuple[Scope, ...] = ("verify", "read", "delete")  # of a key that nobody gave any: all but keys themselves
SERVICE = "/identity/"  # everything below it needs a key; the rest is what the service says of itself
RULES: tuple[
    tuple[frozenset[str] | None, str, Scope], ...
] = (  # methods (None: any), path's beginning; first one holds
    (None, "/identity/keys", "admin"),
    (frozenset({"GET", "HEAD"}), SERVICE, "read"),
    (frozenset({"DELETE"}), SERVICE, "delete"),
    (None, SERVICE, "verify"),
)


def needed(method: str, path: str) -> Scope | None:
    """Name the scope that a call needs; None where it needs no key."""
    for methods, beginning, scope in RULES:
        if (methods is None or method in methods) and path.startswith(beginning):
            return scope
    return None


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
