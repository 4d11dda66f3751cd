"""Whether all that was read is of one person and one document."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from cari_core.names import same_name, same_number
from cari_decision.checks.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_decision.checks.check import Result
    from cari_decision.document import Document
    from cari_decision.evidence import PrintedText


READABLE_WORDS = 8  # read for certain: a page of which so many are is readable; documents print some thirty
LEAST_FOUND = 2  # fields of the MRZ, of up to five, that a readable page shows


def consistency_checks(documents: list[Document]) -> Iterator[Check]:
    """Compare every two things that were read: two MRZs, or an MRZ and a barcode."""
    for one, other in combinations(documents, 2):
        if {one.source, other.source} == {"mrz"}:
            yield _agree("sides_agree", "sides_disagree", one, other)
        elif {one.source, other.source} == {"mrz", "barcode"}:
            yield _agree("barcode_agrees", "barcode_disagrees", one, other)


def printed_text_checks(text: PrintedText | None, *, is_asked_for: bool) -> Iterator[Check]:
    """Tell what came of holding the printed text against the MRZ, where the policy asks.

    What cannot be read says nothing. Where much can be, and hardly a field of the MRZ is among it, the print is of
    another document; where some are and some are not, they do not agree, and do not differ either.
    """
    if not is_asked_for:
        return
    if text is None:  # decided again, by another policy than the one that had it not read
        yield _no_text("not_looked_for")
    elif text.unavailable:
        yield _no_text(text.unavailable)
    elif (text.words or 0) >= READABLE_WORDS and len(text.found) < LEAST_FOUND and not text.differing:
        yield _text(text, "failed", "printed_text_not_found")
    elif not (text.found or text.differing):
        yield _no_text("not_read")
    elif text.differing:
        yield _text(text, "failed", "printed_text_differs")
    else:
        yield _text(text, "warning" if text.not_read and text.words is not None else "passed", None)


def _text(text: PrintedText, result: Result, reason: str | None) -> Check:
    return Check(
        "printed_text_agrees",
        "consistency",
        result,
        score=len(text.found),
        threshold=len(text.found) + len(text.differing) + (len(text.not_read) if text.words is not None else 0),
        evidence={"found": list(text.found), "differing": text.differing, "not_read": list(text.not_read)},
        reason=reason,
    )


def _no_text(why: str) -> Check:
    return Check("printed_text_agrees", "consistency", "not_performed", evidence={"unavailable": why})


def _agree(name: str, reason: str, one: Document, other: Document) -> Check:
    answers = {
        "number": same_number(one.number, other.number, **_cut("number", one, other)),
        "surname": same_name(one.surname, other.surname, **_cut("surname", one, other)),
        "names": same_name(one.names, other.names, **_cut("names", one, other)),
        "date_of_birth": one.born == other.born if one.born and other.born else None,
        "expiration_date": one.expires == other.expires if one.expires and other.expires else None,
    }
    compared = {field: agrees for field, agrees in answers.items() if agrees is not None}
    differing = [field for field, agrees in compared.items() if not agrees]
    if not compared:
        return Check(name, "consistency", "not_performed", other.side)
    return Check(
        name,
        "consistency",
        "failed" if differing else "passed",
        other.side,
        score=len(compared) - len(differing),
        threshold=len(compared),
        evidence={"compared": list(compared), "differing": differing},
        reason=reason if differing else None,
    )


def _cut(field: str, one: Document, other: Document) -> dict[str, bool]:
    return {"one_is_cut": field in one.cut, "other_is_cut": field in other.cut}
