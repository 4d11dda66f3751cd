"""Driving licences: what some States print that ICAO 9303 does not describe."""

from __future__ import annotations

import pytest

from cari_mrz import Fault, NumberCheck, parse

FRENCH = ["D1FRA13AA000026181231MARTIN<<9"]
SWISS = ["AAA001D<<", "FACHE305142128097<<800126<<<<<", "MARCHAND<<FABIENNE<<<<<<<<<<<<"]


def test_a_french_licence_is_one_line_of_thirty() -> None:
    mrz = parse(FRENCH)

    assert (mrz.format, mrz.valid, mrz.has_checks) == ("FRENCH_DRIVING_LICENCE", True, True)
    assert (mrz.type, mrz.country, mrz.number, mrz.surname) == ("D1", "FRA", "13AA00002", "MARTIN")
    assert (mrz.expiration_date, mrz.names_truncated) == ("181231", False)
    assert (mrz.date_of_birth, mrz.sex, mrz.nationality, mrz.names) == (None, None, None, None)


def test_a_surname_that_fills_its_eight_places_may_have_been_cut() -> None:
    mrz = parse(["D1FRA13AA000026181231MARTINEZ9"])

    assert (mrz.surname, mrz.names_truncated) == ("MARTINEZ", True)


@pytest.mark.parametrize("column", [*range(5, 20), 29])
def test_a_wrong_digit_of_a_french_licence_is_caught(column: int) -> None:
    line = FRENCH[0]
    wrong = "1" if line[column] != "1" else "2"

    assert not parse([line[:column] + wrong + line[column + 1 :]]).valid


@pytest.mark.parametrize("line", ["I<UTOD231458907<<<<<<<<<<<<<<<", "D1ESP13AA000026181231MARTIN<<9", "A" * 30])
def test_one_line_of_thirty_that_is_no_french_licence_raises_value_error(line: str) -> None:
    with pytest.raises(ValueError, match="an MRZ has"):
        parse([line])


def test_a_swiss_licence_is_a_short_line_and_two_of_thirty() -> None:
    mrz = parse(SWISS)

    assert (mrz.format, mrz.valid) == ("SWISS_DRIVING_LICENCE", True)
    assert (mrz.number, mrz.language, mrz.type, mrz.country) == ("AAA001D", "D", "FA", "CHE")
    assert (mrz.personal_number, mrz.version, mrz.date_of_birth) == ("305142128", "097", "800126")
    assert (mrz.surname, mrz.names) == ("MARCHAND", "FABIENNE")
    assert (mrz.expiration_date, mrz.sex, mrz.nationality) == (None, None, None)


def test_a_swiss_licence_has_no_check_digit_and_says_so() -> None:
    mrz = parse(SWISS)

    assert (mrz.has_checks, mrz.checks, mrz.number_check) == (False, (), NumberCheck.NONE)


def test_liechtenstein_prints_the_swiss_licence_too() -> None:
    assert parse([SWISS[0], SWISS[1].replace("CHE", "LIE"), SWISS[2]]).valid


@pytest.mark.parametrize(
    ("line", "column", "wrong", "faults"),
    [
        (0, 3, "A", {Fault.FORM}),
        (0, 6, "X", {Fault.FORM}),
        (0, 7, "A", {Fault.FORM}),
        (1, 0, "I", {Fault.DOCUMENT_CODE}),
        (1, 4, "F", {Fault.STATE}),
        (1, 5, "<", {Fault.FORM}),
        (1, 16, "O", {Fault.FORM}),
        (1, 17, "K", {Fault.FORM}),
        (1, 21, "9", {Fault.DATE_OF_BIRTH}),
        (1, 29, "0", {Fault.FORM}),
        (2, 0, "4", {Fault.FORM}),
    ],
)
def test_what_does_not_belong_into_a_swiss_licence_is_a_fault(
    line: int, column: int, wrong: str, faults: set[Fault]
) -> None:
    lines = list(SWISS)
    lines[line] = lines[line][:column] + wrong + lines[line][column + 1 :]

    assert set(parse(lines).faults) == faults
