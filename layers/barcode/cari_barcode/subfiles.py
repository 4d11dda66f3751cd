"""Read a file's body: its subfiles and their elements, also where separators were lost."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from cari_barcode.elements import ELEMENT_ID, FIELD_NAMES, FREE_TEXT, NEVER_OMITTED, VALUE_PATTERNS, mandatory
from cari_barcode.licence import Finding, Subfile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cari_barcode.licence import Header

STANDARD_SUBFILES = ("DL", "ID", "EN")
_SEPARATORS = re.compile(r"[\x00-\x1f\x7f]+")
_ID_LENGTH = 3


def read_subfiles(body: str, header: Header) -> tuple[tuple[Subfile, ...], list[Finding]]:
    """Read every element. Of an id that comes twice in a subfile the first counts."""
    separated = [record for record in _SEPARATORS.split(body) if record.strip()]
    records = _parted(separated, header)
    findings = [Finding("separators_lost")] if len(records) > len(separated) else []
    subfiles: dict[str, dict[str, str]] = {}
    last: dict[str, str] = {}
    kind, last_id = "", ""
    for record in records:
        kind, rest = _after_subfile_type(record, kind, header, subfiles)
        if not rest:
            continue
        id_, value = rest[:_ID_LENGTH], rest[_ID_LENGTH:].strip()
        if _is_element(id_, kind, header):
            kind = _home_of(id_, kind)
            last_id, last = id_, subfiles.setdefault(kind, {})
            if last.setdefault(id_, value) != value:
                findings.append(Finding("duplicate_element", id_))
        else:
            findings.append(Finding("stray_text", last_id or None))
            if last_id in FREE_TEXT:  # a line break inside a name or an address
                last[last_id] = f"{last[last_id]} {rest.strip()}".strip()
    return tuple(Subfile(type_, elements) for type_, elements in subfiles.items()), findings


def _parted(separated: list[str], header: Header) -> list[str]:
    """Part records that run on, for want of a separator, into the next element."""
    begun = {record[:2] for record in separated}
    own = [type_ for type_ in header.designated if type_[0] == "Z" and type_ not in begun]
    records = [part for record in separated for part in _at_own_subfiles(record, own)]
    records = [part for record in records for part in _at_value_ends(record)]
    demanded = mandatory(header.version, "ID" if "ID" in header.designated else "DL")
    lost_ids = _lost_ids(records, demanded)
    is_run_on = len(records) < len(demanded) / 2
    records = [part for record in records for part in _at_ids(record, lost_ids, is_run_on=is_run_on)]
    return [part for record in records for part in _at_value_ends(record)]


def _at_own_subfiles(record: str, own: list[str]) -> list[str]:
    """Part where a jurisdiction's own subfile begins, as `ZV` does in `DDD1ZVZVA01`."""
    starts = [found.start() for found in re.finditer(rf"({'|'.join(own)})(?=\1[A-Z])", record)] if own else []
    return _cut(record, starts)


def _at_value_ends(record: str) -> Iterator[str]:
    """Part after a value that is as long as it can be, where a known id follows."""
    while True:
        start = len(_type_before_id(record))
        id_ = record[start : start + _ID_LENGTH]
        value = VALUE_PATTERNS[id_].match(record, start + _ID_LENGTH) if id_ in VALUE_PATTERNS else None
        if value is None or record[value.end() : value.end() + _ID_LENGTH] not in FIELD_NAMES:
            yield record
            return
        yield record[: value.end()]
        record = record[value.end() :]


def _lost_ids(records: list[str], demanded: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Name the ids that must be somewhere, begin no record, and stand at one place only."""
    starts = {_id_of(record) for record in records}
    lost = {id_ for ids in demanded.values() if not starts & {*ids} for id_ in ids}
    everything = "\n".join(records)
    return frozenset(id_ for id_ in lost if everything.count(id_) == 1)


def _at_ids(record: str, lost_ids: frozenset[str], *, is_run_on: bool) -> list[str]:
    """Part a record at ids that are lost. HADDAD and MADDEN hold ids that issuers do leave out: names keep those."""
    if not is_run_on and _id_of(record) in FREE_TEXT:
        lost_ids &= NEVER_OMITTED
    return _cut(record, sorted(record.index(id_) for id_ in lost_ids if id_ in record))


def _cut(record: str, places: list[int]) -> list[str]:
    bounds = [0, *(place for place in places if place), len(record)]
    return [record[start:end] for start, end in pairwise(bounds)]


def _id_of(record: str) -> str:
    return record[len(_type_before_id(record)) :][:_ID_LENGTH]


def _type_before_id(record: str) -> str:
    """Give the subfile's type that a record begins with: `DL` of `DLDAQ…`."""
    return record[:2] if record[:2] in STANDARD_SUBFILES and ELEMENT_ID.match(record, 2) else ""


def _after_subfile_type(record: str, kind: str, header: Header, subfiles: dict[str, dict[str, str]]) -> tuple[str, str]:
    """Take the type of a subfile that begins here off its first record."""
    type_ = record[:2]
    if type_ in STANDARD_SUBFILES and (_type_before_id(record) or record.strip() == type_):
        return type_, record[2:].lstrip()
    if type_ in header.designated and type_ not in subfiles and (record[2:4] == type_ or record.strip() == type_):
        return type_, record[2:].lstrip()
    return kind, record.lstrip()


def _is_element(id_: str, kind: str, header: Header) -> bool:
    if not ELEMENT_ID.fullmatch(id_):
        return False
    return id_[0] != "Z" or id_[:2] == kind or id_[:2] in header.designated


def _home_of(id_: str, kind: str) -> str:
    """Name the subfile that an element belongs to: where it stands, unless another's separator was lost."""
    if id_[0] == "Z":
        return id_[:2]
    return kind if kind in STANDARD_SUBFILES else "DL"
