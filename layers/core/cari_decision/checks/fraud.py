"""Whether every picture is what it was sent as: no picture twice, a document on the front, none in the selfie."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from operator import ge, lt
from typing import TYPE_CHECKING

from cari_decision.checks.check import Check
from cari_decision.checks.document import ONE_SIDED, best_reading
from cari_decision.evidence import Faces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cari_decision.checks.check import Group
    from cari_decision.evidence import Evidence, Side

# Of 147 genuine cases (imitated documents, see docs/fraud.md) none fails any of these, but for one whose portrait and
# selfie are one photograph indeed: the rate is the upper end of Wilson's 95 % interval.
COPIED_AGREEMENT, DOCUMENT_ROWS, LEAST_ROWS = 0.64, 4, 1
FALSE_ALARMS = 0.03
# Formats that stand on the side with the portrait (ICAO 9303 parts 4, 6 and 7, and France's card of 1988).
ON_PORTRAIT_SIDE = frozenset({"TD2", "TD3", "MRVA", "MRVB", "IDFRA"})


@dataclass(frozen=True)
class _Measure:
    """What fails on one side of a threshold."""

    name: str
    group: Group
    side: Side
    fails: Callable[[float, float], bool]  # given the measure and the threshold
    threshold: float
    reason: str
    unit: str | None = None


COPIED = _Measure("portrait_copied", "presentation", "selfie", ge, COPIED_AGREEMENT, "portrait_copied")
DOCUMENT_IN_SELFIE = _Measure(
    "document_in_selfie", "presentation", "selfie", ge, DOCUMENT_ROWS, "document_in_selfie", "rows of print"
)
BARE = _Measure("print_around_portrait", "document", "front", lt, LEAST_ROWS, "nothing_printed", "rows of print")


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
        yield _measured(COPIED, evidence.faces.picture_agreement)
        yield _measured(DOCUMENT_IN_SELFIE, evidence.faces.printed_rows("selfie"))
        yield _measured(BARE, evidence.faces.printed_rows("front"))
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


def _measured(measure: _Measure, score: float | None) -> Check:
    """Tell what was measured; None where nobody did."""
    if score is None:
        return Check(measure.name, measure.group, "not_performed", measure.side)
    is_failed = measure.fails(score, measure.threshold)
    return Check(
        measure.name,
        measure.group,
        "failed" if is_failed else "passed",
        measure.side,
        score=score,
        threshold=measure.threshold,
        error_rate=FALSE_ALARMS,
        evidence={"rate": "genuine cases that fail", **({"unit": measure.unit} if measure.unit else {})},
        reason=measure.reason if is_failed else None,
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
