"""Words as they were read in print, and what of their spelling two readers of the same name may differ in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_WORDS = 3  # that one number may be printed in
# What a reader takes for one another in print, each group as its first.
LOOKALIKES = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"})
# Letters that an MRZ writes as two (ICAO 9303-3, section 6), and what a reader without accents makes of them.
DIGRAPHS = (
    ("UXX", "U"),
    ("NXX", "N"),
    ("AE", "A"),
    ("OE", "O"),
    ("UE", "U"),
    ("AA", "A"),
    ("SS", "S"),
    ("TH", "P"),
    ("IJ", "Y"),
)
BASE_LETTERS = str.maketrans({"Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "P", "Æ": "A", "Œ": "O"})
_NAME_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Word:
    """A word as it was read, and the reader's confidence in it (0..1)."""

    text: str
    confidence: float


Line = tuple[Word, ...]


def runs_of_words(line: Line) -> Iterator[Word]:
    """Give every run of up to MOST_WORDS words as one: numbers are printed in groups."""
    for start in range(len(line)):
        for end in range(start + 1, min(start + MOST_WORDS, len(line)) + 1):
            run = line[start:end]
            yield Word(" ".join(word.text for word in run), min(word.confidence for word in run))


def words_of_names(line: Line) -> Iterator[Word]:
    """Give what is between hyphens and blanks, and every two as one: O BRIEN. Digits may be misread letters."""
    words = [Word(part, word.confidence) for word in line for part in _NAME_PART.findall(without_accents(word.text))]
    yield from words
    for one, other in pairwise(words):
        yield Word(one.text + other.text, min(one.confidence, other.confidence))


def without_accents(text: str) -> str:
    """Write in capitals without accents."""
    decomposed = unicodedata.normalize("NFKD", text.upper().translate(BASE_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def letters_and_digits(text: str) -> str:
    """Keep letters and digits only."""
    return "".join(letter for letter in without_accents(text) if letter.isascii() and letter.isalnum())


def fold_lookalikes(text: str) -> str:
    """Write what looks alike in print as one."""
    return text.translate(LOOKALIKES)


def fold_spellings(name: str) -> str:
    """Write a name's letters in the one way that all of its spellings have in common."""
    letters = without_accents(name)
    for digraph, letter in DIGRAPHS:
        letters = letters.replace(digraph, letter)
    return fold_lookalikes(letters)
