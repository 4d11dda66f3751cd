"""What the lines of MRZs say: every ICAO layout, the French card of 1988, and plain noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .names import random_name

if TYPE_CHECKING:
    from numpy.random import Generator

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
DIGITS = ALPHABET[:10]
LETTERS = ALPHABET[10:36]
STATES = [
    "UTO",
    "D<<",
    "FRA",
    "GBR",
    "USA",
    "CAN",
    "AUS",
    "NLD",
    "BEL",
    "ESP",
    "ITA",
    "PRT",
    "POL",
    "CZE",
    "SVK",
    "HUN",
    "ROU",
    "BGR",
    "HRV",
    "SRB",
    "UKR",
    "RUS",
    "TUR",
    "CHN",
    "TWN",
    "JPN",
    "KOR",
    "IND",
    "PAK",
    "IRN",
    "EGY",
    "MAR",
    "DZA",
    "NGA",
    "KEN",
    "ZAF",
    "BRA",
    "ARG",
    "CHL",
    "MEX",
    "PER",
    "COL",
    "LVA",
    "LTU",
    "EST",
    "FIN",
    "SWE",
    "NOR",
    "DNK",
    "ISL",
    "IRL",
    "CHE",
    "AUT",
    "LIE",
    "LUX",
    "MCO",
    "MLT",
    "GRC",
    "SVN",
    "XXC",
    "XXA",
]
CODES = ["P<", "P<", "P<", "PA", "PD", "PP", "PM", "V<", "VC", "VI", "I<", "ID", "AC", "IR", "IO", "C1", "A3", "C<"]
WIDTHS = (30, 36, 44, 44)
RANDOM_STATES = 0.25
RANDOM_NAMES = 0.35  # or the net would read the likelier name where another is printed


def random_line(rng: Generator) -> str:
    """Write one line of an MRZ, or one of noise so that no letter is only known among its usual neighbours."""
    width = int(rng.choice(WIDTHS))
    kind = rng.random()
    if kind < 0.3:
        return _from(ALPHABET + "<<<" + DIGITS, width, rng)
    if kind < 0.55:
        return _name_line(width, rng)
    return _number_line(width, rng)


def random_lines(shape: tuple[int, int], rng: Generator) -> tuple[str, ...]:
    """Write the lines of one MRZ: so many, so wide."""
    count, width = shape
    lines = [_name_line(width, rng), _number_line(width, rng)]
    if count > len(lines):
        lines = [_number_line(width, rng), _number_line(width, rng), _name_line(width, rng)]
    return tuple(lines)


def _name_line(width: int, rng: Generator) -> str:
    names = _name(rng) + ("<" + _name(rng) if rng.random() < 0.3 else "")
    names += "<<" + "<".join(_name(rng) for _ in range(rng.integers(1, 4)))
    start = "" if width == WIDTHS[0] else str(rng.choice(CODES)) + _state(rng)
    if width == WIDTHS[1] and rng.random() < 0.2:
        names, start = _name(rng), "IDFRA"
        return (start + names).ljust(30, "<")[:30] + _from(DIGITS, 6, rng)
    return (start + names)[:width].ljust(width, "<")


def _number_line(width: int, rng: Generator) -> str:
    number = _from(LETTERS + DIGITS * 3, int(rng.integers(7, 10)), rng).ljust(9, "<")
    if width == WIDTHS[0] and rng.random() < 0.5:
        optional = _from(LETTERS + DIGITS * 3, int(rng.integers(0, 16)), rng) if rng.random() < 0.5 else ""
        start = str(rng.choice(CODES)) + _state(rng)
        return (start + number + _from(DIGITS, 1, rng) + optional)[:width].ljust(width, "<")
    dates = _from(DIGITS, 7, rng) + str(rng.choice(list("MFX<"))) + _from(DIGITS, 7, rng)
    if width == WIDTHS[0]:
        optional = _from(DIGITS, 11, rng) if rng.random() < 0.3 else "<" * 11
        return dates + _state(rng) + optional + _from(DIGITS, 1, rng)
    if width == WIDTHS[1] and rng.random() < 0.2:
        return _from(DIGITS, 13, rng) + (_name(rng) + "<<" + _name(rng)).ljust(14, "<")[:14] + _from(DIGITS, 9, rng)
    start = number + _from(DIGITS, 1, rng) + _state(rng) + dates
    rest = width - len(start)
    optional = _from(LETTERS + DIGITS * 4, int(rng.integers(1, rest - 1)), rng) if rng.random() < 0.5 else ""
    return start + optional.ljust(rest - 2, "<") + _from(DIGITS + "<", 1, rng) + _from(DIGITS, 1, rng)


def _name(rng: Generator) -> str:
    if rng.random() < RANDOM_NAMES:
        return _from(LETTERS, int(rng.integers(2, 11)), rng)
    return random_name(rng)


def _state(rng: Generator) -> str:
    return _from(LETTERS, 3, rng) if rng.random() < RANDOM_STATES else str(rng.choice(STATES))


def _from(alphabet: str, length: int, rng: Generator) -> str:
    return "".join(alphabet[i] for i in rng.integers(0, len(alphabet), length))
