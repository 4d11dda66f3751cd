"""What holds for every licence and for any bytes."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cari_barcode import NotAamva, compose, parse
from cari_barcode.issuers import JURISDICTIONS
from tests.unit.barcode.holder import payload

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÉÇÑÖ'-"
WORDS = st.text(LETTERS, min_size=1, max_size=12).filter(lambda word: word not in ("NONE", "UNAVL"))
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
HOLDERS = st.fixed_dictionaries(
    {
        "number": st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=25),
        "surname": NAMES,
        "names": NAMES,
        "date_of_birth": DAYS,
        "issue_date": DAYS,
        "expiration_date": DAYS,
        "sex": st.sampled_from("MFX"),
        "city": WORDS,
        "address": NAMES,
    },
    optional={"suffix": st.sampled_from(["JR", "SR", "III"]), "ZZA": WORDS},
)
VERSIONS = st.integers(0, 10)


@given(HOLDERS, VERSIONS, st.sampled_from(sorted(JURISDICTIONS)), st.sampled_from(["DL", "ID"]))
def test_what_was_composed_is_read_back(
    holder: dict[str, Any], version: int, jurisdiction: str, subfile_type: str
) -> None:
    licence = parse(compose(holder, version=version, jurisdiction=jurisdiction, subfile_type=subfile_type))

    own = holder.pop("ZZA", None)
    assert {name: getattr(licence, name) for name in holder} == holder
    assert licence.elements.get("ZZA") == own
    assert (licence.version, licence.jurisdiction, licence.country) == (
        version,
        jurisdiction,
        JURISDICTIONS[jurisdiction],
    )
    assert (licence.missing, licence.findings) == ((), ())


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_with_not_aamva_only(anything: bytes) -> None:
    _read(anything)


@given(st.binary(max_size=300), VERSIONS)
def test_any_bytes_after_a_header_are_read_or_refused(anything: bytes, version: int) -> None:
    _read(f"@\n\x1e\rANSI 636014{version:02}0002DL00410100ZC01410010DL".encode() + anything)


PARTS = [
    "DL",
    "ID",
    "ZC",
    "ZCA",
    "DAQ",
    "DBB",
    "DCS",
    "DAC",
    "DAA",
    "DAG",
    "\n",
    "\r",
    "1",
    "N",
    "19900115",
    "T",
    " ",
    ",",
]


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join), VERSIONS)
def test_any_order_of_a_payloads_own_parts_is_read_or_refused(body: str, version: int) -> None:
    _read(f"@\n\x1e\rANSI 636014{version:02}0002DL00410100ZC01410010{body}".encode())


@given(st.integers(0, 10), st.data())
def test_a_payload_with_bytes_changed_is_read_or_refused(version: int, data: st.DataObject) -> None:
    changed = bytearray(payload(version))
    for _ in range(data.draw(st.integers(1, 20))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))

    _read(bytes(changed))


@given(VERSIONS, st.data())
def test_a_payload_cut_anywhere_invents_nothing(version: int, data: st.DataObject) -> None:
    whole = payload(version)
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    try:
        licence = parse(cut)
    except NotAamva:
        return
    assert licence.number in (None, *("D1234562"[:length] for length in range(1, 9)))
    assert licence.date_of_birth in (None, date(1990, 1, 15))


def _read(anything: bytes) -> None:
    try:
        licence = parse(anything)
    except NotAamva:
        return
    assert licence.elements
