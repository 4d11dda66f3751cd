"""The parser against the worked examples of ICAO Doc 9303 (8th edition, parts 3 to 7 and 11)."""

from __future__ import annotations

import pytest

from cari_mrz import Fault, NumberCheck, check_digit, parse

TD1 = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
TD1_LONG = [
    "I<UTOD23145890<7349<<<<<<<<<<<",
    "3407127M9507122UTO<<<<<<<<<<<2",
    "STEVENSON<<PETER<JOHN<<<<<<<<<",
]
TD2 = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
TD3 = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
MRVA = ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"]
MRVB = ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"]


@pytest.mark.parametrize(
    ("covered", "digit"),
    [
        ("520727", "3"),
        ("AB2134<<<", "5"),
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8"),
        ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<<", "2"),
        ("HA672242<658022549601086<<<<<<<", "8"),
        ("D23145890734", "9"),
    ],
)
def test_check_digits_are_those_icao_works_out(covered: str, digit: str) -> None:
    assert check_digit(covered) == digit


@pytest.mark.parametrize(
    ("format_name", "lines"),
    [("TD1", TD1), ("TD1", TD1_LONG), ("TD2", TD2), ("TD3", TD3), ("MRVA", MRVA), ("MRVB", MRVB)],
)
def test_every_icao_specimen_is_valid(format_name: str, lines: list[str]) -> None:
    mrz = parse(lines)

    assert (mrz.format, mrz.valid) == (format_name, True)


def test_a_passport_gives_its_fields_without_fillers() -> None:
    mrz = parse(TD3)

    assert (mrz.type, mrz.country, mrz.number, mrz.nationality) == ("P", "UTO", "L898902C3", "UTO")
    assert (mrz.surname, mrz.names, mrz.names_truncated) == ("ERIKSSON", "ANNA MARIA", False)
    assert (mrz.date_of_birth, mrz.sex, mrz.expiration_date) == ("740812", "F", "120415")
    assert (mrz.personal_number, mrz.optional1, mrz.optional2) == ("ZE184226B", None, None)


@pytest.mark.parametrize("line1", ["PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", TD3[0]])
def test_a_passport_may_be_coded_either_way(line1: str) -> None:
    assert parse([line1, TD3[1]]).valid


def test_a_long_number_goes_on_in_the_optional_data() -> None:
    mrz = parse(TD1_LONG)

    assert (mrz.number, mrz.number_check) == ("D23145890734", NumberCheck.LONG_FILLER_SKIPPED)
    assert mrz.optional1 == ""


def test_a_long_number_may_count_the_filler_and_says_so() -> None:
    line1 = f"I<UTOD23145890<735{check_digit('D23145890<735')}<<<<<<<<<<<"
    composite = check_digit(line1[5:30] + "34071279507122<<<<<<<<<<<")

    mrz = parse([line1, f"3407127M9507122UTO<<<<<<<<<<<{composite}", TD1_LONG[2]])

    assert (mrz.valid, mrz.number_check) == (True, NumberCheck.LONG_FILLER_COUNTED)


def test_a_long_number_of_td2_leaves_the_rest_of_the_optional_data() -> None:
    line2_head = "D23145890<UTO7408122F12041597349<AB"
    composite = check_digit(line2_head[:10] + line2_head[13:20] + line2_head[21:35])

    mrz = parse([TD2[0], line2_head + composite])

    assert (mrz.valid, mrz.number, mrz.optional1) == (True, "D23145890734", "AB")


@pytest.mark.parametrize("empty", ["0", "<"])
def test_an_empty_personal_number_may_leave_its_check_digit_empty(empty: str) -> None:
    mrz = parse(["P<UTOSTEVENSON<<PETER<<<<<<<<<<<<<<<<<<<<<<<", f"HA672242<6UTO5802254M9601086{'<' * 14}{empty}8"])

    assert mrz.valid


def test_a_stated_personal_number_needs_its_check_digit() -> None:
    mrz = parse([TD3[0], TD3[1][:42] + "<0"])

    assert not next(check for check in mrz.checks if check.name == "personal_number").passed


@pytest.mark.parametrize("dates", ["65<<<<", "6507<<", "<<<<<<", "650700"])
def test_unknown_parts_of_a_birth_date_are_allowed(dates: str) -> None:
    mrz = parse([TD2[0], _td2_line2(date_of_birth=dates)])

    assert mrz.valid


def test_a_birth_date_of_fillers_may_leave_its_check_digit_empty() -> None:
    line2 = _td2_line2(date_of_birth="<<<<<<")

    assert parse([TD2[0], line2[:19] + "<" + line2[20:]]).valid


@pytest.mark.parametrize("date", ["741312", "740832", "750230", "74AB12", "7<0812"])
def test_a_date_that_no_calendar_has_is_a_fault(date: str) -> None:
    mrz = parse([TD2[0], _td2_line2(date_of_birth=date)])

    assert (mrz.checks_pass, mrz.valid, mrz.faults) == (True, False, (Fault.DATE_OF_BIRTH,))


def test_a_wrong_check_digit_is_a_result_not_an_error() -> None:
    mrz = parse([TD2[0], TD2[1][:-1] + "7"])

    failed = [(check.name, check.printed, check.computed) for check in mrz.checks if not check.passed]
    assert (mrz.valid, failed) == (False, [("composite", "7", "6")])


@pytest.mark.parametrize(
    ("line1", "line2", "fault"),
    [
        ("X" + TD2[0][1:], TD2[1], Fault.DOCUMENT_CODE),
        (TD2[0], TD2[1][:20] + "1" + TD2[1][21:], Fault.SEX),
        ("I<U1O" + TD2[0][5:], TD2[1], Fault.STATE),
        (TD2[0], "<<<<<<<<<0UTO7408122F1204159<<<<<<<8", Fault.NUMBER_MISSING),
    ],
)
def test_what_no_check_digit_sees_is_a_fault(line1: str, line2: str, fault: Fault) -> None:
    assert fault in parse([line1, line2]).faults


def test_the_old_french_card_has_its_own_layout() -> None:
    line1 = "IDFRABERTHIER<<<<<<<<<<<<<<<<<923455"
    line2 = "8806923102858CORINNE<<<<<<<6512068F"

    mrz = parse([line1, line2 + check_digit(line1 + line2)])

    assert (mrz.format, mrz.valid, mrz.number) == ("IDFRA", True, "880692310285")
    assert (mrz.surname, mrz.names, mrz.nationality) == ("BERTHIER", "CORINNE", "FRA")
    assert (mrz.date_of_birth, mrz.expiration_date) == ("651206", None)


@pytest.mark.parametrize(
    ("line1", "surname", "names", "truncated"),
    [
        ("PPUTOSMITH<JONES<<SUSIE<MARGARET<<<<<<<<<<<<", "SMITH JONES", "SUSIE MARGARET", False),
        ("PPUTOVAN<DER<MUELLEN<<MARTIN<<<<<<<<<<<<<<<<", "VAN DER MUELLEN", "MARTIN", False),
        ("PPUTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "ARKFREITH", "", False),
        ("PPUTOSATRIYA<SUDARPA<<<<<<<<<<<<<<<<<<<<<<<<", "SATRIYA SUDARPA", "", False),
        ("PPUTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K", "NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K", True),
        ("PPUTOBENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO", "BENNELONG WOOLOOM WARRAND WARNAM", "DINGO", True),
        ("PPUTOPAPANDROPOULOUS<<JONATHON<WARREN<TREVOR", "PAPANDROPOULOUS", "JONATHON WARREN TREVOR", True),
    ],
)
def test_names_split_and_tell_of_truncation_as_icao_shows(
    line1: str, surname: str, names: str, truncated: bool
) -> None:
    mrz = parse([line1, TD3[1]])

    assert (mrz.surname, mrz.names, mrz.names_truncated) == (surname, names, truncated)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["A"],
        [TD3[0]],
        [TD3[0], TD3[1][:-1]],
        [TD3[0], TD2[1]],
        [TD3[0].lower(), TD3[1]],
        [TD3[0].replace("U", "Ü"), TD3[1]],
        TD1[:2],
        [*TD1, TD1[2]],
    ],
)
def test_lines_of_no_mrz_raise_value_error(lines: list[str]) -> None:
    with pytest.raises(ValueError, match="an MRZ has"):
        parse(lines)


def _td2_line2(date_of_birth: str) -> str:
    line = f"D231458907UTO{date_of_birth}{check_digit(date_of_birth)}F1204159<<<<<<<"
    return line + check_digit(line[:10] + line[13:20] + line[21:35])
