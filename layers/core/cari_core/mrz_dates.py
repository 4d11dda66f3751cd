"""Six-character dates of an MRZ: what is known of them, and in which century. The only reader of them.

ICAO 9303 part 3, 4.8 says how they are written, and nothing of the century. Births are over, so theirs is the latest
that is. An expiry is taken from the hundred years around today: half of them ahead, for some identity cards of the
elderly last that long, and half of them past, for no MRZ is older than the first edition of Doc 9303 (1980).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# The calendar module would cost a tenth of the time it takes to import the reader.
DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FEBRUARY, DECEMBER = 2, 12
DIGITS = frozenset("0123456789")
# Parts that are not known are fillers (ICAO 9303 part 3, 4.8). Some issuers print 00 for a month or a day
# instead: ICAO does not allow it, and check digits cannot tell it from fillers, but what it means is plain.
UNKNOWN = "<<"
UNKNOWN_BY_SOME = "00"

YEARS_AHEAD = 50  # no document lasts longer; an expiry further off is one of the last century

LEAP_DAY = "0229"
YEARS = frozenset([UNKNOWN, *(f"{yy:02}" for yy in range(100))])
LEAP_YEARS = frozenset([UNKNOWN, *(f"{yy:02}" for yy in range(0, 100, 4))])
DAYS = frozenset(
    [
        f"{UNKNOWN}{UNKNOWN}",
        *(f"{UNKNOWN}{day:02}" for day in range(1, 32)),
        *(f"{month:02}{UNKNOWN}" for month in range(1, 13)),
        *(f"{month:02}{day:02}" for month, days in enumerate(DAYS_OF_MONTHS, 1) for day in range(1, days + 1)),
    ]
)


@dataclass(frozen=True)
class PartialDate:
    """A date of which any part may be unknown."""

    year: int | None
    month: int | None
    day: int | None

    @property
    def exact(self) -> date | None:
        """The day, where every part is known."""
        return None if None in (self.year, self.month, self.day) else self.earliest

    @property
    def earliest(self) -> date | None:
        """The first day that it can be; None where the year is unknown."""
        if self.year is None:
            return None
        month = self.month or self._month_with_day(range(1, DECEMBER + 1))
        return date(self.year, month, self.day or 1)

    @property
    def latest(self) -> date | None:
        """The last day that it can be: of an expiry the day that counts; None where the year is unknown."""
        if self.year is None:
            return None
        month = self.month or self._month_with_day(range(DECEMBER, 0, -1))
        return date(self.year, month, self.day or _length(self.year, month))

    def _month_with_day(self, months: range) -> int:
        return next(month for month in months if (self.day or 1) <= _length(self.year, month))


NOTHING_KNOWN = PartialDate(None, None, None)


def is_possible(yymmdd: str) -> bool:
    """Say whether some century has this date, with fillers for unknown parts standing for any value."""
    year, day = yymmdd[:2], yymmdd[2:]
    return year in YEARS and day in DAYS and (day != LEAP_DAY or year in LEAP_YEARS)


def birth_date(yymmdd: str, today: date) -> PartialDate:
    """Complete a birth date with the latest century that does not put it after today.

    A month or day of 00 counts as unknown. Raises ValueError for any other date that `is_possible` refuses.
    """
    return _complete(yymmdd, latest=(today.year, today.month, today.day))


def expiry_date(yymmdd: str, today: date) -> PartialDate:
    """Complete an expiry date with the century nearest to today.

    A month or day of 00 counts as unknown. Raises ValueError for any other date that `is_possible` refuses.
    """
    return _complete(yymmdd, latest=(today.year + YEARS_AHEAD, 12, 31))


def _complete(yymmdd: str, latest: tuple[int, int, int]) -> PartialDate:
    """Choose the last century in which the date exists and is not after latest."""
    yy, month, day = _parts(yymmdd)
    for year in _centuries(yy):
        is_late = year is not None and (year, month or 1, day or 1) > latest
        if _on_calendar(year, month, day) and not is_late:
            return PartialDate(year, month, day)
    raise ValueError("no calendar has this date")


def _parts(yymmdd: str) -> tuple[int | None, int | None, int | None]:
    """Read year, month and day, None for each that is unknown."""
    pairs = yymmdd[:2], yymmdd[2:4], yymmdd[4:]
    if len(yymmdd) != len("YYMMDD") or not all(pair == UNKNOWN or DIGITS.issuperset(pair) for pair in pairs):
        raise ValueError("a date has six digits, or fillers for the parts that are not known")
    year, month, day = pairs
    unknown = (UNKNOWN, UNKNOWN_BY_SOME)
    return (
        None if year == UNKNOWN else int(year),
        None if month in unknown else int(month),
        None if day in unknown else int(day),
    )


def _centuries(yy: int | None) -> tuple[int | None, ...]:
    """List the years yy may stand for, the latest first."""
    return (None,) if yy is None else (2100 + yy, 2000 + yy, 1900 + yy)


def _on_calendar(year: int | None, month: int | None, day: int | None) -> bool:
    if month is not None and not 1 <= month <= DECEMBER:
        return False
    return day is None or 1 <= day <= (31 if month is None else _length(year, month))


def _length(year: int | None, month: int) -> int:
    """Count the days of a month."""
    return DAYS_OF_MONTHS[month - 1] - (month == FEBRUARY and not _may_be_leap(year))


def _may_be_leap(year: int | None) -> bool:
    return year is None or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
