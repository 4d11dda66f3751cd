from __future__ import annotations

from tests.benchmarks.mrz.readers import Reading
from tests.benchmarks.mrz.scoring import judge, score

LINE1 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
LINE2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
PRINTED = (LINE1, LINE2)


def reading(*lines: str, valid: bool = False) -> Reading:
    return Reading(lines or None, valid=valid, cpu_s=0.1, wall_s=0.1)


def test_every_character_counts_for_exact_but_names_do_not_for_key_fields() -> None:
    outcome = judge(reading(LINE1.replace("ANNA", "ANNB"), LINE2), PRINTED)

    assert not outcome.exact
    assert outcome.key_fields


def test_a_wrong_digit_of_the_birth_date_spoils_the_key_fields() -> None:
    assert not judge(reading(LINE1, LINE2.replace("740812", "740813")), PRINTED).key_fields


def test_what_was_called_valid_and_differs_from_the_print_is_valid_but_wrong() -> None:
    assert judge(reading(LINE1.replace("ANNA", "ANNB"), LINE2, valid=True), PRINTED).valid_but_wrong
    assert not judge(reading(LINE1, LINE2, valid=True), PRINTED).valid_but_wrong


def test_an_mrz_called_valid_where_there_is_none_is_valid_but_wrong() -> None:
    assert judge(reading(LINE1, LINE2, valid=True), None).valid_but_wrong


def test_the_rest_of_a_long_number_belongs_to_the_key_fields() -> None:
    printed = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
    misread = (printed[0].replace("7349", "7344"), *printed[1:])

    assert judge(reading(*printed), printed).key_fields
    assert not judge(reading(*misread), printed).key_fields


def test_shares_are_of_pictures_with_an_mrz_and_blank_ones_are_counted_apart() -> None:
    outcomes = [judge(reading(*PRINTED), PRINTED), judge(reading(), PRINTED), judge(reading(), None)]

    counted = score(outcomes)

    assert (counted.pictures, counted.exact) == (2, 0.5)
    assert (counted.without_mrz, counted.not_found) == (1, 1)
