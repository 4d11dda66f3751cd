"""Names as MRZs print them, from many countries: how letters follow one another helps where print is blurred."""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from faker.providers import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
FEWEST = 200  # names in Latin letters that a locale must have of its own
PARTS = {"ß": "SS", "Æ": "AE", "Ø": "OE", "Þ": "TH", "Ð": "D", "Ł": "L", "Đ": "D", "İ": "I", "Œ": "OE", "Ə": "E"}


def random_name(rng: Generator) -> str:
    """Choose a name of some country, at times a double one with a filler in it."""
    countries = _countries()
    names = countries[rng.integers(len(countries))]
    return names[rng.integers(len(names))]


@cache
def _countries() -> tuple[tuple[str, ...], ...]:
    modules = sorted(module.name for module in pkgutil.iter_modules(person.__path__))
    lists = (tuple(sorted(set(_names_of(name)))) for name in modules)
    return tuple(names for names in lists if len(names) >= FEWEST)


def _names_of(locale: str) -> Iterator[str]:
    provider = importlib.import_module(f"{person.__name__}.{locale}").Provider
    lists = (getattr(provider, key) for key in sorted(dir(provider)) if "name" in key and "format" not in key)
    for name in chain.from_iterable(each for each in lists if isinstance(each, (tuple, list, dict))):
        printed = _as_printed(name) if isinstance(name, str) else ""
        if printed and set(printed) <= LETTERS:
            yield printed


def _as_printed(name: str) -> str:
    capitals = "".join(PARTS.get(letter, letter) for letter in name.upper())
    plain = "".join(c for c in unicodedata.normalize("NFKD", capitals) if not unicodedata.combining(c))
    return plain.replace("'", "").replace("-", "<").replace(" ", "<").strip("<")
