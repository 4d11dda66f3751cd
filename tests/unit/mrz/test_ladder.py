from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from cari_mrz import Reason, Transcript, as_answer, compose, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_mrz import Rung

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
FIELDS = {"type": "P", "country": "UTO", "name": "ERIKSSON<<ANNA", "number": "L898902C3", "nationality": "UTO"}
DATES = {"date_of_birth": "741312", "sex": "F", "expiration_date": "320415"}  # there is no thirteenth month
IMPOSSIBLE_DATE = compose("TD3", FIELDS | DATES)
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
PICTURE = np.zeros((4, 4, 3), np.uint8)
CORNERS = (((0.0, 0.0), (9.0, 0.0), (9.0, 1.0), (0.0, 1.0)),) * 2


def test_a_picture_without_an_mrz_is_no_mrz() -> None:
    reading = read(PICTURE, [_rung("a"), _rung("b")])

    assert (reading.found, reading.valid, reading.reason) == (False, False, Reason.NO_MRZ)


def test_two_agreeing_transcripts_are_an_answer_and_end_the_climb() -> None:
    climbed: list[str] = []

    reading = read(PICTURE, [_rung("cheap", PASSPORT, PASSPORT), _rung("costly", PASSPORT, climbed=climbed)])

    assert (reading.valid, reading.reason, reading.method) == (True, None, "cheap")
    assert climbed == []


def test_two_rungs_that_agree_are_believed_where_one_alone_is_not() -> None:
    reading = read(PICTURE, [_rung("cheap", PASSPORT), _rung("costly", PASSPORT)])

    assert (reading.valid, reading.method) == (True, "costly")


def test_one_transcript_alone_is_found_but_doubtful() -> None:
    reading = read(PICTURE, [_rung("cheap", PASSPORT)])

    assert (reading.found, reading.valid, reading.reason) == (True, False, Reason.DOUBTFUL)


def test_a_wrong_check_digit_is_found_and_not_valid() -> None:
    wrong = (PASSPORT[0], PASSPORT[1][:-1] + "7")

    reading = read(PICTURE, [_rung("cheap", wrong, wrong)])

    assert (reading.found, reading.valid, reading.reason) == (True, False, Reason.CHECK_DIGITS)


def test_a_date_printed_wrong_is_found_certain_and_not_valid() -> None:
    climbed: list[str] = []

    reading = read(PICTURE, [_rung("a", IMPOSSIBLE_DATE, IMPOSSIBLE_DATE), _rung("b", PASSPORT, climbed=climbed)])

    assert (reading.valid, reading.reason, climbed) == (False, Reason.FIELDS, [])


def test_print_that_passes_a_single_check_digit_is_not_an_mrz() -> None:
    lines = ("PASSENGER<MANIFEST<OF<THE<STEAMSHIP<UTOPIA<<", "LIVERPOOL<TO<AMAUROT<FIRST<CLASS<CABIN<4<<<<")

    reading = read(PICTURE, [_rung("a", lines, lines)])

    assert not reading.found


def test_transcripts_of_two_documents_are_not_mixed() -> None:
    reading = read(PICTURE, [_rung("a", PASSPORT, CARD, CARD)])

    assert (reading.valid, reading.mrz and reading.mrz.format) == (True, "TD1")


def test_no_rung_is_tried_after_the_time_is_over() -> None:
    climbed: list[str] = []
    seconds = count(step=8)

    read(
        PICTURE,
        [_rung("a", climbed=climbed), _rung("b", climbed=climbed), _rung("c", climbed=climbed)],
        time_budget_s=20,
        clock=lambda: float(next(seconds)),
    )

    assert climbed == ["a"]


def test_a_rung_is_told_how_much_time_is_left() -> None:
    left: list[float] = []

    def rung(_image: object, time_left_s: float) -> Iterator[Transcript]:
        left.append(time_left_s)
        return iter(())

    read(PICTURE, [rung, rung], time_budget_s=7, clock=lambda: 100.0)

    assert left == [7.0, 7.0]


def test_the_answer_has_every_name_and_the_corners() -> None:
    reading = read(PICTURE, [_rung("a", PASSPORT, PASSPORT)])

    answer = as_answer(reading, filename="front.jpg", walltime_s=1.23456)

    assert (answer["mrz_type"], answer["valid_score"], answer["valid"], answer["found"]) == ("TD3", 100, True, True)
    assert answer["raw_text"] == "\n".join(PASSPORT)
    assert (answer["method"], answer["walltime"], answer["filename"]) == ("a", 1.235, "front.jpg")
    assert answer["lines"] == [[list(corner) for corner in line] for line in CORNERS]


def test_the_answer_of_nothing_has_the_same_names_and_null_for_each_field() -> None:
    found = as_answer(read(PICTURE, [_rung("a", PASSPORT, PASSPORT)]), filename=None, walltime_s=0)
    nothing = as_answer(read(PICTURE, []), filename=None, walltime_s=0)

    assert nothing.keys() == found.keys()
    assert (nothing["found"], nothing["valid_score"], nothing["reason"]) == (False, 0, "no_mrz")
    assert {nothing[name] for name in ("mrz_type", "number", "names", "valid_number", "method", "lines")} == {None}


def _rung(name: str, *transcripts: tuple[str, ...], climbed: list[str] | None = None) -> Rung:
    def rung(_image: object, _time_left_s: float) -> Iterator[Transcript]:
        if climbed is not None:
            climbed.append(name)
        return (Transcript(lines, name, corners=CORNERS) for lines in transcripts)

    return rung
