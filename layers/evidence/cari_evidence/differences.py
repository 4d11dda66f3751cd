"""Where two JSON values differ, one line a place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ABSENT = "nothing"


def differences(path: str, told: Any, found: Any, *, tolerance: float = 0.0) -> Iterator[str]:
    """Name every place where `found` is not what was `told`; numbers may differ by `tolerance`, absolute or relative.

    >>> list(differences("checks", [{"score": 1}], [{"score": 2}]))
    ['checks[0].score: 1 in the bundle, 2 here']
    """
    if isinstance(told, dict) and isinstance(found, dict):
        for name in [*told, *(name for name in found if name not in told)]:
            yield from differences(
                f"{path}.{name}", told.get(name, ABSENT), found.get(name, ABSENT), tolerance=tolerance
            )
    elif isinstance(told, list) and isinstance(found, list):
        for index in range(max(len(told), len(found))):
            pair = (values[index] if index < len(values) else ABSENT for values in (told, found))
            yield from differences(f"{path}[{index}]", *pair, tolerance=tolerance)
    elif not _agree(told, found, tolerance):
        yield f"{path}: {told} in the bundle, {found} here"


def _agree(told: Any, found: Any, tolerance: float) -> bool:
    numbers = (int, float)
    if isinstance(told, bool) or isinstance(found, bool) or not isinstance(told, numbers):
        return type(told) is type(found) and bool(told == found)
    return isinstance(found, numbers) and math.isclose(told, found, rel_tol=tolerance, abs_tol=tolerance)
