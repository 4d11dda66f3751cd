"""What the parser makes of each field; ICAO's own examples are in test_icao_examples.py."""

from __future__ import annotations

from typing import Any

import pytest

from cari_mrz import Fault, MrzWarning, NumberCheck, check_digit, compose, parse, valid_score

TD1 = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
TD1_LONG = [
    "I<UTOD23145890<7349<<<<<<<<<<<",
    "3407127M9507122UTO<<<<<<<<<<<2",
    "STEVENSON<<PETER<JOHN<<<<<<<<<",
]
TD2 = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
TD3 = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]


def test_a_passport_gives_its_fields_without_fillers() -> None:
    mrz = parse(TD3)

    assert (mrz.type, mrz.country, mrz.number, mrz.nationality) == ("P", "UTO", "L898902C3", "UTO")
    assert (mrz.surname, mrz.names, mrz.names_truncated) == ("ERIKSSON", "ANNA MARIA", False)
    assert (mrz.date_of_birth, mrz.sex, mrz.expiration_date) == ("740812", "F", "120415")
    assert (mrz.personal_number, mrz.optional1, mrz.optional2) == ("ZE184226B", None, None)


@pytest.mark.parametrize("code", ["PP", "PD", "PO", "PE", "PR", "PT", "PS", "PL", "PM", "PN", "P<"])
def test_a_passport_may_have_any_second_letter(code: str) -> None:
    mrz = parse([code + TD3[0][2:], TD3[1]])

    assert (mrz.valid, mrz.type) == (True, code.rstrip("<"))


@pytest.mark.parametrize("code", ["I<", "ID", "IP", "AC", "C<", "A<", "I1"])
def test_a_card_begins_with_a_c_or_i(code: str) -> None:
    mrz = parse([code + TD2[0][2:], TD2[1]])

    assert (mrz.valid, mrz.type) == (True, code.rstrip("<"))


@pytest.mark.parametrize("code", ["IV", "P<", "X<", "1<", "<<", "<I"])
def test_a_card_of_another_code_is_unusual_but_valid(code: str) -> None:
    mrz = parse([code + TD2[0][2:], TD2[1]])

    assert (mrz.valid, mrz.faults, mrz.warnings) == (True, (), (MrzWarning.DOCUMENT_CODE_UNUSUAL,))


@pytest.mark.parametrize("code", ["AO", "AR", "D<", "IP", "SP"])
def test_a_passport_booklet_of_another_code_is_unusual_but_valid(code: str) -> None:
    mrz = parse([code + TD3[0][2:], TD3[1]])

    assert (mrz.valid, mrz.type, mrz.warnings) == (True, code.rstrip("<"), (MrzWarning.DOCUMENT_CODE_UNUSUAL,))
    assert valid_score(mrz) == 100


def test_a_long_number_goes_on_in_the_optional_data() -> None:
    mrz = parse(TD1_LONG)

    assert (mrz.number, mrz.number_check) == ("D23145890734", NumberCheck.LONG_FILLER_SKIPPED)
    assert mrz.optional1 == ""


def test_a_number_that_its_field_holds_has_its_check_digit_behind_it() -> None:
    mrz = parse(["I<UTOD23145890<7<<<<<<<<<<<<<<", *TD1[1:]])

    failed = [check.name for check in mrz.checks if not check.passed]
    assert (mrz.number, mrz.number_check, mrz.optional1) == ("D23145890", NumberCheck.SHORT, "7")
    assert "number" in failed


def test_a_long_number_may_count_the_filler_and_says_so() -> None:
    line1 = f"I<UTOD23145890<735{check_digit('D23145890<735')}<<<<<<<<<<<"
    composite = check_digit(line1[5:30] + "34071279507122<<<<<<<<<<<")

    mrz = parse([line1, f"3407127M9507122UTO<<<<<<<<<<<{composite}", TD1_LONG[2]])

    assert (mrz.valid, mrz.number_check) == (True, NumberCheck.LONG_FILLER_COUNTED)
    assert mrz.warnings == (MrzWarning.NUMBER_LONG, MrzWarning.NUMBER_CHECK_COUNTS_FILLER)


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


@pytest.mark.parametrize("dates", ["65<<<<", "6507<<", "<<<<<<", "<<0229", "65<<31"])
def test_unknown_parts_of_a_birth_date_are_allowed(dates: str) -> None:
    mrz = parse([TD2[0], _td2_line2(date_of_birth=dates)])

    assert mrz.valid


def test_a_birth_date_of_fillers_may_leave_its_check_digit_empty() -> None:
    line2 = _td2_line2(date_of_birth="<<<<<<")

    assert parse([TD2[0], line2[:19] + "<" + line2[20:]]).valid


@pytest.mark.parametrize(
    "date", ["741312", "740832", "750230", "74AB12", "7<0812", "650732", "651300", "990229", "<<0230"]
)
def test_a_date_that_no_calendar_has_is_a_fault(date: str) -> None:
    mrz = parse([TD2[0], _td2_line2(date_of_birth=date)])

    assert (mrz.checks_pass, mrz.valid, mrz.faults) == (True, False, (Fault.DATE_OF_BIRTH,))


@pytest.mark.parametrize("date", ["650700", "650007", "650000", "000000", "310400"])
def test_a_month_or_day_of_zeros_is_unusual_but_valid(date: str) -> None:
    mrz = parse([TD2[0], _td2_line2(date_of_birth=date)])

    assert (mrz.valid, mrz.date_of_birth, mrz.warnings) == (True, date, (MrzWarning.DATE_OF_BIRTH_ZEROS,))


def test_a_wrong_check_digit_is_a_result_not_an_error() -> None:
    mrz = parse([TD2[0], TD2[1][:-1] + "7"])

    failed = [(check.name, check.printed, check.computed) for check in mrz.checks if not check.passed]
    assert (mrz.valid, failed) == (False, [("composite", "7", "6")])


@pytest.mark.parametrize(
    ("line1", "line2", "fault"),
    [
        ("I<UTO" + "<" * 31, TD2[1], Fault.NAME),
        (TD2[0], "<<<<<<<<<0UTO7408122F1204159<<<<<<<8", Fault.NUMBER_MISSING),
    ],
)
def test_what_no_check_digit_sees_and_cannot_be_is_a_fault(line1: str, line2: str, fault: Fault) -> None:
    assert parse([line1, line2]).faults == (fault,)


@pytest.mark.parametrize(
    ("line1", "line2", "warning"),
    [
        (TD2[0], TD2[1][:20] + "1" + TD2[1][21:], MrzWarning.SEX_UNUSUAL),
        (TD2[0], TD2[1][:20] + "X" + TD2[1][21:], MrzWarning.SEX_X),
        ("I<U1O" + TD2[0][5:], TD2[1], MrzWarning.COUNTRY_UNKNOWN),
        ("I<XYZ" + TD2[0][5:], TD2[1], MrzWarning.COUNTRY_UNKNOWN),
        (TD2[0], TD2[1].replace("UTO", "<<<"), MrzWarning.NATIONALITY_UNKNOWN),
        (TD2[0].replace("ERIK", "ER1K"), TD2[1], MrzWarning.NAME_HAS_DIGITS),
    ],
)
def test_what_is_only_unusual_is_a_warning(line1: str, line2: str, warning: MrzWarning) -> None:
    mrz = parse([line1, line2])

    assert (mrz.valid, mrz.faults, mrz.warnings) == (True, (), (warning,))


def test_the_usual_has_no_warnings() -> None:
    assert [parse(lines).warnings for lines in (TD1, TD2, TD3)] == [(), (), ()]


def test_a_russian_internal_passport_has_digits_in_its_names_and_is_valid() -> None:
    fields = {
        "type": "PN",
        "country": "RUS",
        "nationality": "RUS",
        "name": "4IR6NKOV<<7RIQ<AL9BERTOVI3",
        "number": "460012345",
        "date_of_birth": "820312",
        "sex": "M",
        "personal_number": "7020315500026",
    }

    mrz = parse(compose("TD3", fields))

    assert (mrz.valid, mrz.type, mrz.surname, mrz.names) == (True, "PN", "4IR6NKOV", "7RIQ AL9BERTOVI3")
    assert mrz.warnings == (MrzWarning.NAME_HAS_DIGITS,)


def test_a_number_that_goes_on_in_the_optional_data_is_told_of() -> None:
    assert parse(TD1_LONG).warnings == (MrzWarning.NUMBER_LONG,)


def test_the_old_french_card_has_its_own_layout() -> None:
    line1 = "IDFRABERTHIER<<<<<<<<<<<<<<<<<923455"
    line2 = "8806923102858CORINNE<<<<<<<6512068F"

    mrz = parse([line1, line2 + check_digit(line1 + line2)])

    assert (mrz.format, mrz.valid, mrz.number) == ("IDFRA", True, "880692310285")
    assert (mrz.surname, mrz.names, mrz.nationality) == ("BERTHIER", "CORINNE", "FRA")
    assert (mrz.date_of_birth, mrz.expiration_date) == ("651206", None)
    assert (mrz.optional1, mrz.issue_date, mrz.department) == ("923455", "8806", "923")


@pytest.mark.parametrize(
    ("field", "surname", "names", "truncated"),
    [
        ("SMITH<<JOHN<ALBERT", "SMITH", "JOHN ALBERT", False),
        ("ERIKSSON", "ERIKSSON", "", False),
        ("SMITH<JONES<<ANNE<MARIE<LOU", "SMITH JONES", "ANNE MARIE LOU", False),
        ("SMITH<<<JOHN", "SMITH", "JOHN", False),
        ("SMITH<<JOHN<<JR", "SMITH", "JOHN JR", False),
        ("<<ANNA<MARIA", "", "ANNA MARIA", False),
        ("A" * 39, "A" * 39, "", True),
        ("A" * 36 + "<<B", "A" * 36, "B", True),
        ("A" * 37 + "<B", "A" * 37 + " B", "", True),
    ],
)
def test_a_double_filler_divides_a_name(field: str, surname: str, names: str, truncated: bool) -> None:
    mrz = parse([f"P<UTO{field:<<39}", TD3[1]])

    assert (mrz.valid, mrz.surname, mrz.names, mrz.names_truncated) == (True, surname, names, truncated)


@pytest.mark.parametrize("field", ["ER1KSSON<<ANNA", "ERIKSSON<<ANNA<2", "7"])
def test_a_name_with_digits_is_unusual_but_valid(field: str) -> None:
    mrz = parse([f"P<UTO{field:<<39}", TD3[1]])

    assert (mrz.valid, mrz.faults, mrz.warnings) == (True, (), (MrzWarning.NAME_HAS_DIGITS,))


@pytest.mark.parametrize(("printed", "country"), [("D<<", "D"), ("UNO", "UNO"), ("XOM", "XOM"), ("RKS", "RKS")])
def test_a_state_has_no_fillers(printed: str, country: str) -> None:
    mrz = parse([TD3[0].replace("UTO", printed), TD3[1].replace("UTO", printed)])

    assert (mrz.valid, mrz.country, mrz.nationality, mrz.unknown_states) == (True, country, country, ())


def test_a_state_that_icao_does_not_list_is_told_of_but_no_fault() -> None:
    mrz = parse([TD3[0].replace("UTO", "XYZ"), TD3[1]])

    assert (mrz.valid, mrz.unknown_states, mrz.warnings) == (True, ("XYZ",), (MrzWarning.COUNTRY_UNKNOWN,))


@pytest.mark.parametrize("printed", ["<<<", "U1O", "<UT", "U<O"])
def test_a_nationality_that_is_no_one_to_three_letters_is_unusual_but_valid(printed: str) -> None:
    mrz = parse([TD3[0], TD3[1].replace("UTO", printed)])

    assert (mrz.valid, mrz.warnings) == (True, (MrzWarning.NATIONALITY_UNKNOWN,))


@pytest.mark.parametrize("sex", "MFX<")
def test_sex_is_m_f_x_or_a_filler(sex: str) -> None:
    mrz = parse([TD2[0], TD2[1][:20] + sex + TD2[1][21:]])

    assert (mrz.valid, mrz.sex) == (True, sex)


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
        [TD3[0], TD3[1] + "\n"],
        [TD3[0].replace("<", " "), TD3[1]],
        [TD3[0][:-1] + "\0", TD3[1]],
        [TD3[0][:-1] + "\ud800", TD3[1]],
        [TD3[0][:-1] + "٣", TD3[1]],
        [TD3[0][:-1] + "🙂", TD3[1]],
        [TD1[0]],
        "\n".join(TD3),
        b"<" * 44,
        [line.encode() for line in TD3],
        [TD3],
        [*TD3, None],
        [1, 2],
        dict(enumerate(TD3)),
        iter(TD3),
        None,
        44,
    ],
)
def test_lines_of_no_mrz_raise_value_error(lines: Any) -> None:
    with pytest.raises(ValueError, match="an MRZ has"):
        parse(lines)


@pytest.mark.parametrize(
    "lines",
    [["<" * 50_000_000] * 2, ["\ud800" * 5_000_000], [TD3[0]] * 5_000_000, [TD3[0], *[None] * 5_000_000]],
    ids=["long lines", "one long line of no alphabet", "many lines", "many things that are no lines"],
)
def test_what_is_far_too_long_is_refused(lines: Any) -> None:
    with pytest.raises(ValueError, match="an MRZ has"):
        parse(lines)


def _td2_line2(date_of_birth: str) -> str:
    line = f"D231458907UTO{date_of_birth}{check_digit(date_of_birth)}F1204159<<<<<<<"
    return line + check_digit(line[:10] + line[13:20] + line[21:35])
