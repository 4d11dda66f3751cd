"""The document number, which may be longer than its field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .check_digits import FILLER, check_digit
from .mrz import NumberCheck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .layouts import Layout

MIN_OVERFLOW_CHARACTERS = 2  # one more than the field holds, and the check digit


@dataclass(frozen=True)
class DocumentNumber:
    """The number without fillers, its check digit as printed and as computed, and the optional data after it."""

    text: str
    printed: str
    computed: str
    check: NumberCheck
    rest_of_optional: str | None  # None where the number does not go on there


def document_number(lines: Sequence[str], layout: Layout) -> DocumentNumber:
    """Read the number from its field, and from the optional data where it goes on there."""
    head = layout.fields["number"].of(lines)
    rule = layout.number_rule
    if rule is None:
        return DocumentNumber(head.strip(FILLER), "", "", NumberCheck.NONE, None)
    printed = rule.at.of(lines)
    if printed == FILLER and layout.number_overflow and FILLER not in head:
        tail, _, rest = layout.number_overflow.of(lines).partition(FILLER)
        if len(tail) >= MIN_OVERFLOW_CHARACTERS:
            return _long(head, tail, rest)
    covered = "".join([span.of(lines) for span in rule.covers])
    return DocumentNumber(head.strip(FILLER), printed, check_digit(covered), NumberCheck.SHORT, None)


def _long(head: str, tail: str, rest: str) -> DocumentNumber:
    """Join a number that ends, with its check digit, at the first filler of the optional data."""
    tail, printed = tail[:-1], tail[-1]
    skipped, counted = check_digit(head + tail), check_digit(head + FILLER + tail)
    is_counted = printed == counted and printed != skipped
    return DocumentNumber(
        text=head + tail,
        printed=printed,
        computed=counted if is_counted else skipped,
        check=NumberCheck.LONG_FILLER_COUNTED if is_counted else NumberCheck.LONG_FILLER_SKIPPED,
        rest_of_optional=rest,
    )
