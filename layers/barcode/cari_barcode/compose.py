"""Write fields as a correct payload of any version of the standard, for specimens and tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cari_barcode.elements import ELEMENT_ID, VERSION_2003, VERSION_2009, mandatory
from cari_barcode.issuers import JURISDICTIONS, iin_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NEWEST_VERSION = 10
_FIELDS = {
    "number": "DAQ",
    "surname": "DCS",
    "suffix": "DCU",
    "date_of_birth": "DBB",
    "issue_date": "DBD",
    "expiration_date": "DBA",
    "sex": "DBC",
    "address": "DAG",
    "city": "DAI",
    "region": "DAJ",
    "postal_code": "DAK",
    "height": "DAU",
    "discriminator": "DCF",
}
_SEXES = {"M": "1", "F": "2", "X": "9"}
_POSTAL_CODE_LENGTH = 11
_TYPE_LENGTH = 2
_DESIGNATOR_LENGTH = 10
_START = "@\n\x1e\r"


def compose(
    fields: Mapping[str, str | date],
    *,
    version: int = NEWEST_VERSION,
    jurisdiction: str = "CA",
    subfile_type: str = "DL",
    jurisdiction_version: int = 1,
) -> bytes:
    """Write a payload. `fields` are named as a Licence's, or by element id; `Zxx` ids make a subfile of their own.

    Mandatory elements that no field gives are written as NONE. Raises ValueError for a field or a jurisdiction that
    there is not, and for a text that the standard's Latin-1, or its separators, cannot carry.
    """
    elements = _elements(fields, version, jurisdiction)
    for ids in mandatory(version, subfile_type).values():
        if not elements.keys() & {*ids}:
            elements[ids[0]] = "N" if ids[0].startswith("DD") else "NONE"
    bodies = {subfile_type: {id_: value for id_, value in elements.items() if id_[0] != "Z"}}
    for id_, value in elements.items():
        if id_[0] == "Z":
            bodies.setdefault(id_[:_TYPE_LENGTH], {})[id_] = value
    counts = f"{len(bodies):02}" if version < VERSION_2003 else f"{jurisdiction_version:02}{len(bodies):02}"
    header = f"{_START}ANSI {iin_of(jurisdiction)}{version:02}{counts}"
    offset = len(header) + _DESIGNATOR_LENGTH * len(bodies)
    designators, written = "", ""
    for type_, values in bodies.items():
        body = type_ + "\n".join(f"{id_}{value}" for id_, value in values.items()) + "\r"
        designators += f"{type_}{offset:04}{len(body):04}"
        offset += len(body)
        written += body
    return (header + designators + written).encode("latin-1")


def _elements(fields: Mapping[str, str | date], version: int, jurisdiction: str) -> dict[str, str]:
    is_american = iin_of(jurisdiction) and JURISDICTIONS[jurisdiction] == "USA"
    day = "%m%d%Y" if is_american and version >= VERSION_2003 else "%Y%m%d"
    elements = {"DAJ": jurisdiction, **({"DCG": JURISDICTIONS[jurisdiction]} if version >= VERSION_2003 else {})}
    texts = {name: value.strftime(day) if isinstance(value, date) else value for name, value in fields.items()}
    for name, text in texts.items():
        if name in _FIELDS or ELEMENT_ID.fullmatch(name):
            elements[_FIELDS.get(name, name)] = text
        elif name != "names":
            raise ValueError(f"no field is called {name!r}")
    elements |= _name(texts, version)
    if version < VERSION_2003:
        elements.pop("DCS", None)
        elements.pop("DCU", None)
    if "sex" in texts:
        elements["DBC"] = _SEXES.get(texts["sex"], texts["sex"])
    if "postal_code" in texts:
        elements["DAK"] = texts["postal_code"].ljust(_POSTAL_CODE_LENGTH)
    for id_, text in elements.items():
        if any(not character.isprintable() for character in text):
            raise ValueError(f"{id_} holds a character that would split it")
    return elements


def _name(texts: Mapping[str, str], version: int) -> dict[str, str]:
    """Write the given names as the version has them: after the surname, in one element, or the first in its own."""
    if "surname" not in texts and "names" not in texts:
        return {}
    words = texts.get("names", "").split()
    if version < VERSION_2003:
        parts = [texts.get("surname", ""), *words[:1], " ".join(words[1:]), texts.get("suffix", "")]
        return {"DAA": ",".join(parts).rstrip(",") + ("" if words else ",")}
    if version < VERSION_2009:
        return {"DCT": ",".join(words)}
    return {"DAC": " ".join(words[:1]) or "NONE", "DAD": " ".join(words[1:]) or "NONE"}
