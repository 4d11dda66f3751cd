from __future__ import annotations

from cari_mrz import Transcript, settle

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")


def transcript(lines: tuple[str, ...], *changes: tuple[int, int, str]) -> Transcript:
    rows = [list(line) for line in lines]
    for line, column, character in changes:
        rows[line][column] = character
    return Transcript(tuple("".join(row) for row in rows), method="test")


def test_two_readings_that_agree_are_valid() -> None:
    settled = settle([transcript(PASSPORT), transcript(PASSPORT)])

    assert settled is not None
    assert (settled.valid, settled.mrz.lines, settled.repairs) == (True, PASSPORT, ())


def test_one_reading_alone_leaves_the_names_in_doubt() -> None:
    settled = settle([transcript(PASSPORT)])

    assert settled is not None
    assert (settled.mrz.valid, settled.valid) == (True, False)
    assert (0, 5) in settled.doubtful


def test_a_name_read_in_two_ways_is_not_valid() -> None:
    settled = settle([transcript(PASSPORT), transcript(PASSPORT, (0, 5, "F"))])

    assert settled is not None
    assert (settled.valid, settled.doubtful) == (False, ((0, 5),))


def test_a_letter_where_only_a_digit_may_stand_is_repaired_and_reported() -> None:
    misread = transcript(PASSPORT, (1, 16, "B"), (1, 26, "S"))

    settled = settle([misread, misread])

    assert settled is not None
    assert (settled.valid, settled.mrz.lines) == (True, PASSPORT)
    assert [(repair.column, repair.read, repair.written) for repair in settled.repairs] == [
        (16, "B", "8"),
        (26, "S", "5"),
    ]


def test_a_digit_in_a_name_becomes_the_letter_it_looks_like() -> None:
    misread = transcript(PASSPORT, (0, 5, "8"))

    settled = settle([misread, misread])

    assert settled is not None
    assert settled.mrz.surname == "BRIKSSON"
    assert settled.repairs[0].reason == "position"


def test_check_digits_decide_between_two_readings_of_a_number() -> None:
    settled = settle([transcript(PASSPORT, (1, 2, "3")), transcript(PASSPORT)])

    assert settled is not None
    assert (settled.valid, settled.mrz.number) == (True, "L898902C3")


def test_zeros_read_as_o_are_repaired_when_all_check_digits_then_agree() -> None:
    lines = (PASSPORT[0], "L000792C<7UTO7408122F1204159<<<<<<<<<<<<<<06")
    misread = transcript(lines, *((1, column, "O") for column in range(1, 4)))

    settled = settle([misread, misread])

    assert settled is not None
    assert (settled.valid, settled.mrz.lines) == (True, lines)
    assert {repair.reason for repair in settled.repairs} == {"check digit"}


def test_as_many_o_as_cancel_out_in_the_check_digit_stay_in_doubt() -> None:
    lines = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "LOOOOO2C<7UTO7408122F1204159<<<<<<<<<<<<<<06")

    settled = settle([transcript(lines), transcript(lines)])

    assert settled is not None
    assert (settled.mrz.checks_pass, settled.valid) == (True, False)
    assert settled.doubtful == tuple((1, column) for column in range(1, 6))


def test_a_wrong_character_that_no_reading_corrects_is_never_valid() -> None:
    misread = transcript(PASSPORT, (1, 1, "3"))

    settled = settle([misread, misread])

    assert settled is not None
    assert (settled.mrz.checks_pass, settled.valid) == (False, False)


def test_what_check_digits_cannot_tell_apart_needs_two_readings() -> None:
    settled = settle([transcript(PASSPORT, (1, 40, "?")), transcript(PASSPORT, (1, 40, "0"))])

    assert settled is not None
    assert (settled.mrz.checks_pass, settled.valid, settled.doubtful) == (True, False, ((1, 40),))


def test_an_unchecked_letter_that_may_be_a_digit_stays_in_doubt() -> None:
    lines = (VISA[0], VISA[1][:30] + "O" + VISA[1][31:])

    settled = settle([transcript(lines), transcript(lines)])

    assert settled is not None
    assert (1, 30) in settled.doubtful
    assert not settled.valid


def test_a_cell_that_nobody_read_is_in_doubt_even_if_the_check_digits_agree() -> None:
    unread = transcript(PASSPORT, (1, 41, "?"))

    settled = settle([unread, unread])

    assert settled is not None
    assert (settled.valid, settled.doubtful) == (False, ((1, 41),))


def test_a_country_that_is_no_state_is_in_doubt() -> None:
    lines = (PASSPORT[0].replace("UTO", "UTD"), PASSPORT[1])

    settled = settle([transcript(lines), transcript(lines)])

    assert settled is not None
    assert (settled.mrz.valid, settled.valid) == (True, False)
    assert settled.doubtful == ((0, 2), (0, 3), (0, 4))


def test_readings_that_both_satisfy_the_check_digits_are_not_chosen_between() -> None:
    polish = ("P<POLKOWALSKA<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<<", "ZS00001774POL7203305F1607130<<<<<<<<<<<<<<08")

    settled = settle([transcript(polish), transcript(polish, (1, 1, "8"))])

    assert settled is not None
    assert not settled.valid


def test_lines_of_no_layout_settle_to_nothing() -> None:
    assert settle([Transcript(("A" * 40, "B" * 40), method="test")]) is None
