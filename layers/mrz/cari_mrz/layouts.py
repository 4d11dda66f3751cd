"""Where each field stands in each kind of MRZ: ICAO 9303 parts 4 to 7, and what some States print besides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Cell: TypeAlias = tuple[int, int]
"""Where a character stands: line and column."""

# A pattern says what each position may hold, one character per position.
LETTER = "L"
LETTER_OR_FILLER = "A"
DIGIT = "9"
DIGIT_OR_FILLER = "N"  # dates may be unknown, some check digits empty
SEX = "S"
CODE = "C"  # the second character of the document code: some issuers number their cards, none from 0
LETTER_OR_DIGIT = "X"
LANGUAGE = "G"  # of a Swiss licence: German, French, Italian or Romansh
ONLY_FILLER = "<"
ANY = "*"

LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset("0123456789")
ALLOWED = {
    LETTER: LETTERS,
    LETTER_OR_FILLER: LETTERS | {"<"},
    DIGIT: DIGITS,
    DIGIT_OR_FILLER: DIGITS | {"<"},
    SEX: frozenset("MFX<"),
    CODE: LETTERS | DIGITS - {"0"} | {"<"},
    LETTER_OR_DIGIT: LETTERS | DIGITS,
    LANGUAGE: frozenset("DFIR"),
    ONLY_FILLER: frozenset("<"),
    ANY: LETTERS | DIGITS | {"<"},
}


@dataclass(frozen=True)
class Span:
    """Characters start to end (not included) of one line."""

    line: int
    start: int
    end: int

    def of(self, lines: Sequence[str]) -> str:
        """Cut this span out of lines."""
        return lines[self.line][self.start : self.end]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of it, from left to right."""
        return tuple((self.line, column) for column in range(self.start, self.end))


@dataclass(frozen=True)
class CheckRule:
    """One check digit: its name, where it stands and what it covers."""

    name: str
    at: Span
    covers: tuple[Span, ...]


@dataclass(frozen=True, eq=False)  # there is one of each kind, so they are compared by identity
class Layout:
    """One kind of MRZ: its fields, its check digits, what each position may hold."""

    format: str
    codes: frozenset[str]  # the document codes it may have, fillers included
    fields: Mapping[str, Span]
    checks: tuple[CheckRule, ...]
    patterns: tuple[str, ...]
    number_overflow: Span | None = None  # where a number of more than nine characters goes on
    issuers: frozenset[str] | None = None  # the States that print it; None where any may

    @property
    def has_checks(self) -> bool:
        """Whether it has any check digit: without one, nothing but its shape speaks for what was read."""
        return bool(self.checks)

    @cached_property
    def checked_cells(self) -> frozenset[Cell]:
        """Every cell that some check digit covers, or that is one."""
        spans = [span for rule in self.checks for span in (*rule.covers, rule.at)]
        return frozenset(cell for span in spans for cell in span.cells)

    @cached_property
    def number_rule(self) -> CheckRule | None:
        """The document number's check digit."""
        return next((rule for rule in self.checks if rule.name == "number"), None)

    def allowed(self, cell: Cell) -> frozenset[str]:
        """Give the characters that a cell may hold."""
        return ALLOWED[self.patterns[cell[0]][cell[1]]]

    @property
    def height(self) -> int:
        """How many lines it has."""
        return len(self.patterns)

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """How many characters each line has."""
        return tuple(map(len, self.patterns))

    @property
    def width(self) -> int:
        """How many characters the longest line has; in all but the Swiss licence every line has as many."""
        return max(self.widths)


def layout_of(lines: Sequence[str]) -> Layout | None:
    """Choose the layout by the lines' count, width and first letters; None where none has that shape."""
    for layout, starts in _BY_WIDTHS.get(tuple(map(len, lines)), ()):
        if lines[0].startswith(starts):
            return layout
    return None


def _codes(first: str, second: Iterable[str]) -> frozenset[str]:
    return frozenset(one + other for one in first for other in second)


# The second letter is up to the issuer, but a card's is no V, lest it be taken for a visa (parts 5 and 6, 4.2.2).
_CARD_CODES = _codes("ACI", ALLOWED[CODE] - {"V"})
_PASSPORT_CODES = _codes("P", ALLOWED[CODE])
_VISA_CODES = _codes("V", ALLOWED[CODE])

_NAME_PATTERN = LETTER + CODE + LETTER_OR_FILLER * 3
_HOLDER_PATTERN = (
    ANY * 9 + DIGIT + LETTER_OR_FILLER * 3 + DIGIT_OR_FILLER * 7 + SEX + DIGIT_OR_FILLER * 7
)  # number, nationality, birth, sex and expiry of every two-line layout

_HOLDER_FIELDS = {
    "type": Span(0, 0, 2),
    "country": Span(0, 2, 5),
    "number": Span(1, 0, 9),
    "nationality": Span(1, 10, 13),
    "date_of_birth": Span(1, 13, 19),
    "sex": Span(1, 20, 21),
    "expiration_date": Span(1, 21, 27),
}
_HOLDER_CHECKS = (
    CheckRule("number", Span(1, 9, 10), (Span(1, 0, 9),)),
    CheckRule("date_of_birth", Span(1, 19, 20), (Span(1, 13, 19),)),
    CheckRule("expiration_date", Span(1, 27, 28), (Span(1, 21, 27),)),
)

TD1 = Layout(
    "TD1",
    codes=_CARD_CODES,
    fields={
        "type": Span(0, 0, 2),
        "country": Span(0, 2, 5),
        "number": Span(0, 5, 14),
        "optional1": Span(0, 15, 30),
        "date_of_birth": Span(1, 0, 6),
        "sex": Span(1, 7, 8),
        "expiration_date": Span(1, 8, 14),
        "nationality": Span(1, 15, 18),
        "optional2": Span(1, 18, 29),
        "name": Span(2, 0, 30),
    },
    checks=(
        CheckRule("number", Span(0, 14, 15), (Span(0, 5, 14),)),
        CheckRule("date_of_birth", Span(1, 6, 7), (Span(1, 0, 6),)),
        CheckRule("expiration_date", Span(1, 14, 15), (Span(1, 8, 14),)),
        CheckRule("composite", Span(1, 29, 30), (Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29))),
    ),
    patterns=(
        _NAME_PATTERN + ANY * 9 + DIGIT_OR_FILLER + ANY * 15,
        DIGIT_OR_FILLER * 7 + SEX + DIGIT_OR_FILLER * 7 + LETTER_OR_FILLER * 3 + ANY * 11 + DIGIT,
        LETTER_OR_FILLER * 30,
    ),
    number_overflow=Span(0, 15, 30),
)

TD2 = Layout(
    "TD2",
    codes=_CARD_CODES,
    fields=_HOLDER_FIELDS | {"name": Span(0, 5, 36), "optional1": Span(1, 28, 35)},
    checks=(
        *_HOLDER_CHECKS,
        CheckRule("composite", Span(1, 35, 36), (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 35))),
    ),
    patterns=(
        _NAME_PATTERN + LETTER_OR_FILLER * 31,
        _HOLDER_PATTERN.replace(DIGIT, DIGIT_OR_FILLER, 1) + ANY * 7 + DIGIT,
    ),
    number_overflow=Span(1, 28, 35),
)

TD3 = Layout(
    "TD3",
    codes=_PASSPORT_CODES,
    fields=_HOLDER_FIELDS | {"name": Span(0, 5, 44), "personal_number": Span(1, 28, 42)},
    checks=(
        *_HOLDER_CHECKS,
        CheckRule("personal_number", Span(1, 42, 43), (Span(1, 28, 42),)),
        CheckRule("composite", Span(1, 43, 44), (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 43))),
    ),
    patterns=(
        _NAME_PATTERN + LETTER_OR_FILLER * 39,
        _HOLDER_PATTERN + ANY * 14 + DIGIT_OR_FILLER + DIGIT,
    ),
)

MRVA = Layout(
    "MRVA",
    codes=_VISA_CODES,
    fields=_HOLDER_FIELDS | {"name": Span(0, 5, 44), "optional1": Span(1, 28, 44)},
    checks=_HOLDER_CHECKS,
    patterns=(_NAME_PATTERN + LETTER_OR_FILLER * 39, _HOLDER_PATTERN + ANY * 16),
)

MRVB = Layout(
    "MRVB",
    codes=_VISA_CODES,
    fields=_HOLDER_FIELDS | {"name": Span(0, 5, 36), "optional1": Span(1, 28, 36)},
    checks=_HOLDER_CHECKS,
    patterns=(_NAME_PATTERN + LETTER_OR_FILLER * 31, _HOLDER_PATTERN + ANY * 8),
)

# The French national identity card of 1988 to 2021: older than the standard, and still in pockets.
# It prints when it was issued, not when it expires, and its composite covers both lines whole.
FRENCH_ID = Layout(
    "IDFRA",
    codes=frozenset({"ID"}),
    fields={
        "type": Span(0, 0, 2),
        "country": Span(0, 2, 5),
        "surname": Span(0, 5, 30),
        "optional1": Span(0, 30, 36),
        "number": Span(1, 0, 12),  # which begins with when and where it was issued
        "issue_date": Span(1, 0, 4),
        "department": Span(1, 4, 7),
        "names": Span(1, 13, 27),
        "date_of_birth": Span(1, 27, 33),
        "sex": Span(1, 34, 35),
    },
    checks=(
        CheckRule("number", Span(1, 12, 13), (Span(1, 0, 12),)),
        CheckRule("date_of_birth", Span(1, 33, 34), (Span(1, 27, 33),)),
        CheckRule("composite", Span(1, 35, 36), (Span(0, 0, 36), Span(1, 0, 35))),
    ),
    patterns=(
        LETTER * 5 + LETTER_OR_FILLER * 25 + ANY * 6,
        ANY * 12 + DIGIT + LETTER_OR_FILLER * 14 + DIGIT_OR_FILLER * 6 + DIGIT + SEX + DIGIT,
    ),
)

# The French driving licence since 2013: one line. The letter of its code is mostly D, on some the category.
FRENCH_LICENCE = Layout(
    "FRENCH_DRIVING_LICENCE",
    codes=_codes("ABD", DIGITS),
    fields={
        "type": Span(0, 0, 2),
        "country": Span(0, 2, 5),
        "number": Span(0, 5, 14),
        "expiration_date": Span(0, 15, 21),
        "surname": Span(0, 21, 29),
    },
    checks=(
        CheckRule("number", Span(0, 14, 15), (Span(0, 0, 14),)),
        CheckRule("composite", Span(0, 29, 30), (Span(0, 0, 29),)),
    ),
    patterns=(LETTER + DIGIT + LETTER * 3 + ANY * 9 + DIGIT * 7 + LETTER_OR_FILLER * 8 + DIGIT,),
)

# The driving licence of Switzerland and Liechtenstein since 2003: a short line with the number of the blank card
# above two of 30 characters, and no check digit at all.
SWISS_LICENCE = Layout(
    "SWISS_DRIVING_LICENCE",
    codes=frozenset({"FA"}),
    fields={
        "number": Span(0, 0, 9),  # which ends with the language
        "language": Span(0, 6, 7),
        "type": Span(1, 0, 2),
        "country": Span(1, 2, 5),
        "personal_number": Span(1, 5, 14),
        "version": Span(1, 14, 17),
        "date_of_birth": Span(1, 19, 25),
        "name": Span(2, 0, 30),
    },
    checks=(),
    patterns=(
        LETTER_OR_DIGIT * 3 + DIGIT * 3 + LANGUAGE + ONLY_FILLER * 2,
        LETTER * 5 + DIGIT * 12 + ONLY_FILLER * 2 + DIGIT_OR_FILLER * 6 + ONLY_FILLER * 5,
        LETTER_OR_FILLER * 30,
    ),
    issuers=frozenset({"CHE", "LIE"}),
)

LAYOUTS = (TD1, TD2, TD3, MRVA, MRVB, FRENCH_ID, FRENCH_LICENCE, SWISS_LICENCE)

# For each shape, what lines[0] starts with in which layout. The first that fits wins: the special stand before the
# general. One line of 30 alone is a French licence or nothing.
_BY_WIDTHS: dict[tuple[int, ...], tuple[tuple[Layout, str | tuple[str, ...]], ...]] = {
    TD1.widths: ((TD1, ""),),
    TD2.widths: ((FRENCH_ID, "IDFRA"), (MRVB, "V"), (TD2, "")),
    TD3.widths: ((MRVA, "V"), (TD3, "")),
    FRENCH_LICENCE.widths: ((FRENCH_LICENCE, tuple(f"{code}FRA" for code in FRENCH_LICENCE.codes)),),
    SWISS_LICENCE.widths: ((SWISS_LICENCE, ""),),
}
