"""ICAO 9303 part 3, 4.9: the check digit of a string."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
FILLER = "<"
WEIGHTS = (7, 3, 1)

VALUES = {character: value for value, character in enumerate(ALPHABET[:-1])} | {FILLER: 0}


def check_digit(text: str) -> str:
    """Compute the check digit of text, which must be of the MRZ's alphabet."""
    total = sum(VALUES[character] * WEIGHTS[i % 3] for i, character in enumerate(text))
    return str(total % 10)
