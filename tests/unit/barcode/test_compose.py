from __future__ import annotations

from typing import Any

import pytest

from cari_barcode import compose
from tests.unit.barcode.holder import FIELDS, payload


def test_every_subfile_is_where_and_as_long_as_its_designator_says() -> None:
    written = payload()

    for designator in (written[21:31], written[31:41]):
        offset, length = int(designator[2:6]), int(designator[6:])
        subfile = written[offset : offset + length]
        assert (subfile[:2], subfile[-1:]) == (designator[:2], b"\r")


def test_a_payload_begins_as_the_standard_has_it() -> None:
    assert payload().startswith(b"@\n\x1e\rANSI 636014100102DL")


def test_version_1_has_no_jurisdictions_version() -> None:
    assert payload(1).startswith(b"@\n\x1e\rANSI 6360140102DL")


@pytest.mark.parametrize(
    ("version", "jurisdiction", "written"),
    [(10, "TX", b"DBB01151990"), (10, "BC", b"DBB19900115"), (1, "TX", b"DBB19900115"), (2, "TX", b"DBB01151990")],
)
def test_dates_are_written_as_the_version_and_the_country_have_them(
    version: int, jurisdiction: str, written: bytes
) -> None:
    assert written in payload(version, jurisdiction)


@pytest.mark.parametrize(
    "wrong", [{"shoe_size": "42"}, {"surname": "SPECI\nMEN"}, {"surname": "Σ"}, {"jurisdiction": "XX"}]
)
def test_what_no_payload_can_carry_is_refused(wrong: dict[str, Any]) -> None:
    jurisdiction = wrong.pop("jurisdiction", "CA")

    with pytest.raises(ValueError, match=r"."):
        compose({**FIELDS, **wrong}, jurisdiction=jurisdiction)
