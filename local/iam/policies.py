"""IAM's own evaluation: what no statement allows is denied, and a statement that denies comes before all others.

Source: the IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements".
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from local.iam.calls import Call

ELEMENTS = frozenset({"Sid", "Effect", "Action", "Resource", "Condition"})


class PolicyNotUnderstood(Exception):
    """A policy says something that is not evaluated here; to guess would be to allow."""


@dataclass(frozen=True)
class Statement:
    """One statement of a policy."""

    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Mapping[str, tuple[str, ...]]]

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Statement:
        """Read one, all references resolved. Raises PolicyNotUnderstood."""
        if unknown := set(written) - ELEMENTS:
            raise PolicyNotUnderstood(f"a statement has {', '.join(sorted(unknown))}")
        condition = {
            name: {key: _listed(values) for key, values in keys.items()}
            for name, keys in written.get("Condition", {}).items()
        }
        for name in condition:
            _compared_by(name)
        return cls(
            str(written.get("Sid", "")),
            str(written["Effect"]),
            _listed(written["Action"]),
            _listed(written["Resource"]),
            condition,
        )

    def resource_for(self, call: Call) -> int | None:
        """Give the number of the resource by which this statement applies to a call; None where it does not."""
        if not any(_matches(pattern.lower(), call.action.lower()) for pattern in self.actions):
            return None
        if not all(
            _compared_by(name)(call.context.get(key), values)
            for name, keys in self.condition.items()
            for key, values in keys.items()
        ):
            return None
        return next((k for k, each in enumerate(self.resources) if _matches(each, call.resource)), None)


@dataclass(frozen=True)
class Allowed:
    """By which statement, and which of its resources, by its number, a call may be made."""

    sid: str
    resource: int


def allowed(statements: Sequence[Statement], call: Call) -> Allowed | None:
    """Say by what a call may be made; None where it may not."""
    applying = [(each, number) for each in statements if (number := each.resource_for(call)) is not None]
    if not applying or any(each.effect == "Deny" for each, _ in applying):
        return None
    statement, number = applying[0]
    return Allowed(statement.sid, number)


def _listed(value: str | Iterable[str]) -> tuple[str, ...]:
    return (str(value),) if isinstance(value, str | bool) else tuple(map(str, value))


def _matches(pattern: str, text: str) -> bool:
    return _expression(pattern).fullmatch(text) is not None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _compared_by(name: str) -> Callable[[tuple[str, ...] | None, tuple[str, ...]], bool]:
    """Find an operator: of what was told of a key (None: nothing) and the policy's values, whether it holds."""
    every = name.removeprefix("ForAllValues:")
    plain = every.removesuffix("IfExists")
    one = COMPARISONS.get(plain)
    if one is None:
        raise PolicyNotUnderstood(f"the condition operator {name}")
    holds_without = every != name or plain != every

    def holds(told: tuple[str, ...] | None, wanted: tuple[str, ...]) -> bool:
        if not told:
            return holds_without
        return all(any(one(pattern, value) for pattern in wanted) for value in told)

    return holds


COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": operator.eq,
    "Bool": operator.eq,
    "StringLike": _matches,
    "ArnEquals": _matches,
    "ArnLike": _matches,
}
