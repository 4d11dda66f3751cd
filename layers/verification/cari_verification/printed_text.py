"""What is printed for people to read, held against what is printed for machines to read.

Reading print is less certain than reading an MRZ, so what is not found says nothing. A field differs only where
something of its form was read for certain and is almost what the MRZ says, and other fields were found as they are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cari_decision.document import documents
from cari_decision.evidence import Mrz, PrintedText
from cari_verification.printed_days import PrintedDay, days_of
from cari_verification.printed_words import (
    Word,
    fold_lookalikes,
    fold_spellings,
    letters_and_digits,
    runs_of_words,
    without_accents,
    words_of_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from cari_decision.document import Document
    from cari_decision.evidence import Evidence
    from cari_verification.printed_words import Line

WORDS = "printed_text"  # in an MRZ engine's answer
MIN_WORD_CONFIDENCE = 0.85  # that a word was read right: docs/benchmarks/printed-text.md has the curve
LEAST_FOUND = 2  # other fields that are as the MRZ says, before one that is not is believed
LEAST_NUMBER = 6  # characters; shorter ones are found by chance
LEAST_LETTERS, LONG_NAME = 5, 8  # of a name of which one letter may differ, and of one of which two may


def settled(evidence: Evidence, today: date) -> Evidence:
    """Compare what the engines read with the MRZ, and keep what came of it instead of the words."""
    sides = [mrz.reading.get(WORDS) for _, mrz in evidence.sides]
    lines = [tuple(Word(*word) for word in line) for side in sides for line in side or ()]
    valid = [document for document in documents(evidence, today) if document.source == "mrz"]
    if not valid or not any(mrz.valid for mrz in evidence.readings):
        found = PrintedText(unavailable="no_valid_mrz")
    elif all(side is None for side in sides):
        found = PrintedText(unavailable="not_read")
    else:
        found = compare(valid[0], lines)
    return replace(evidence, front=_wordless(evidence.front), back=_wordless(evidence.back), printed_text=found)


def compare(document: Document, lines: Sequence[Line], *, min_confidence: float = MIN_WORD_CONFIDENCE) -> PrintedText:
    """Look for each field of a document's MRZ among the printed lines."""
    looked = [
        *_number(document, lines, min_confidence),
        *_names(document, lines, min_confidence),
        *_days(document, lines, min_confidence),
    ]
    found = [field for field, is_found, _ in looked if is_found]
    differing = {field: printed for field, is_found, printed in looked if printed and not is_found}
    if len(found) < LEAST_FOUND:
        differing = {}
    return PrintedText(
        found=tuple(found),
        differing=differing,
        not_read=tuple(field for field, is_found, _ in looked if not is_found and field not in differing),
        words=sum(word.confidence >= min_confidence for line in lines for word in line),
    )


_FieldInPrint = tuple[str, bool, str | None]  # a field, whether it is printed as the MRZ has it, what is almost


def _number(document: Document, lines: Sequence[Line], min_confidence: float) -> Iterator[_FieldInPrint]:
    number = fold_lookalikes(letters_and_digits(document.number or ""))
    if len(number) < LEAST_NUMBER:
        return
    words = [(word, fold_lookalikes(letters_and_digits(word.text))) for line in lines for word in runs_of_words(line)]
    almost = (
        word.text for word, text in words if word.confidence >= min_confidence and _is_almost_number(number, text)
    )
    yield "number", any(number in text for _, text in words), next(almost, None)


def _is_almost_number(number: str, text: str) -> bool:
    """Say whether a text differs in one place or two, and has letters and digits where the number has."""
    if len(number) != len(text):
        return False
    differing = [(one, other) for one, other in zip(number, text, strict=True) if one != other]
    return len(differing) in (1, 2) and all(one.isdigit() == other.isdigit() for one, other in differing)


def _names(document: Document, lines: Sequence[Line], min_confidence: float) -> Iterator[_FieldInPrint]:
    words = [(word, fold_spellings(word.text)) for line in lines for word in words_of_names(line)]
    printed = {text for _, text in words}
    parts = {"surname": _parts(document.surname), "names": _parts(document.names)}
    own = {part for names in parts.values() for part in names}
    for field, names in parts.items():
        if names:
            almost = (
                word.text
                for word, text in words
                if word.confidence >= min_confidence
                and text not in own
                and any(_is_almost_name(name, text) for name in names)
            )
            yield field, printed.issuperset(names), next(almost, None)


def _parts(name: str | None) -> list[str]:
    return [fold_spellings(part) for part in without_accents(name or "").split()]


def _is_almost_name(name: str, text: str) -> bool:
    """Say whether a word differs within: a letter that is missing or too much at an end is the reader's."""
    if name in text or text in name:
        return False
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  # 35 ms that only printed text is worth

    letters = min(len(name), len(text))
    most = 2 if letters >= LONG_NAME else 1
    return letters >= LEAST_LETTERS and 1 <= Levenshtein.distance(name, text, score_cutoff=most) <= most


def _days(document: Document, lines: Sequence[Line], min_confidence: float) -> Iterator[_FieldInPrint]:
    days = [printed for line in lines for printed in days_of(line)]
    known = [day for day in (document.born, document.expires) if day]
    others = [
        printed
        for printed in days
        if printed.confidence >= min_confidence and not any(printed.is_(day) for day in known)
    ]
    for field, day, is_almost in (
        ("date_of_birth", document.born, PrintedDay.is_almost_birth),
        ("expiration_date", document.expires, PrintedDay.is_almost_expiry),
    ):
        if day:
            almost = (printed.text for printed in others if is_almost(printed, day))
            yield field, any(printed.is_(day) for printed in days), next(almost, None)


def _wordless(side: Any) -> Any:
    if not isinstance(side, Mrz):
        return side
    return Mrz({name: value for name, value in side.reading.items() if name != WORDS})
