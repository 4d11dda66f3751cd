"""The report: what is doubted and what is noticed, by how sure a word has to be."""

from __future__ import annotations

import platform
import statistics
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from cari_verification import printed_text
from tests.benchmarks.end_to_end.rates import wilson
from tests.benchmarks.printed_text.altering import CAPITALS, DIGITS, FIELDS, another_birth, later, one_other

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cari_decision.document import Document
    from tests.benchmarks.printed_text.reading import Read

SURE = (0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95)
DRAWS = 5  # altered MRZs of each published specimen and field
INTRODUCTION = """# What is printed, held against the MRZ

`CARI_EVAL_DATA=… python -m tests.benchmarks.printed_text` writes this: what a policy's `printed_text` is good for.

**Rendered** are documents of this project's renderer, passports and cards in turn, photographed with the difficulties
of [whole cases](end-to-end.md), a passport's page 1,000 to 2,000 pixels wide: once as they should be, and once with
each field altered in print. **Published** are the labelled specimens (not part of the project), as they are, most of
them scans of 300 to 600 pixels; of these the MRZ is altered instead, which is the same to a comparison.

**Doubted** is how many documents have a field that differs though nobody altered them, **noticed** how many altered
fields are found out. Brackets are 95 % confidence (Wilson). What is not noticed is not seen: `printed_text` says of
nothing that it is genuine. One of the rendered was doubted before words that the reader cut at an end were let pass.
"""


def markdown(true: Sequence[Read], made: Sequence[Read]) -> str:
    """Write the report."""
    published = [read for read in true if read.document]
    rendered = [read for read in made if read.document and not read.altered]
    altered = [read for read in made if read.document and read.altered]
    parts = [
        INTRODUCTION,
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}.\n",
        f"Their MRZ is valid, so they are compared: {len(published)} of {len(true)} published specimens,",
        f"{len(rendered) + len(altered)} of {len(made)} rendered documents.\n",
        "## By how sure a word has to be\n",
        f"`{printed_text.MIN_WORD_CONFIDENCE}` is what is shipped.\n",
        "| sure | rendered: doubted | noticed | published: doubted | noticed |\n|---|---|---|---|---|",
        *(_row(sure, rendered, altered, published) for sure in SURE),
        "\n## By field, as shipped\n",
        "Found is how many of the true documents have the field where it can be read.\n",
        "| field | rendered: found | noticed | published: found | noticed |\n|---|---|---|---|---|",
        *(_field(field, rendered, altered, published) for field in FIELDS),
        "\n## Time\n",
        "What asking for the print adds to reading the MRZ, in seconds, both sides of a card together:\n",
        _time([read.seconds for read in made]),
    ]
    return "\n".join(parts) + "\n"


def _row(sure: float, rendered: Sequence[Read], altered: Sequence[Read], published: Sequence[Read]) -> str:
    cells = [
        _share(bool(_compared(read, sure).differing) for read in rendered),
        _share(read.altered in _compared(read, sure).differing for read in altered),
        _share(bool(_compared(read, sure).differing) for read in published),
        _share(hit for read in published for field in FIELDS for hit in _noticed(read, field, sure)),
    ]
    return f"| {sure:g} | {' | '.join(cells)} |"


def _field(field: str, rendered: Sequence[Read], altered: Sequence[Read], published: Sequence[Read]) -> str:
    sure = printed_text.MIN_WORD_CONFIDENCE
    cells = [
        _share(field in _compared(read, sure).found for read in rendered),
        _share(field in _compared(read, sure).differing for read in altered if read.altered == field),
        _share(field in _compared(read, sure).found for read in published),
        _share(hit for read in published for hit in _noticed(read, field, sure)),
    ]
    return f"| {field} | {' | '.join(cells)} |"


def _compared(read: Read, sure: float) -> printed_text.PrintedText:
    assert read.document is not None
    return printed_text.compare(read.document, read.lines, sure=sure)


def _noticed(read: Read, field: str, sure: float) -> Iterator[bool]:
    """Alter the MRZ's side of a field, some times."""
    rng = np.random.default_rng(len(read.name))
    for _ in range(DRAWS):
        altered = _with_another(read.document, field, rng) if read.document else None
        if altered:
            yield field in printed_text.compare(altered, read.lines, sure=sure).differing


def _with_another(document: Document, field: str, rng: np.random.Generator) -> Document | None:
    if field == "number" and any(character in DIGITS for character in document.number or ""):
        return replace(document, number=one_other(document.number or "", DIGITS, rng))
    if field == "surname" and document.surname:
        return replace(document, surname=one_other(document.surname, CAPITALS, rng))
    if field == "names" and document.names:
        return replace(document, names=one_other(document.names, CAPITALS, rng))
    if field == "date_of_birth" and document.born:
        return replace(document, born=another_birth(document.born, rng))
    if field == "expiration_date" and document.expires:  # an earlier MRZ is a later print
        earlier = later(document.expires, rng).year - document.expires.year
        return replace(
            document,
            expires=document.expires.replace(day=min(document.expires.day, 28), year=document.expires.year - earlier),
        )
    return None


def _share(hits: Iterable[bool]) -> str:
    counted = list(hits)
    low, high = wilson(sum(counted), len(counted))
    return f"{sum(counted)} of {len(counted)}, {sum(counted) / len(counted):.0%} ({low:.1%}–{high:.1%})"


def _time(seconds: Sequence[float]) -> str:
    return f"median {statistics.median(seconds):.2f}, 95 % below {statistics.quantiles(seconds, n=20)[-1]:.2f}."
