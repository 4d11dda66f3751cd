"""A parsed MRZ: its fields, its check digits, its faults and warnings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .states import STATE_CODES


class NumberCheck(StrEnum):
    """How the document number's check digit is computed.

    A number of more than nine characters has a filler where the check digit would be and goes on in the
    optional data. ICAO 9303 (part 11, and the note j of parts 5 and 6) leaves that filler out of the sum;
    some issuers count it as one more character of value 0, which shifts the weights of all after it.
    """

    NONE = "none"  # the format has none
    SHORT = "short"
    LONG_FILLER_SKIPPED = "long_filler_skipped"
    LONG_FILLER_COUNTED = "long_filler_counted"


class Fault(StrEnum):
    """A reason, beyond check digits, why an MRZ is not valid: no real document has it."""

    NUMBER_MISSING = "number_missing"
    NAME = "name"  # none at all
    DATE_OF_BIRTH = "date_of_birth"  # no calendar has it
    EXPIRATION_DATE = "expiration_date"
    # Where a format has no check digit, its shape is all that speaks for it:
    DOCUMENT_CODE = "document_code"  # not one that this format has
    STATE = "state"  # not one that issues it
    FORM = "form"  # a character where this format has no such one


class MrzWarning(StrEnum):
    """Something unusual that real documents have all the same: no fault, and `valid` does not depend on it."""

    DOCUMENT_CODE_UNUSUAL = "document_code_unusual"  # not one that ICAO has for this format
    NUMBER_LONG = "number_long"  # goes on in the optional data
    NUMBER_CHECK_COUNTS_FILLER = "number_check_counts_filler"  # see NumberCheck.LONG_FILLER_COUNTED
    NAME_HAS_DIGITS = "name_has_digits"  # as on Russian internal passports
    COUNTRY_UNKNOWN = "country_unknown"  # empty, or not a code that ICAO lists
    NATIONALITY_UNKNOWN = "nationality_unknown"
    DATE_OF_BIRTH_ZEROS = "date_of_birth_zeros"  # 00 for a month or day that is not known, where ICAO has fillers
    EXPIRATION_DATE_ZEROS = "expiration_date_zeros"
    SEX_X = "sex_x"  # where ICAO has a filler in the MRZ, and X beside the portrait only
    SEX_UNUSUAL = "sex_unusual"  # neither M, F, X nor a filler


@dataclass(frozen=True)
class Check:
    """One check digit as printed and as recomputed."""

    name: str
    printed: str
    computed: str
    passed: bool  # an empty field may leave its check digit empty, so not always printed == computed


@dataclass(frozen=True)
class Mrz:
    """The fields of an MRZ, without the fillers, and every check digit recomputed.

    Fields that the format does not have are None; those left empty are "". Dates are YYMMDD as printed:
    `birth_date` and `expiry_date` complete them.
    """

    format: str
    lines: tuple[str, ...]
    type: str
    country: str
    number: str
    surname: str
    names: str | None
    names_truncated: bool  # whether perhaps: the last character is a letter, which says no more
    nationality: str | None
    date_of_birth: str | None
    sex: str | None
    expiration_date: str | None
    personal_number: str | None
    optional1: str | None
    optional2: str | None
    checks: tuple[Check, ...]
    number_check: NumberCheck
    faults: tuple[Fault, ...]
    warnings: tuple[MrzWarning, ...]
    issue_date: str | None = None  # YYMM; the French card of 1988
    department: str | None = None  # that issued it; likewise
    language: str | None = None  # the Swiss licence
    version: str | None = None  # likewise

    @property
    def valid(self) -> bool:
        """Whether every check digit agrees and nothing is printed that cannot be, such as a thirteenth month.

        What is only unusual is in `warnings` and changes nothing here. Of a format without check digits this says
        that the shape is right, and no more: see `has_checks`.
        """
        return self.checks_pass and not self.faults

    @property
    def checks_pass(self) -> bool:
        """Whether every check digit agrees."""
        return all(check.passed for check in self.checks)

    @property
    def has_checks(self) -> bool:
        """Whether the format has check digits, so that a misread character can show."""
        return bool(self.checks)

    @property
    def unknown_states(self) -> tuple[str, ...]:
        """The codes, of country and nationality, that ICAO does not list. They are no fault: lists grow."""
        codes = dict.fromkeys((self.country, self.nationality))
        return tuple(code for code in codes if code is not None and code not in STATE_CODES)
