"""Parse a barcode's payload to a licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_barcode.elements import DATES, TRUNCATIONS, mandatory
from cari_barcode.header import read_header
from cari_barcode.issuers import JURISDICTIONS, issuer_of
from cari_barcode.licence import Finding, Licence, NotAamva
from cari_barcode.licence_dates import date_of, is_not_given
from cari_barcode.licence_names import name_of
from cari_barcode.payload_text import text_of
from cari_barcode.subfiles import STANDARD_SUBFILES, read_subfiles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from cari_barcode.licence import Country, Header, Sex, Subfile

_SEXES: dict[str, Sex] = {"1": "M", "2": "F", "9": "X", "0": "X", "M": "M", "F": "F", "X": "X", "U": "X"}
_COUNTRIES: dict[str, Country] = {"USA": "USA", "CAN": "CAN", "US": "USA", "CA": "CAN"}


def parse(payload: bytes) -> Licence:
    """Read a payload of any version of the standard, with the faults that issuers and scanners are known for.

    What is wrong becomes a finding. Raises NotAamva for what has no AAMVA header or no element, and nothing else.
    """
    header, body, header_findings = read_header(text_of(payload))
    subfiles, findings = read_subfiles(body, header)
    elements = _standard_elements(subfiles)
    if not elements:
        raise NotAamva("a header without an element")
    dates, date_findings = _dates(elements)
    sex, sex_findings = _sex(elements)
    country, jurisdiction, issuer_findings = _issuer(header, elements)
    name, name_findings = name_of(elements)
    return Licence(
        header=header,
        subfiles=subfiles,
        country=country,
        jurisdiction=jurisdiction,
        number=elements.get("DAQ") or None,
        surname=name.surname,
        names=name.names,
        suffix=name.suffix,
        date_of_birth=dates.get("DBB"),
        issue_date=dates.get("DBD"),
        expiration_date=dates.get("DBA"),
        sex=sex,
        address=", ".join(elements[id_] for id_ in ("DAG", "DAH") if elements.get(id_)) or None,
        city=elements.get("DAI") or None,
        region=elements.get("DAJ") or None,
        postal_code=elements.get("DAK") or None,
        height=elements.get("DAU") or None,
        discriminator=elements.get("DCF") or None,
        truncated=frozenset(field for id_, field in TRUNCATIONS.items() if elements.get(id_) == "T"),
        missing=_missing(header, subfiles, elements),
        findings=(
            *header_findings,
            *findings,
            *date_findings,
            *sex_findings,
            *issuer_findings,
            *name_findings,
        ),
    )


def _standard_elements(subfiles: tuple[Subfile, ...]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for subfile in subfiles:
        if subfile.type in STANDARD_SUBFILES:
            merged = {**subfile.elements, **merged}
    return merged


def _dates(elements: Mapping[str, str]) -> tuple[dict[str, date], list[Finding]]:
    dates, findings = {}, []
    for id_ in sorted(DATES & elements.keys()):
        if day := date_of(elements[id_]):
            dates[id_] = day
        else:
            findings.append(Finding("date_not_given" if is_not_given(elements[id_]) else "impossible_date", id_))
    return dates, findings


def _sex(elements: Mapping[str, str]) -> tuple[Sex | None, list[Finding]]:
    text = elements.get("DBC", "").upper()
    return _SEXES.get(text), [Finding("unknown_sex", "DBC")] if text and text not in _SEXES else []


def _issuer(header: Header, elements: Mapping[str, str]) -> tuple[Country | None, str | None, list[Finding]]:
    """Name the country and the jurisdiction: by the issuer's number, otherwise by what the elements say."""
    country_element = _COUNTRIES.get(elements.get("DCG", "").upper())
    if issuer := issuer_of(header.iin):
        findings = [Finding("country_differs", "DCG")] if country_element not in (None, issuer.country) else []
        return issuer.country, issuer.jurisdiction, findings
    region = elements.get("DAJ", "").upper()
    jurisdiction = region if region in JURISDICTIONS and country_element in (None, JURISDICTIONS[region]) else None
    country = country_element or (_COUNTRIES[JURISDICTIONS[jurisdiction]] if jurisdiction else None)
    return country, jurisdiction, [Finding("unknown_issuer")]


def _missing(header: Header, subfiles: tuple[Subfile, ...], elements: Mapping[str, str]) -> tuple[str, ...]:
    kinds = {subfile.type for subfile in subfiles}
    kind = "ID" if "ID" in kinds and not kinds & {"DL", "EN"} else "DL"
    demanded = mandatory(header.version, kind)
    return tuple(name for name, ids in demanded.items() if not any(id_ in elements for id_ in ids))
