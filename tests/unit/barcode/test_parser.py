"""What real scanners and real issuers make of the standard."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from cari_barcode import Finding, NotAamva, Reading, as_answer, parse
from tests.unit.barcode.holder import payload

if TYPE_CHECKING:
    from collections.abc import Callable

VERSIONS = range(11)
WRITTEN_BY_HAND = (  # by the printed rules, not by compose
    b"@\n\x1e\rANSI 636015080002DL00410110ZT01510012DLDCAC\nDCBNONE\nDCDNONE\nDBA03112030\nDCSSAMPLE\nDDEN\nDACMAX\n"
    b"DDFN\nDADNONE\nDDGN\nDBD03112022\nDBB03111985\nDBC1\nDAYBLU\nDAU071 in\rZTZTA071 in\r"
)


def test_a_payload_is_read_whole() -> None:
    licence = parse(payload())

    assert (licence.number, licence.surname, licence.names) == ("D1234562", "SPECIMEN", "ALEXANDRA NOVA")
    assert (licence.date_of_birth, licence.issue_date) == (date(1990, 1, 15), date(2024, 7, 15))
    assert (licence.expiration_date, licence.sex) == (date(2029, 7, 15), "F")
    assert (licence.country, licence.jurisdiction, licence.version) == ("USA", "CA", 10)
    assert (licence.city, licence.region, licence.postal_code) == ("ANYTOWN", "CA", "95818")
    assert (licence.missing, licence.findings) == ((), ())


def test_the_header_is_told() -> None:
    header = parse(payload(9)).header

    assert (header.file_type, header.iin, header.version, header.jurisdiction_version) == ("ANSI", "636014", 9, 1)
    assert (header.entries, header.designated, header.has_compliance_indicator) == (2, ("DL", "ZC"), True)


def test_a_jurisdictions_own_subfile_stands_beside_the_standards() -> None:
    licence = parse(payload())

    assert [subfile.type for subfile in licence.subfiles] == ["DL", "ZC"]
    assert (licence.subfiles[1].elements, licence.elements["ZCA"]) == ({"ZCA": "BRN"}, "BRN")


def test_a_payload_that_is_cut_short_names_what_is_missing() -> None:
    licence = parse(WRITTEN_BY_HAND)

    assert (licence.surname, licence.names, licence.jurisdiction) == ("SAMPLE", "MAX", "TX")
    assert {"number", "address", "country"} <= set(licence.missing)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("jurisdiction", ["CA", "ON"])
def test_dates_are_the_same_however_a_version_and_a_country_write_them(version: int, jurisdiction: str) -> None:
    licence = parse(payload(version, jurisdiction))

    assert (licence.date_of_birth, licence.expiration_date) == (date(1990, 1, 15), date(2029, 7, 15))


@pytest.mark.parametrize("text", ["01151990", "19900115", "01/15/1990", "1990-01-15"])
def test_whichever_order_makes_a_day_is_read(text: str) -> None:
    assert parse(payload(date_of_birth=text)).date_of_birth == date(1990, 1, 15)


@pytest.mark.parametrize("text", ["02302020", "13451990", "0115199", "00010101"])
def test_an_impossible_date_is_reported_and_kept_as_it_was(text: str) -> None:
    licence = parse(payload(expiration_date=text))

    assert (licence.expiration_date, licence.elements["DBA"]) == (None, text)
    assert licence.findings == (Finding("impossible_date", "DBA"),)


@pytest.mark.parametrize("text", ["NONE", "00000000", "99999999", ""])
def test_a_date_that_was_left_out_is_told_from_an_impossible_one(text: str) -> None:
    assert parse(payload(expiration_date=text)).findings == (Finding("date_not_given", "DBA"),)


@pytest.mark.parametrize(
    ("text", "sex"), [("1", "M"), ("2", "F"), ("9", "X"), ("M", "M"), ("f", "F"), ("X", "X"), ("0", "X"), ("", None)]
)
def test_sexes_are_letters_whatever_they_were(text: str, sex: str | None) -> None:
    licence = parse(payload(DBC=text, without="sex"))

    assert (licence.sex, licence.warnings) == (sex, ())


def test_an_unknown_sex_is_reported() -> None:
    assert parse(payload(DBC="7", without="sex")).findings == (Finding("unknown_sex", "DBC"),)


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("SPECIMEN,ALEXANDRA,NOVA,JR", ("SPECIMEN", "ALEXANDRA NOVA", "JR")),
        ("SPECIMEN$ALEXANDRA$NOVA", ("SPECIMEN", "ALEXANDRA NOVA", None)),
        ("VAN DER BERG, JEAN", ("VAN DER BERG", "JEAN", None)),
        ("SPECIMEN,", ("SPECIMEN", None, None)),
    ],
)
def test_an_old_full_name_is_parted_where_it_was(whole: str, parts: tuple[str | None, ...]) -> None:
    licence = parse(payload(1).replace(b"DAASPECIMEN,ALEXANDRA,NOVA", b"DAA" + whole.encode()))

    assert (licence.surname, licence.names, licence.suffix) == parts


def test_a_full_name_without_separators_is_not_guessed_at() -> None:
    licence = parse(payload(1).replace(b"DAASPECIMEN,ALEXANDRA,NOVA", b"DAAALEXANDRA NOVA SPECIMEN"))

    assert (licence.surname, licence.names) == (None, None)
    assert Finding("name_not_parted", "DAA") in licence.findings


def test_given_names_of_2003_are_parted_by_commas() -> None:
    assert parse(payload(2)).names == parse(payload(3)).names == "ALEXANDRA NOVA"


def test_someone_without_a_given_name_has_none() -> None:
    assert parse(payload(names="")).names is None


def test_cut_names_are_named() -> None:
    assert parse(payload(DDE="T", DDF="N", DDG="U")).truncated == {"surname"}


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8"])
def test_accents_survive_whatever_encoding_a_printer_used(encoding: str) -> None:
    licence = parse(payload(surname="NUÑEZ", names="ZOÉ").decode("latin-1").encode(encoding))

    assert (licence.surname, licence.names) == ("NUÑEZ", "ZOÉ")


def test_bytes_that_windows_leaves_free_are_kept() -> None:
    assert parse(payload().replace(b"SPECIMEN", b"SPEC\x81IMEN\xff")).surname == "SPEC\x81IMENÿ"


BENT: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "every separator lost": (lambda it: re.sub(rb"[\n\r\x1e]", b"", it), "separators_lost"),
    "one separator lost": (lambda it: it.replace(b"\nDBD", b"DBD"), "separators_lost"),
    "the end of a subfile lost": (lambda it: it.replace(b"\rZCZ", b"ZCZ"), "separators_lost"),
    "a separator lost after a number": (lambda it: it.replace(b"\nDCS", b"DCS"), "separators_lost"),
    "separators doubled": (lambda it: it.replace(b"\n", b"\r\n"), "offsets_wrong"),
    "no record separator": (lambda it: it.replace(b"\x1e", b""), "offsets_wrong"),
    "junk in front": (lambda it: b"\x02]L2" + it, "leading_text"),
    "no compliance indicator": (lambda it: it[1:], "no_compliance_indicator"),
    "wrong offsets": (lambda it: it.replace(b"DL0041", b"DL0099"), "offsets_wrong"),
    "too few entries": (lambda it: it.replace(b"100102DL", b"100101DL"), "header_wrong"),
    "no designators": (lambda it: re.sub(rb"DL\d{8}ZC\d{8}", b"", it), "header_wrong"),
    "a line break after the subfile's type": (lambda it: it.replace(b"DLDAJ", b"DL\nDAJ"), "offsets_wrong"),
    "the same element again": (lambda it: it.replace(b"\nDAQ", b"\nDAJNV\nDAQ"), "duplicate_element"),
}


@pytest.mark.parametrize("bent", BENT)
def test_a_bent_payload_reads_as_the_straight_one_and_says_so(bent: str) -> None:
    bend, warning = BENT[bent]

    licence = parse(bend(payload()))

    straight = parse(payload())
    assert (licence.number, licence.surname, licence.names) == (straight.number, straight.surname, straight.names)
    assert (licence.date_of_birth, licence.issue_date) == (straight.date_of_birth, straight.issue_date)
    assert (licence.sex, licence.region, licence.address) == (straight.sex, straight.region, straight.address)
    assert warning in licence.warnings


@pytest.mark.parametrize(("name", "left_out"), [("MADDEN", "DDE"), ("HADDAD", "DAD"), ("SOLEDAD", "DAD")])
def test_a_name_is_not_parted_at_an_id_that_its_issuer_leaves_out(name: str, left_out: str) -> None:
    licence = parse(re.sub(rb"\n" + left_out.encode() + rb"[^\n\r]*", b"", payload(surname=name)))

    assert (licence.surname, len(licence.missing)) == (name, 1)


def test_a_name_of_2000_is_not_parted_where_no_vehicle_class_is_given() -> None:
    licence = parse(payload(1, names="DARLENE").replace(b"\nDARNONE", b""))

    assert (licence.names, licence.missing) == ("DARLENE", ("vehicle_class",))


def test_trailing_spaces_are_no_part_of_a_value() -> None:
    assert parse(payload(number="D1234562   ", surname="SPECIMEN  ")).number == "D1234562"


def test_the_same_element_twice_with_one_value_is_no_finding() -> None:
    findings = parse(payload().replace(b"\nDAQ", b"\nDAJCA\nDAQ")).findings

    assert Finding("duplicate_element", "DAJ") not in findings


def test_a_line_break_inside_an_address_is_mended() -> None:
    licence = parse(payload().replace(b"2570 24TH STREET", b"2570\n24TH STREET"))

    assert (licence.address, "stray_text" in licence.warnings) == ("2570 24TH STREET", True)


@pytest.mark.parametrize(
    ("field", "version"),
    [("number", 1), ("date_of_birth", 1), ("vehicle_class", 1), ("discriminator", 2), ("middle_names", 4), ("sex", 10)],
)
def test_a_missing_mandatory_field_is_named(field: str, version: int) -> None:
    ids = {"number": "DAQ", "date_of_birth": "DBB", "vehicle_class": "DAR", "discriminator": "DCF", "sex": "DBC"}
    id_ = ids.get(field, "DAD").encode()

    licence = parse(re.sub(rb"(DL)?" + id_ + rb"[^\n\r]*([\n\r])", rb"\1\2", payload(version)))

    assert licence.missing == (field,)


def test_an_identification_card_needs_no_vehicle_class() -> None:
    card = re.sub(rb"\nDC[ABD]NONE", b"", payload()).replace(b"DL", b"ID")

    assert parse(card).missing == ()


def test_an_issuer_that_nobody_knows_is_told_by_its_elements() -> None:
    licence = parse(payload(jurisdiction="QC").replace(b"ANSI 604428", b"ANSI 999999"))

    assert (licence.country, licence.jurisdiction, licence.warnings) == ("CAN", "QC", ("unknown_issuer",))


def test_an_issuer_is_believed_over_the_country_that_is_written() -> None:
    licence = parse(payload(DCG="CAN"))

    assert (licence.country, licence.findings) == ("USA", (Finding("country_differs", "DCG"),))


def test_an_address_in_another_state_does_not_change_who_issued() -> None:
    assert parse(payload(region="NV")).jurisdiction == "CA"


def test_the_old_file_type_is_read() -> None:
    assert parse(payload(1).replace(b"ANSI ", b"AAMVA")).surname == "SPECIMEN"


@pytest.mark.parametrize(
    "other",
    [b"", b"https://example.org", b"%CAANYTOWN^SPECIMEN$ALEX^?", b"@\n\x1e\rANSI 63601", b"@\n\x1e\rANSI 636014100100"],
)
def test_what_is_no_aamva_is_refused(other: bytes) -> None:
    with pytest.raises(NotAamva):
        parse(other)


def test_an_answer_is_json_with_days_as_iso_has_them() -> None:
    answer = as_answer(Reading(licence=parse(payload())))

    assert json.loads(json.dumps(answer)) == answer
    assert (answer["standard"], answer["date_of_birth"], answer["missing"]) == ("AAMVA", "1990-01-15", [])
