"""What the MRZ fallback function reads of a document's pictures, as evidence that is still to be compared."""

from __future__ import annotations

import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cari_decision.document import Document, documents
from cari_decision.evidence import EngineFailure, Evidence, Mrz
from cari_verification.printed_text import WORDS
from cari_verification.printed_words import Line, Word
from functions.mrz_fallback import app
from tests.benchmarks.printed_text.altering import photographed

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 1)
UNASKED = EngineFailure("faces_not_compared")


@dataclass(frozen=True)
class Read:
    """What was read of one document: None where no MRZ is valid. `seconds` is what reading the print took."""

    name: str
    altered: str | None
    document: Document | None
    lines: tuple[Line, ...]
    seconds: float


def rendered(number_and_altered: tuple[int, str | None]) -> Read:
    """Read a rendered document."""
    number, altered = number_and_altered
    return _read(f"{number:03}", altered, photographed(number, altered))


def published(path: Path) -> Read:
    """Read a published specimen as it is."""
    return _read(path.name, None, [path.read_bytes()])


def _read(name: str, altered: str | None, pages: list[bytes]) -> Read:
    events = [{"Image": {"Bytes": b64encode(page).decode()}} for page in pages]
    began = time.perf_counter()
    for event in events:
        app.handler(event, None)  # type: ignore[arg-type]  # it asks nothing of the context
    without_s, began = time.perf_counter() - began, time.perf_counter()
    answers = [Mrz(app.handler({**event, "PrintedText": True}, None)) for event in events]  # type: ignore[arg-type]
    seconds = time.perf_counter() - began - without_s
    evidence = Evidence("passport", UNASKED, answers[0], answers[1] if len(answers) > 1 else None)
    is_valid = any(answer.valid for answer in answers)
    lines = tuple(tuple(Word(*word) for word in line) for answer in answers for line in answer.reading[WORDS] or ())
    return Read(name, altered, documents(evidence, TODAY)[0] if is_valid else None, lines, seconds)
