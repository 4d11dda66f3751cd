"""Names and numbers held against each other as machine-readable zones write them.

Issuers write letters beside A to Z by the tables of ICAO 9303 part 3, section 6, which leave a choice for some: Müller
is MUELLER, MULLER or MUXXLLER. Two spellings agree where some choice makes them alike. MULLER and MUELLER, both without
a diacritic, do not: nobody says that they are of one name.
"""

# ruff: noqa: RUF001  # the Cyrillic letters are meant

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Spellings: TypeAlias = tuple[str, ...]
"""The ways one letter may be written."""

# Section 6 A: Latin letters whose spelling is not just the letter without its diacritic.
LATIN: dict[str, Spellings] = {
    "Ä": ("AE", "A"),
    "Å": ("AA", "A"),
    "Æ": ("AE",),
    "Ð": ("D",),
    "Đ": ("D",),
    "Ə": ("E",),
    "Ħ": ("H",),
    "Ĳ": ("IJ",),
    "Ł": ("L",),
    "Ñ": ("N", "NXX"),
    "Ŋ": ("N",),
    "Ö": ("OE", "O"),
    "Ø": ("OE", "O"),
    "Œ": ("OE",),
    "ẞ": ("SS",),
    "Ŧ": ("T",),
    "Þ": ("TH",),
    "Ü": ("UE", "UXX", "U"),
}
# Section 6 B: Cyrillic letters, with what single languages have instead.
CYRILLIC: dict[str, Spellings] = {
    **{letter: (latin,) for letter, latin in zip("АБВДЗКЛМНОПРСТФ", "ABVDZKLMNOPRSTF", strict=True)},
    "Г": ("G", "H"),  # H in Belarus and Ukraine
    "Ґ": ("G",),
    "Ѓ": ("G", "GJ"),
    "Ђ": ("D", "DJ"),
    "Е": ("E",),
    "Ё": ("E", "IO"),  # IO in Belarus
    "Є": ("IE", "YE"),
    "Ж": ("ZH", "Z"),  # Z in Serbia
    "Ѕ": ("DZ",),
    "И": ("I", "Y"),  # Y in Ukraine
    "І": ("I",),
    "Ї": ("I", "YI"),
    "Й": ("I",),
    "Ј": ("J",),
    "Ќ": ("K", "KJ"),
    "Љ": ("LJ",),
    "Њ": ("NJ",),
    "Ћ": ("C",),
    "У": ("U",),
    "Ў": ("U",),
    "Х": ("KH", "H"),  # H in Serbia and North Macedonia
    "Ц": ("TS", "C"),  # C in Serbia and North Macedonia
    "Ч": ("CH", "C"),  # C in Serbia
    "Џ": ("DZ", "DJ"),
    "Ш": ("SH", "S"),  # S in Serbia
    "Щ": ("SHCH", "SHT"),  # SHT in Bulgaria
    "Ъ": ("IE", "A"),  # A in Bulgaria
    "Ы": ("Y",),
    "Ь": ("",),
    "Э": ("E",),
    "Ю": ("IU", "YU"),
    "Я": ("IA", "YA"),
}
_TABLES = LATIN | CYRILLIC
_BETWEEN_WORDS = re.compile(r"[\s<,/-]+")  # all else that is no letter, such as an apostrophe, is left out

_Letters = tuple[Spellings, ...]


def same_name(
    one: str | None, other: str | None, *, one_is_cut: bool = False, other_is_cut: bool = False
) -> bool | None:
    """Compare two names; None where one of them is missing.

    Where one was cut to fit its field (ICAO 9303 part 4, 4.2.3 and its like), each of its words may be the beginning of
    the other's, and words may be missing at its end.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return None
    if _same(sum(first, ()), sum(second, ()), one_is_cut=one_is_cut, other_is_cut=other_is_cut):
        return True
    if one_is_cut and len(first) <= len(second):
        return all(_same(cut, word, one_is_cut=True) for cut, word in zip(first, second, strict=False))
    if other_is_cut and len(second) <= len(first):
        return all(_same(cut, word, one_is_cut=True) for cut, word in zip(second, first, strict=False))
    return False


def same_number(
    one: str | None, other: str | None, *, one_is_cut: bool = False, other_is_cut: bool = False
) -> bool | None:
    """Compare two numbers, without what parts their groups; None where one of them is missing.

    One that was cut to fit its field may be the beginning of the other.
    """
    first, second = _alphanumeric(one), _alphanumeric(other)
    if not first or not second:
        return None
    return first == second or (one_is_cut and second.startswith(first)) or (other_is_cut and first.startswith(second))


def _alphanumeric(number: str | None) -> str:
    return "".join(character for character in (number or "").upper() if character.isascii() and character.isalnum())


def _words(name: str | None) -> list[_Letters]:
    words = [tuple(_spellings(word)) for word in _BETWEEN_WORDS.split(unicodedata.normalize("NFC", name or "").upper())]
    return [word for word in words if word]


def _spellings(word: str) -> list[Spellings]:
    found: list[Spellings] = []
    for character in word:
        if character in _TABLES:
            found.append(_TABLES[character])
        else:  # a diacritic that the tables leave out
            plain = unicodedata.normalize("NFKD", character)
            found += [
                _TABLES.get(part, (part,)) for part in plain if part in _TABLES or (part.isascii() and part.isalnum())
            ]
    return found


def _same(one: _Letters, other: _Letters, *, one_is_cut: bool = False, other_is_cut: bool = False) -> bool:
    """Look for choices of spelling by which two words are alike, or the cut one is the beginning of the other."""
    seen: set[_Step] = set()
    steps = [_Step(0, 0, "", "")]
    while steps:
        step = steps.pop()
        if step in seen:
            continue
        seen.add(step)
        one_ends = step.of_one == len(one) and not step.one_is_ahead_by
        other_ends = step.of_other == len(other) and not step.other_is_ahead_by
        if (one_ends and (other_ends or one_is_cut)) or (other_ends and other_is_cut):
            return True
        steps += _next(step, one, other)
    return False


class _Step(NamedTuple):
    """How many letters of each word are written, and what one of them has written more than the other."""

    of_one: int
    of_other: int
    one_is_ahead_by: str
    other_is_ahead_by: str


def _next(step: _Step, one: _Letters, other: _Letters) -> Iterator[_Step]:
    """Write the next letter of the word that is not ahead, in each of its spellings that fit."""
    i, j, ahead_one, ahead_other = step
    if not ahead_one and i < len(one):
        for letters in one[i]:
            if (rests := _rests(letters, ahead_other)) is not None:
                yield _Step(i + 1, j, *rests)
    elif not ahead_other and j < len(other):
        for letters in other[j]:
            if (rests := _rests(letters, ahead_one)) is not None:
                yield _Step(i, j + 1, *reversed(rests))


def _rests(one: str, other: str) -> tuple[str, str] | None:
    """Say by what each is longer than the other; None where neither begins the other."""
    if one.startswith(other):
        return one[len(other) :], ""
    return ("", other[len(one) :]) if other.startswith(one) else None
