"""Documents somebody altered: one thing that people read is not what the MRZ says any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from specimens import specimen
from specimens.specimen import CARD_MM, PASSPORT_MM
from tests.benchmarks.end_to_end.composites import TODAY, made_up, photograph
from tests.benchmarks.mrz.sheets import CAPITALS, DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from specimens.specimen import Identity

FIELDS = ("number", "surname", "names", "date_of_birth", "expiration_date")
PX_PER_MM = (8.0, 16.0)  # a passport's page 1000 to 2000 pixels wide, as phones send it
ISSUED, EXPIRES = TODAY - timedelta(days=700), TODAY + timedelta(days=2900)


def photographed(number: int, altered: str | None) -> list[bytes]:
    """Photograph a document of somebody who does not exist, front first: a passport or both sides of a card."""
    rng = np.random.default_rng(number)
    identity, px_per_mm = made_up(rng), float(rng.uniform(*PX_PER_MM))
    printed, expires = _altered(identity, EXPIRES, altered, np.random.default_rng([number, 1]))
    portrait = specimen.sample_portrait()
    if number % 2:
        lines = specimen.passport_lines(identity, EXPIRES)
        pages, width_mm = [specimen.passport_page(printed, portrait, ISSUED, expires, lines)], PASSPORT_MM[0]
    else:
        lines = specimen.card_lines(identity, EXPIRES)
        pages = [specimen.card_front(printed, portrait, expires), specimen.card_back(printed, ISSUED, lines)]
        width_mm = CARD_MM[0]
    return [photograph(np.asarray(page.convert("RGB")), width_mm, px_per_mm, rng) for page in pages]


def one_other(text: str, of: str, rng: Generator) -> str:
    """Put another character of a kind in the place of one."""
    place = int(rng.choice([place for place, character in enumerate(text) if character.upper() in of]))
    other = str(rng.choice([character for character in of if character != text[place].upper()]))
    return text[:place] + other + text[place + 1 :]


def another_birth(day: date, rng: Generator) -> date:
    """Change the day, the month or the year, by at most five."""
    changes: tuple[Callable[[], date], ...] = (
        lambda: day.replace(day=int(rng.integers(1, 29))),
        lambda: day.replace(day=min(day.day, 28), month=int(rng.integers(1, 13))),
        lambda: day.replace(day=min(day.day, 28), year=day.year + int(rng.choice((-5, -3, -2, -1, 1, 2, 3, 5)))),
    )
    while True:
        other = changes[rng.integers(len(changes))]()
        if (other.year, other.month, other.day) != (day.year, day.month, day.day):
            return other


def later(day: date, rng: Generator) -> date:
    """Let it expire some years later."""
    return day.replace(day=min(day.day, 28), year=day.year + int(rng.choice((1, 2, 3, 5, 10))))


def _altered(identity: Identity, expires: date, field: str | None, rng: Generator) -> tuple[Identity, date]:
    if field == "number":
        changed = {name: one_other(getattr(identity, name), DIGITS, rng) for name in ("passport_number", "card_number")}
        return replace(identity, **changed), expires
    if field == "surname":
        return replace(identity, surname=one_other(identity.surname, CAPITALS, rng)), expires
    if field == "names":
        return replace(identity, given_names=one_other(identity.given_names, CAPITALS, rng)), expires
    if field == "date_of_birth":
        return replace(identity, date_of_birth=another_birth(identity.date_of_birth, rng)), expires
    return identity, later(expires, rng) if field else expires
