"""Days as documents print them: 12.08.1974, 08/12/74 as Americans do, 1974-08-12, 12 AUG 74, 12 AUG/AOÛT 74.

What order the parts are in nobody says, so a printed day has every reading that makes a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cari_verification.printed_words import Word, without_accents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cari_verification.printed_words import Line

CENTURY = 100
BIRTH_YEARS, EXPIRY_YEARS = 9, 10  # by so many at most a changed year differs from the right one

# By their first letters, in the languages that documents of Latin print have beside or instead of English.
MONTHS = {
    1: "JAN JANV ENE GEN STY SIJ LED JAAN",
    2: "FEB FEV FEVR LUT VELJ UNO VEEB",
    3: "MAR MARS MRZ MAER MRT MAA OZU BRE",
    4: "APR AVR ABR KWI TRA DUB",
    5: "MAY MAI MEI MAG MAJ SVI KVE MAIO",
    6: "JUN JUIN GIU CZE LIP JUUN",
    7: "JUL JUIL LUG SRP CVC JUUL",
    8: "AUG AOU AOUT AGO SIE KOL SRP AGU",
    9: "SEP SEPT SET WRZ RUJ ZAR",
    10: "OCT OKT OTT OUT PAZ LIS RIJ",
    11: "NOV LIS STU NOI",
    12: "DEC DEZ DIC DES GRU PRO DETS",
}
_NUMERIC = re.compile(r"(?<![0-9])([0-9]{1,4})[ ./-]{1,3}([0-9]{1,2})[ ./-]{1,3}([0-9]{1,4})(?![0-9])")
_WRITTEN = re.compile(r"(?<![0-9])([0-9]{1,2})(?![0-9])([^0-9]{3,24}?)([0-9]{4}|[0-9]{2})(?![0-9])")
_WORD = re.compile(r"[^\W\d_]+")

YearMonthDay = tuple[int, int, int]  # years of two digits or four, as they are printed


@dataclass(frozen=True)
class PrintedDay:
    """A day as it is printed, the confidence (0..1) of its least certain word, and every day that it can be."""

    text: str
    confidence: float
    readings: frozenset[YearMonthDay]

    def is_(self, day: date) -> bool:
        """Whether it can be this day."""
        return any(_parts_alike(day, reading) == (True, True, True) for reading in self.readings)

    def is_almost_birth(self, day: date) -> bool:
        """Whether it can be this day but for the day, the month, or the year by a few."""
        return any(_one_differs(day, reading) and _apart(day, reading[0]) <= BIRTH_YEARS for reading in self.readings)

    def is_almost_expiry(self, day: date) -> bool:
        """Whether it can be this day but for the day, the month, or a later year: earlier it was issued."""
        return any(
            _one_differs(day, reading) and (reading[0] - day.year) % CENTURY <= EXPIRY_YEARS
            for reading in self.readings
        )


def days_of(line: Line) -> Iterator[PrintedDay]:
    """Find everything in a line that can be a day."""
    text, owners = "", list[Word]()
    for word in line:
        spaced = word.text + " "
        text += spaced
        owners += [word] * len(spaced)
    for pattern, read in ((_NUMERIC, _numeric), (_WRITTEN, _written)):
        for match in pattern.finditer(text):
            if readings := frozenset(read(*match.groups())):
                confidence = min(word.confidence for word in owners[match.start() : match.end()])
                yield PrintedDay(match[0].strip(), confidence, readings)


def _numeric(first: str, second: str, third: str) -> Iterator[YearMonthDay]:
    orders = ((first, second, third, (4,)), (third, second, first, (2, 4)), (third, first, second, (2, 4)))
    for year, month, day, digits in orders:
        if len(year) in digits and max(len(month), len(day)) in (1, 2) and _is_day(int(month), int(day)):
            yield int(year), int(month), int(day)


def _written(day: str, between: str, year: str) -> Iterator[YearMonthDay]:
    names = {without_accents(name) for name in _WORD.findall(between)}
    for month, written in MONTHS.items():
        if names & set(written.split()) and _is_day(month, int(day)):
            yield int(year), month, int(day)


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004


def _one_differs(day: date, printed: YearMonthDay) -> bool:
    return _parts_alike(day, printed).count(False) == 1


def _parts_alike(day: date, printed: YearMonthDay) -> tuple[bool, bool, bool]:
    return _apart(day, printed[0]) == 0, printed[1] == day.month, printed[2] == day.day


def _apart(day: date, year: int) -> int:
    """Count the years between a day's and a printed one."""
    if year >= CENTURY:
        return abs(year - day.year)
    apart = abs(year - day.year % CENTURY)
    return min(apart, CENTURY - apart)
