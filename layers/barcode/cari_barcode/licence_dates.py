"""Dates of the AAMVA standard: MMDDCCYY in the United States, CCYYMMDD in Canada and in version 1."""

from __future__ import annotations

import re
from datetime import date

PLAUSIBLE_YEARS = range(1850, 2200)
_NOT_GIVEN = re.compile(r"[^0-9]*|0+|9+")


def date_of(text: str) -> date | None:
    """Read eight digits in whichever order makes a day; None where neither does.

    There is never a choice: no month begins as a year does, with 18, 19, 20 or 21.
    """
    digits = re.sub(r"[-/. ]", "", text)
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    for year, month, day in ((digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[:2], digits[2:4])):
        if int(year) in PLAUSIBLE_YEARS:
            try:
                return date(int(year), int(month), int(day))
            except ValueError:
                continue
    return None


def is_not_given(text: str) -> bool:
    """Say whether a date was left out on purpose (NONE, zeros, nines), and is not just impossible."""
    return _NOT_GIVEN.fullmatch(text) is not None
