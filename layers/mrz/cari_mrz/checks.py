"""Recompute every check digit of an MRZ; quick enough for hundreds of candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .check_digits import FILLER, digit_of, values_of
from .document_number import document_number
from .mrz import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .layouts import CheckRule, Layout

# Where nothing is stated the check digit may be left out too (ICAO 9303 part 3, 4.8; part 4, 4.2.2).
MAY_BE_EMPTY = frozenset({"date_of_birth", "expiration_date", "personal_number"})


def recompute_checks(lines: Sequence[str], layout: Layout) -> tuple[Check, ...]:
    """Recompute every check digit of lines that have this layout, in the layout's order.

    Raises ValueError for a character that is not of the MRZ's alphabet.
    """
    values = [values_of(line) for line in lines]
    return tuple(
        [
            _number(lines, layout) if rule is layout.number_rule else _check(lines, values, rule)
            for rule in layout.checks
        ]
    )


def _number(lines: Sequence[str], layout: Layout) -> Check:
    number = document_number(lines, layout)
    return Check("number", number.printed, number.computed, number.printed == number.computed)


def _check(lines: Sequence[str], values: Sequence[bytes], rule: CheckRule) -> Check:
    covered = b"".join([values[span.line][span.start : span.end] for span in rule.covers])
    printed, computed = rule.at.of(lines), digit_of(covered)
    passed = printed == computed or (printed == FILLER and rule.name in MAY_BE_EMPTY and _is_empty(lines, rule))
    return Check(rule.name, printed, computed, passed)


def _is_empty(lines: Sequence[str], rule: CheckRule) -> bool:
    return not any(span.of(lines).strip(FILLER) for span in rule.covers)
