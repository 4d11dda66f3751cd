"""The document number, which may be longer than its field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .check_digits import FILLER, check_digit
from .mrz import Check, NumberCheck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .layouts import Layout


@dataclass(frozen=True)
class DocumentNumber:
    """The number without fillers, its check digit, and what it leaves of the optional data."""

    text: str
    check: Check
    counted: NumberCheck
    rest_of_optional: dict[str, str]


def document_number(lines: Sequence[str], layout: Layout) -> DocumentNumber:
    """Read the number from its field, and from the optional data where it goes on there."""
    head = layout.fields["number"].of(lines)
    at = next(rule.at for rule in layout.checks if rule.name == "number")
    printed, overflow = at.of(lines), layout.number_overflow.of(lines) if layout.number_overflow else ""
    goes_on = printed == FILLER and FILLER not in head and not overflow.startswith(FILLER)
    if goes_on and overflow:
        return _long(head, overflow)
    computed = check_digit(head)
    return DocumentNumber(
        text=head.strip(FILLER),
        check=Check("number", printed, computed, printed == computed),
        counted=NumberCheck.SHORT,
        rest_of_optional={},
    )


def _long(head: str, overflow: str) -> DocumentNumber:
    """Join a number that ends, with its check digit, at the first filler of the optional data."""
    tail, _, rest = overflow.partition(FILLER)
    tail, printed = tail[:-1], tail[-1]
    skipped, counted = check_digit(head + tail), check_digit(head + FILLER + tail)
    is_counted = printed == counted and printed != skipped
    computed = counted if is_counted else skipped
    return DocumentNumber(
        text=head + tail,
        check=Check("number", printed, computed, printed == computed),
        counted=NumberCheck.LONG_FILLER_COUNTED if is_counted else NumberCheck.LONG_FILLER_SKIPPED,
        rest_of_optional={"optional1": rest},
    )
