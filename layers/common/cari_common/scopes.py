"""What a key may do. A route's scope follows from its method and path, so that a new route is never without one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

from cari_common.errors import InsufficientScope

if TYPE_CHECKING:
    from collections.abc import Iterable

Scope = Literal["verify", "read", "delete", "admin"]

ALL: tuple[Scope, ...] = get_args(Scope)
USUAL: tuple[Scope, ...] = ("verify", "read", "delete")  # of a key that nobody gave any: all but keys themselves
SERVICE = "/identity/"  # everything below it needs a key; the rest is what the service says of itself
READING = frozenset({"GET", "HEAD"})
# Methods (None: any) and the path; the first rule that fits holds. Whoever may post pictures must not be able to
# approve them: a person's review and the policy itself are the administrator's.
RULES: tuple[tuple[frozenset[str] | None, re.Pattern[str], Scope], ...] = (
    (None, re.compile(r"/identity/keys.*"), "admin"),
    (READING, re.compile(rf"{SERVICE}.*"), "read"),
    (None, re.compile(r"/identity/policies.*|/identity/verify/[^/]+/review"), "admin"),
    (frozenset({"DELETE"}), re.compile(rf"{SERVICE}.*"), "delete"),
    (None, re.compile(rf"{SERVICE}.*"), "verify"),
)


def needed(method: str, path: str) -> Scope | None:
    """Name the scope that a call needs; None where it needs no key."""
    for methods, pattern, scope in RULES:
        if (methods is None or method in methods) and pattern.fullmatch(path):
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
