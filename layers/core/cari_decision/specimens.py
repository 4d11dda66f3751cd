"""Tells what is a specimen: of no State, of a person who does not exist, or a picture that the sandbox hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from cari_core.countries import SPECIMEN_STATES
from cari_core.names import same_name, same_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cari_decision.document import Document
    from cari_decision.evidence import Evidence, Side

MIN_MATCHING_FIELDS = 2  # of number, name and birth date, to know a specimen's person: each alone may be somebody's


@dataclass(frozen=True)
class Person:
    """Somebody whom the sandbox's documents name, and what numbers these have."""

    surname: str
    names: str
    born: date
    numbers: tuple[str, ...]


PEOPLE = (
    Person("VOYAGER", "STELLA NOVA", date(1986, 11, 19), ("UX7204913", "UD5830267", "UL40771902")),
    Person("PELAGIA", "MARA", date(1979, 4, 2), ("UD1194402", "UL11944021")),
)


def signs(evidence: Evidence, documents: list[Document]) -> Iterator[str]:
    """Name what shows that a document is a specimen."""
    states = {mrz.reading.get(name) for mrz in evidence.readings for name in ("country", "nationality")}
    if states & SPECIMEN_STATES:
        yield "state"
    if any(_is_of(person, document) for person in PEOPLE for document in documents):
        yield "holder"
    if evidence.specimen_pictures:
        yield "picture"


def pictures(digests: Mapping[Side, str]) -> tuple[Side, ...]:
    """Name the sides whose picture, by its SHA-256 as it is stored, is one that the sandbox hands out."""
    return tuple(side for side, digest in digests.items() if digest in _digests())


@cache
def _digests() -> frozenset[str]:
    """Read `specimen_pictures.txt`, which `python -m specimens` writes as sha256sum does."""
    text = files("cari_decision").joinpath("specimen_pictures.txt").read_text(encoding="utf-8")
    return frozenset(line.split()[0] for line in text.splitlines())


def _is_of(person: Person, document: Document) -> bool:
    alike = (
        any(same_number(document.number, number) for number in person.numbers),
        bool(same_name(document.surname, person.surname) and same_name(document.names, person.names)),
        document.born == person.born,
    )
    return sum(alike) >= MIN_MATCHING_FIELDS
