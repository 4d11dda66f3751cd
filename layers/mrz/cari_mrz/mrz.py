"""What a parsed MRZ is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NumberCheck(StrEnum):
    """How the document number's check digit was counted.

    A number of more than nine characters has a filler where the check digit would be and goes on in the
    optional data. ICAO 9303 (part 11, and the note j of parts 5 and 6) leaves that filler out of the sum;
    some issuers count it as one more character of value 0, which shifts the weights behind it.
    """

    SHORT = "short"
    LONG_FILLER_SKIPPED = "long_filler_skipped"
    LONG_FILLER_COUNTED = "long_filler_counted"


class Fault(StrEnum):
    """A reason, beyond check digits, why an MRZ is not valid."""

    DOCUMENT_CODE = "document_code"  # the first letter is not one this format has
    NUMBER_MISSING = "number_missing"
    DATE_OF_BIRTH = "date_of_birth"  # no calendar has it
    EXPIRATION_DATE = "expiration_date"
    SEX = "sex"  # neither M, F, X nor a filler
    STATE = "state"  # country or nationality is not made of letters


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
    names: str
    names_truncated: bool
    nationality: str
    date_of_birth: str
    sex: str
    expiration_date: str | None
    personal_number: str | None
    optional1: str | None
    optional2: str | None
    checks: tuple[Check, ...]
    number_check: NumberCheck
    faults: tuple[Fault, ...]

    @property
    def valid(self) -> bool:
        """Whether every check digit agrees and every field holds what ICAO allows there."""
        return self.checks_pass and not self.faults

    @property
    def checks_pass(self) -> bool:
        """Whether every check digit agrees."""
        return all(check.passed for check in self.checks)
