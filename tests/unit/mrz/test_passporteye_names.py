from __future__ import annotations

from cari_mrz import named_as_passporteye, parse

TD1 = ["IDAUT10000999<6<<<<<<<<<<<<<<<", "7109094F1112315AUT<<<<<<<<<<<4", "MUSTERFRAU<<ISOLDE<<<<<<<<<<<<"]
VISA = ["VIUSATRAVELER<<HAPPYPERSON<<<<<<<<<<<<<<<<<<", "555123ABC6GBR6502056F04122361FLNDDDAM5803085"]
PASSPORT = ["P<POLKOWALSKA<KWIATKOWSKA<<JOANNA<<<<<<<<<<<", "AA00000000POL6002084F1412314<<<<<<<<<<<<<<<4"]


def test_a_card_reads_as_passporteye_documents_it() -> None:
    named = named_as_passporteye(parse(TD1))

    assert (named["mrz_type"], named["valid_score"]) == ("TD1", 100)
    assert (named["type"], named["country"], named["number"]) == ("ID", "AUT", "10000999<")
    assert (named["date_of_birth"], named["sex"], named["expiration_date"]) == ("710909", "F", "111231")
    assert (named["names"], named["surname"], named["nationality"]) == ("ISOLDE", "MUSTERFRAU", "AUT")
    assert (named["check_number"], named["check_composite"]) == ("6", "4")
    assert (named["optional1"], named["optional2"]) == ("<<<<<<<<<<<<<<<", "<<<<<<<<<<<")


def test_a_passport_keeps_its_fillers() -> None:
    named = named_as_passporteye(parse(PASSPORT))

    assert (named["type"], named["personal_number"]) == ("P<", "<<<<<<<<<<<<<<")
    assert (named["check_personal_number"], named["valid_personal_number"]) == ("<", True)


def test_a_visa_has_no_composite() -> None:
    named = named_as_passporteye(parse(VISA))

    assert (named["mrz_type"], named["valid_score"]) == ("MRVA", 100)
    assert (named["check_composite"], named["valid_composite"]) == (None, None)


def test_one_wrong_check_digit_of_four_costs_ten_points_of_forty_five() -> None:
    named = named_as_passporteye(parse([TD1[0], TD1[1][:-1] + "6", TD1[2]]))

    assert (named["valid_composite"], named["valid_score"]) == (False, 100 * 35 // 45)


def test_a_long_document_number_is_whole() -> None:
    lines = [
        "I<UTOD23145890<7349<<<<<<<<<<<",
        "3407127M9507122UTO<<<<<<<<<<<2",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    ]

    assert named_as_passporteye(parse(lines))["number"] == "D23145890734"


def test_a_licence_without_check_digits_scores_by_its_shape_alone() -> None:
    lines = ["AAA001D<<", "FACHE305142128097<<800126<<<<<", "MARCHAND<<FABIENNE<<<<<<<<<<<<"]
    of_no_state = [lines[0], lines[1].replace("CHE", "CHF"), lines[2]]

    named = named_as_passporteye(parse(lines))

    assert (named["mrz_type"], named["valid_score"]) == ("SWISS_DRIVING_LICENCE", 100)
    assert (named["personal_number"], named["valid_personal_number"], named["sex"]) == ("305142128", None, None)
    assert named_as_passporteye(parse(of_no_state))["valid_score"] == 100 * 5 // 15


def test_a_french_licence_has_two_check_digits() -> None:
    named = named_as_passporteye(parse(["D1FRA13AA000026181231MARTIN<<9"]))

    assert (named["valid_score"], named["valid_number"], named["valid_composite"]) == (100, True, True)
    assert (named["nationality"], named["names"], named["check_expiration_date"]) == (None, None, None)
