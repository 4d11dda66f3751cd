"""What the document is and says: read at all, of the declared type, in date, of somebody old enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_core import countries
from cari_decision import specimens
from cari_decision.checks.check import Check
from cari_decision.document import MAX_AGE, age_on
from cari_decision.evidence import EngineFailure, Faces, Mrz

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cari_decision.document import Document
    from cari_decision.evidence import Evidence, Side
    from cari_decision.policy import Policy

EXPECTED_LETTERS = {
    "passport": "P",
    "visa": "V",
    "card": "IAC",
    "residence_permit": "IACR",
    "driving_licence": "IDFAB",  # F is Switzerland's; France prints D, on some licences the category A or B
}
NOT_ASKED = frozenset({"dev", None})  # modes in which specimens are welcome; None is evidence of before
ONE_SIDED = frozenset({"passport", "visa"})


def document_checks(evidence: Evidence, documents: list[Document], policy: Policy, today: date) -> Iterator[Check]:
    """Ask what the document is; `documents` are what was read of it, the best first."""
    yield _found(evidence, documents)
    yield _type_accepted(evidence, policy)
    if evidence.type in ONE_SIDED and evidence.back is not None:
        yield Check("back_expected", "document", "warning", "back", reason="back_not_expected")
    yield from _declared_type(evidence)
    best = documents[0] if documents else None
    yield _country_accepted(best, policy)
    yield from _specimen(evidence, documents)
    if best is not None and (best.source == "barcode" or _is_trusted(evidence, best.side)):
        yield from _dates(best, policy, today)
    elif policy.minimum_age is not None:
        yield Check("minimum_age", "document", "not_performed", threshold=policy.minimum_age, reason="age_unknown")


def _found(evidence: Evidence, documents: list[Document]) -> Check:
    has_portrait = isinstance(evidence.faces, Faces)
    signs = {"portrait": has_portrait, "read": [document.source for document in documents]}
    if has_portrait or documents:
        return Check("document_found", "document", "passed", "front", evidence=signs)
    failed = isinstance(evidence.faces, EngineFailure) and evidence.faces.code == "no_portrait"
    # Where an engine could not look, its own failure is what speaks against approval.
    return Check(
        "document_found",
        "document",
        "failed" if failed else "not_performed",
        "front",
        evidence=signs,
        reason="document_not_found" if failed else _failure_of(evidence),
    )


def _failure_of(evidence: Evidence) -> str | None:
    return evidence.faces.code if isinstance(evidence.faces, EngineFailure) else None


def _is_trusted(evidence: Evidence, side: Side) -> bool:
    return any(mrz.valid for place, mrz in evidence.sides if place == side)


def _type_accepted(evidence: Evidence, policy: Policy) -> Check:
    if policy.accepted_types is None:
        return Check("type_accepted", "document", "not_performed")
    accepted = evidence.type in policy.accepted_types
    return Check(
        "type_accepted",
        "document",
        "passed" if accepted else "failed",
        evidence={"accepted": list(policy.accepted_types)},
        reason=None if accepted else "type_not_accepted",
    )


def _declared_type(evidence: Evidence) -> Iterator[Check]:
    if not evidence.readings:
        return
    best, side = best_reading(evidence)
    code = str(best.reading.get("type") or "")
    agrees = code[:1] in EXPECTED_LETTERS[evidence.type]
    yield Check(
        "document_type",
        "document",
        "passed" if agrees else "failed",
        side,
        evidence={"declared": evidence.type, "document_code": code},
        reason=None if agrees else "type_mismatch",
    )


def best_reading(evidence: Evidence) -> tuple[Mrz, Side]:
    """Choose the MRZ to go by: a valid one, and of those alike the front's. There must be one."""
    read = [(mrz, side) for side, mrz in evidence.sides if mrz.found]
    return max(read, key=lambda one: one[0].valid)


def _country_accepted(document: Document | None, policy: Policy) -> Check:
    if policy.accepted_countries is None and not policy.refused_countries:
        return Check("country_accepted", "document", "not_performed")
    if document is None or document.country is None:
        return Check("country_accepted", "document", "not_performed", reason="country_unknown")
    country = document.country
    listed = policy.accepted_countries is None or _is_listed(country, policy.accepted_countries)
    accepted = listed and not _is_listed(country, policy.refused_countries)
    return Check(
        "country_accepted",
        "document",
        "passed" if accepted else "failed",
        document.side,
        evidence={"country": country, "source": document.source},
        reason=None if accepted else "country_not_accepted",
    )


def _is_listed(country: str, codes: Iterable[str]) -> bool:
    return any(countries.names(code, country) for code in codes)


def _specimen(evidence: Evidence, documents: list[Document]) -> Iterator[Check]:
    """Ask whether a specimen was sent, where verifications are of real people."""
    if evidence.mode in NOT_ASKED:
        return
    found = list(specimens.signs(evidence, documents))
    yield Check(
        "specimen",
        "document",
        "failed" if found else "passed",
        evidence={"signs": found, "pictures": list(evidence.specimen_pictures)},
        reason="specimen_document" if found else None,
    )


def _dates(document: Document, policy: Policy, today: date) -> Iterator[Check]:
    yield _expiry(document, policy, today)
    yield _possible(document, today)
    if policy.minimum_age is not None:
        yield _age(document, policy.minimum_age, today)


def _expiry(document: Document, policy: Policy, today: date) -> Check:
    if document.valid_until is None:
        return Check("document_expiry", "document", "not_performed", document.side, reason="expiry_unknown")
    days = (document.valid_until - today).days
    if days < 0:
        reason, threshold = "document_expired", 0
    elif days < policy.expires_soon_days:
        reason, threshold = "expires_soon", policy.expires_soon_days
    else:
        reason, threshold = None, 0
    result = {"document_expired": "failed", "expires_soon": "warning", None: "passed"}[reason]
    facts = {"source": document.source, "unit": "days left"}
    return Check("document_expiry", "document", result, document.side, days, threshold, evidence=facts, reason=reason)  # type: ignore[arg-type]  # literals


def _possible(document: Document, today: date) -> Check:
    if document.born_between is None:
        return Check("dates_possible", "document", "not_performed", document.side)
    earliest, latest = document.born_between
    expires = document.valid_until
    possible = earliest <= today and age_on(latest, today) <= MAX_AGE and (expires is None or earliest < expires)
    return Check(
        "dates_possible",
        "document",
        "passed" if possible else "failed",
        document.side,
        evidence={"source": document.source},
        reason=None if possible else "dates_impossible",
    )


def _age(document: Document, minimum: int, today: date) -> Check:
    """Hold the age against the minimum: of a birth date of which parts are unknown, where both ends say the same."""
    if document.born_between is None:
        return Check("minimum_age", "document", "not_performed", document.side, threshold=minimum, reason="age_unknown")
    oldest, youngest = (age_on(born, today) for born in document.born_between)
    if youngest < minimum <= oldest:
        return Check("minimum_age", "document", "not_performed", document.side, youngest, minimum, reason="age_unknown")
    return Check(
        "minimum_age",
        "document",
        "passed" if youngest >= minimum else "failed",
        document.side,
        score=youngest,
        threshold=minimum,
        evidence={"source": document.source, "unit": "years"},
        reason=None if youngest >= minimum else "under_age",
    )
