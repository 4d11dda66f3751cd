"""The standard's data elements: what each id is called here, how long it is, and which version demands it."""

from __future__ import annotations

import re
from typing import Final

FIELD_NAMES: Final = {
    "DAA": "full_name",
    "DAB": "surname",
    "DAC": "names",
    "DAD": "middle_names",
    "DAE": "suffix",
    "DAG": "address",
    "DAH": "address_2",
    "DAI": "city",
    "DAJ": "region",
    "DAK": "postal_code",
    "DAQ": "number",
    "DAR": "vehicle_class",
    "DAS": "restrictions",
    "DAT": "endorsements",
    "DAU": "height",
    "DAV": "height_cm",
    "DAW": "weight_lb",
    "DAX": "weight_kg",
    "DAY": "eye_colour",
    "DAZ": "hair_colour",
    "DBA": "expiration_date",
    "DBB": "date_of_birth",
    "DBC": "sex",
    "DBD": "issue_date",
    "DBJ": "customer_identifier",
    "DCA": "vehicle_class",
    "DCB": "restrictions",
    "DCD": "endorsements",
    "DCE": "weight_range",
    "DCF": "discriminator",
    "DCG": "country",
    "DCH": "federal_vehicle_codes",
    "DCI": "place_of_birth",
    "DCJ": "audit_information",
    "DCK": "inventory_number",
    "DCL": "ethnicity",
    "DCS": "surname",
    "DCT": "names",
    "DCU": "suffix",
    "DDA": "compliance_type",
    "DDB": "card_revision_date",
    "DDC": "hazmat_expiration_date",
    "DDD": "limited_duration",
    "DDE": "surname_truncation",
    "DDF": "names_truncation",
    "DDG": "middle_names_truncation",
    "DDH": "under_18_until",
    "DDI": "under_19_until",
    "DDJ": "under_21_until",
    "DDK": "organ_donor",
    "DDL": "veteran",
}
NAME_ELEMENTS: Final = ("DCS", "DAC", "DAD", "DCT", "DAA", "DAB")
FREE_TEXT: Final = frozenset({*NAME_ELEMENTS, "DAG", "DAH", "DAI", "DCI"})
TRUNCATIONS: Final = {"DDE": "surname", "DDF": "names", "DDG": "middle_names"}
DATES: Final = frozenset({"DBA", "DBB", "DBD", "DDB", "DDC", "DDH", "DDI", "DDJ"})
NEVER_OMITTED: Final = frozenset({"DCS", "DAC", "DCT", "DAQ", "DBA", "DBB", "DBC", "DBD", "DAG", "DAI", "DAJ", "DAK"})
VALUE_PATTERNS: Final = {  # ids whose value has one form in every version, so that more text is the next element's
    **dict.fromkeys(DATES, re.compile(r"[0-9]{8}")),
    **dict.fromkeys(("DBC", "DDA", "DDD", "DDE", "DDF", "DDG", "DDK", "DDL"), re.compile(r"[A-Z0-9]")),
    "DAJ": re.compile(r"[A-Z]{2}"),
    "DCG": re.compile(r"[A-Z]{3}"),
}
ELEMENT_ID: Final = re.compile(r"D[A-D][A-Z]|PA[A-Z]|Z[A-Z]{2}")

_ALTERNATIVES: Final = {"surname": ("DCS", "DAB", "DAA"), "names": ("DAC", "DCT", "DAA"), "middle_names": ("DAD",)}
_MANDATORY: Final = ("DAG", "DAI", "DAJ", "DAK", "DAQ", "DBA", "DBB", "DBC", "DBD")
_MANDATORY_OF_LICENCES_2000: Final = ("DAR", "DAS", "DAT")
_MANDATORY_OF_LICENCES: Final = ("DCA", "DCB", "DCD")
_MANDATORY_SINCE_2003: Final = ("DAU", "DAY", "DCF", "DCG")
_MANDATORY_SINCE_2009: Final = ("DDE", "DDF", "DDG")
VERSION_2003, VERSION_2009, VERSION_2010 = 2, 4, 5


def mandatory(version: int, subfile_type: str) -> dict[str, tuple[str, ...]]:
    """Name the fields that a version demands, each with the ids that may carry it.

    A version of the standard is the one before it and more, so a version of the future is held to the newest known.
    """
    ids = list(_MANDATORY)
    ids += _MANDATORY_SINCE_2003 if version >= VERSION_2003 else ()
    ids += _MANDATORY_SINCE_2009 if version >= VERSION_2009 else ()
    if subfile_type != "ID":
        ids += _MANDATORY_OF_LICENCES if version >= VERSION_2003 else _MANDATORY_OF_LICENCES_2000
        ids += ("DCH",) if VERSION_2003 <= version < VERSION_2010 else ()
    alternatives = [name for name in _ALTERNATIVES if name != "middle_names" or version >= VERSION_2009]
    return {**{name: _ALTERNATIVES[name] for name in alternatives}, **{FIELD_NAMES[id_]: (id_,) for id_ in ids}}
