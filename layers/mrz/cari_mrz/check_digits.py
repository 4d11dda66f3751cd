"""ICAO 9303 part 3, 4.9: the check digit of a string."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
FILLER = "<"
CHECK_WEIGHTS = (7, 3, 1)

VALUES = {character: value for value, character in enumerate(ALPHABET[:-1])} | {FILLER: 0}

# The values again, as what bytes.translate wants.
_NO_VALUE = 255
_TABLE = bytes(VALUES.get(chr(code), _NO_VALUE) for code in range(256))
_DIGITS = "0123456789"


def check_digit(text: str) -> str:
    """Compute the check digit of text.

    Raises ValueError for a character that is not of the MRZ's alphabet.
    """
    return digit_of(values_of(text))


def values_of(text: str) -> bytes:
    """Give the value of each character, one byte each.

    Raises ValueError for a character that is not of the MRZ's alphabet.
    """
    values = text.encode("ascii", "replace").translate(_TABLE)
    if _NO_VALUE in values:
        raise ValueError("an MRZ has capital letters, digits and < only: no lower case, no spaces, no line ends")
    return values


def digit_of(values: bytes) -> str:
    """Compute the check digit of characters that have these values."""
    seven, three, one = CHECK_WEIGHTS
    total = seven * sum(values[::3]) + three * sum(values[1::3]) + one * sum(values[2::3])
    return _DIGITS[total % 10]
