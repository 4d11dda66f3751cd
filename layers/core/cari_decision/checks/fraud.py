"""Whether every picture is what it was sent as: no picture twice, a document on the front, none in the selfie."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from cari_decision.checks.check import Check
from cari_decision.checks.document import ONE_SIDED, best_reading
from cari_decision.evidence import Faces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cari_decision.evidence import Evidence, Side

# Of 147 genuine cases (imitated documents, see docs/fraud.md) none fails any of these, but for one whose portrait and
# selfie are one photograph indeed: the rate is the upper end of Wilson's 95 % interval.
COPIED_AGREEMENT = 0.64
DOCUMENT_ROWS = 4
LEAST_ROWS = 1
FALSE_ALARMS = 0.03
RATE = "genuine cases that fail"
# Formats that stand on the side with the portrait (ICAO 9303 parts 4, 6 and 7, and France's card of 1988).
ON_PORTRAIT_SIDE = frozenset({"TD2", "TD3", "MRVA", "MRVB", "IDFRA"})


def same_files(digests: Mapping[Side, str]) -> tuple[tuple[Side, Side], ...]:
    """Name the sides whose pictures have the same SHA-256."""
    return tuple(
        (one, other) for one, other in combinations(digests, 2) if digests[one] and digests[one] == digests[other]
    )


def fraud_checks(evidence: Evidence) -> Iterator[Check]:
    """Ask what makes a picture another than it was sent as; nothing of evidence from before that was measured."""
    if evidence.same_files is None:
        return
    yield _same_picture(evidence.same_files)
    if isinstance(evidence.faces, Faces):
        yield _copied(evidence.faces)
        yield _document_in_selfie(evidence.faces)
        yield _print_around_portrait(evidence.faces)
    yield from _mrz_side(evidence)


def _same_picture(pairs: tuple[tuple[Side, Side], ...]) -> Check:
    """Tell of a file that was sent twice; a selfie is never a document."""
    selfie = next((pair for pair in pairs if "selfie" in pair), None)
    reason = "same_picture" if selfie else "sides_identical" if pairs else None
    return Check(
        "pictures_differ",
        "pictures",
        "failed" if pairs else "passed",
        evidence={"same": [list(pair) for pair in pairs]},
        reason=reason,
    )


def _copied(faces: Faces) -> Check:
    agreement = faces.picture_agreement
    if agreement is None:
        return Check("portrait_copied", "presentation", "not_performed", "selfie")
    copied = agreement >= COPIED_AGREEMENT
    return Check(
        "portrait_copied",
        "presentation",
        "failed" if copied else "passed",
        "selfie",
        score=agreement,
        threshold=COPIED_AGREEMENT,
        error_rate=FALSE_ALARMS,
        evidence={"rate": RATE},
        reason="portrait_copied" if copied else None,
    )


def _document_in_selfie(faces: Faces) -> Check:
    rows = faces.printed_rows("selfie")
    if rows is None:
        return Check("document_in_selfie", "presentation", "not_performed", "selfie")
    shown = rows >= DOCUMENT_ROWS
    return Check(
        "document_in_selfie",
        "presentation",
        "failed" if shown else "passed",
        "selfie",
        score=rows,
        threshold=DOCUMENT_ROWS,
        error_rate=FALSE_ALARMS,
        evidence={"rate": RATE, "unit": "rows of print"},
        reason="document_in_selfie" if shown else None,
    )


def _print_around_portrait(faces: Faces) -> Check:
    rows = faces.printed_rows("front")
    if rows is None:
        return Check("print_around_portrait", "document", "not_performed", "front")
    bare = rows < LEAST_ROWS
    return Check(
        "print_around_portrait",
        "document",
        "failed" if bare else "passed",
        "front",
        score=rows,
        threshold=LEAST_ROWS,
        error_rate=FALSE_ALARMS,
        evidence={"rate": RATE, "unit": "rows of print"},
        reason="nothing_printed" if bare else None,
    )


def _mrz_side(evidence: Evidence) -> Iterator[Check]:
    """Ask for the MRZ beside the portrait, of documents that have both on one side."""
    if not evidence.readings:
        return
    best, side = best_reading(evidence)
    kind = str(best.reading.get("mrz_type") or "")
    if evidence.type not in ONE_SIDED and kind not in ON_PORTRAIT_SIDE:
        return
    misplaced = side == "back" and all(place != "front" or not mrz.found for place, mrz in evidence.sides)
    yield Check(
        "mrz_side",
        "document",
        "failed" if misplaced else "passed",
        side,
        evidence={"mrz_type": kind},
        reason="mrz_on_back" if misplaced else None,
    )
