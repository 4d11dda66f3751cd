"""Whether a licence's PDF417 barcode is there, whole, and AAMVA's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_decision.checks.check import Check
from cari_decision.evidence import EngineFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cari_decision.evidence import Evidence, Side

WITH_BARCODE = frozenset({"driving_licence"})
UNREADABLE_CODES = frozenset({"barcode_damaged", "not_aamva"})  # the reader's codes
WRONG_FIELD_WARNINGS = frozenset({"date_not_given", "impossible_date", "duplicate_element"})
REASON = {"barcode_damaged": "barcode_damaged", "not_aamva": "barcode_not_aamva"}


def barcode_checks(evidence: Evidence) -> Iterator[Check]:
    """Ask for the barcode where a document may have one; a licence without an MRZ must."""
    told = [(side, mrz.barcode) for side, mrz in evidence.sides if mrz.barcode]
    read = next(((side, barcode) for side, barcode in told if barcode.get("standard")), None)
    if read is not None:
        yield _read(*read)
        return
    if evidence.type not in WITH_BARCODE or evidence.readings:
        return
    damaged = next(((side, barcode) for side, barcode in told if barcode.get("reason") in UNREADABLE_CODES), None)
    if damaged is not None:
        side, barcode = damaged
        yield Check(
            "barcode_found",
            "barcode",
            "failed",
            side,
            evidence={"format": barcode.get("format")},
            reason=REASON[str(barcode["reason"])],
        )
    elif evidence.back is None:
        yield Check("barcode_found", "barcode", "failed", "back", reason="back_needed")
    elif not any(isinstance(side, EngineFailure) for side in (evidence.front, evidence.back)):
        yield Check("barcode_found", "barcode", "failed", "back", reason="barcode_not_found")


def _read(side: Side, barcode: Mapping[str, Any]) -> Check:
    missing, warnings = list(barcode.get("missing") or []), list(barcode.get("warnings") or [])
    facts = {
        "standard": barcode.get("standard"),
        "version": barcode.get("version"),
        "jurisdiction": barcode.get("jurisdiction"),
        "missing": missing,
        "warnings": warnings,
    }
    incomplete = bool(missing or WRONG_FIELD_WARNINGS & set(warnings))
    return Check(
        "barcode_found",
        "barcode",
        "warning" if incomplete else "passed",
        side,
        evidence=facts,
        reason="barcode_incomplete" if incomplete else None,
    )
