from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cari_mrz import MrzReading, Reason, Transcript, as_answer, compose, decode, read_with_fallbacks

from .observed import observed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cari_imaging import Image
    from cari_mrz import FallbackEngine

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
FIELDS = {"type": "P", "country": "UTO", "name": "ERIKSSON<<ANNA", "number": "L898902C3", "nationality": "UTO"}
DATES = {"date_of_birth": "741312", "sex": "F", "expiration_date": "320415"}  # there is no thirteenth month
IMPOSSIBLE_DATE = compose("TD3", FIELDS | DATES)
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
PICTURE = np.zeros((4, 4, 3), np.uint8)
CORNERS = (((0.0, 0.0), (9.0, 0.0), (9.0, 1.0), (0.0, 1.0)),) * 2
DOUBT = {(0, 5): {"E": 0.6, "F": 0.4}}
SMALL = MrzReading(decoded=None, reason=Reason.TOO_SMALL)


@pytest.mark.parametrize("lines", [PASSPORT, IMPOSSIBLE_DATE])
def test_what_the_own_reader_is_sure_of_is_the_answer(lines: tuple[str, ...]) -> None:
    asked: list[str] = []

    reading = read_with_fallbacks(PICTURE, [_engine("other", PASSPORT, asked=asked)], own_reader=_own_reader(lines))

    assert (reading.mrz and reading.mrz.lines, reading.method, asked) == (lines, "cari", [])


def test_a_picture_without_an_mrz_asks_no_fallback_engine() -> None:
    asked: list[str] = []

    reading = read_with_fallbacks(
        PICTURE, [_engine("other", asked=asked)], own_reader=lambda _: MrzReading(None, Reason.NO_MRZ)
    )

    assert (reading.found, reading.reason, asked) == (False, Reason.NO_MRZ, [])


def test_engines_that_agree_are_accepted_where_one_alone_is_not() -> None:
    alone = read_with_fallbacks(PICTURE, [], own_reader=_own_reader(PASSPORT, DOUBT))
    both = read_with_fallbacks(PICTURE, [_engine("other", PASSPORT)], own_reader=_own_reader(PASSPORT, DOUBT))

    assert (alone.valid, alone.reason) == (False, Reason.DOUBTFUL)
    assert (both.valid, both.method) == (True, "cari+other")
    assert _probability(both, (0, 5)) > _probability(alone, (0, 5))


def test_an_engine_that_disagrees_leaves_the_doubt() -> None:
    other = (PASSPORT[0].replace("ERIK", "FRIK"), PASSPORT[1])

    reading = read_with_fallbacks(PICTURE, [_engine("other", other)], own_reader=_own_reader(PASSPORT, DOUBT))

    assert not reading.valid


def test_one_transcript_of_what_the_own_reader_could_not_read_is_found_but_doubtful() -> None:
    reading = read_with_fallbacks(PICTURE, [_engine("other", PASSPORT)], own_reader=lambda _: SMALL)

    assert (reading.found, reading.valid, reading.method) == (True, False, "other")


def test_what_no_engine_can_read_keeps_the_own_readers_reason() -> None:
    reading = read_with_fallbacks(PICTURE, [_engine("other")], own_reader=lambda _: SMALL)

    assert (reading.found, reading.reason) == (False, Reason.TOO_SMALL)


def test_print_that_passes_a_single_check_digit_is_not_an_mrz() -> None:
    lines = ("PASSENGER<MANIFEST<OF<THE<STEAMSHIP<UTOPIA<<", "LIVERPOOL<TO<AMAUROT<FIRST<CLASS<CABIN<4<<<<")

    reading = read_with_fallbacks(PICTURE, [_engine("other", lines, lines)], own_reader=lambda _: SMALL)

    assert not reading.found


def test_transcripts_of_two_documents_are_not_mixed() -> None:
    reading = read_with_fallbacks(PICTURE, [_engine("other", CARD)], own_reader=_own_reader(PASSPORT, DOUBT))

    assert reading.mrz is not None
    assert (reading.mrz.lines, reading.valid) == (PASSPORT, False)


def test_no_engine_is_asked_after_the_time_is_over() -> None:
    asked: list[str] = []
    seconds = count(step=8)

    read_with_fallbacks(
        PICTURE,
        [_engine(name, asked=asked) for name in "abc"],
        time_budget_s=20,
        clock=lambda: float(next(seconds)),
        own_reader=lambda _: SMALL,
    )

    assert asked == ["a"]


def test_an_engine_is_told_how_much_time_is_left() -> None:
    left: list[float] = []

    def engine(_image: object, _first: object, time_left_s: float) -> Iterator[Transcript]:
        left.append(time_left_s)
        return iter(())

    read_with_fallbacks(PICTURE, [engine, engine], time_budget_s=7, clock=lambda: 100.0, own_reader=lambda _: SMALL)

    assert left == [7.0, 7.0]


def test_the_answer_has_every_name_the_corners_and_what_is_uncertain() -> None:
    reading = read_with_fallbacks(PICTURE, [], own_reader=_own_reader(PASSPORT, DOUBT))

    answer = as_answer(reading, filename="front.jpg", walltime_s=1.23456)

    assert (answer["mrz_type"], answer["valid_score"], answer["valid"], answer["found"]) == ("TD3", 100, False, True)
    assert answer["raw_text"] == "\n".join(PASSPORT)
    assert (answer["method"], answer["walltime"], answer["filename"]) == ("cari", 1.235, "front.jpg")
    assert answer["lines"] == [[list(corner) for corner in line] for line in CORNERS]
    assert (answer["uncertain_fields"], answer["doubtful"]) == (["surname", "names"], [[0, 5]])
    assert answer["confidence"]["surname"] == pytest.approx(0.6, abs=0.01)
    assert answer["confidence"]["number"] > 0.99
    assert [len(line) for line in answer["character_confidence"]] == [44, 44]


def test_the_answer_names_the_fields_that_no_check_digit_covers() -> None:
    card, visa = (
        as_answer(read_with_fallbacks(PICTURE, [], own_reader=_own_reader(lines)), filename=None, walltime_s=0)
        for lines in (CARD, VISA)
    )

    assert set(card["unchecked_fields"]) == {"type", "country", "sex", "nationality", "surname", "names"}
    assert set(visa["unchecked_fields"]) == {*card["unchecked_fields"], "optional1"}
    assert (card["valid"], visa["valid"]) == (True, True)


def test_the_confidence_of_a_name_is_that_of_its_characters_whatever_the_check_digits_say() -> None:
    doubts = {(0, 5): {"E": 0.8, "F": 0.2}, (0, 16): {"N": 0.9, "H": 0.1}}

    answer = as_answer(
        read_with_fallbacks(PICTURE, [], own_reader=_own_reader(PASSPORT, doubts)), filename=None, walltime_s=0
    )

    assert answer["confidence"]["names"] == pytest.approx(0.72, abs=0.001)
    assert (answer["valid"], answer["valid_composite"]) == (False, True)
    assert answer["uncertain_fields"] == ["surname", "names"]


def test_the_answer_says_what_is_unusual_about_what_is_valid() -> None:
    lines = compose("TD3", FIELDS | DATES | {"type": "AO", "date_of_birth": "741200", "sex": "X", "country": "XYZ"})

    answer = as_answer(read_with_fallbacks(PICTURE, [], own_reader=_own_reader(lines)), filename=None, walltime_s=0)

    assert (answer["valid"], answer["reason"], answer["valid_score"]) == (True, None, 100)
    assert answer["warnings"] == ["document_code_unusual", "country_unknown", "date_of_birth_zeros", "sex_x"]


def test_the_answer_of_nothing_has_the_same_names_and_null_for_each_field() -> None:
    found = as_answer(read_with_fallbacks(PICTURE, [], own_reader=_own_reader(PASSPORT)), filename=None, walltime_s=0)
    nothing = as_answer(read_with_fallbacks(PICTURE, [], own_reader=lambda _: SMALL), filename=None, walltime_s=0)

    assert nothing.keys() == found.keys()
    assert (nothing["found"], nothing["valid_score"], nothing["reason"]) == (False, 0, "too_small")
    assert {nothing[name] for name in ("mrz_type", "number", "names", "valid_number", "method", "lines")} == {None}


def _own_reader(
    lines: tuple[str, ...], unsure: Mapping[tuple[int, int], Mapping[str, float]] | None = None
) -> Callable[[Image], MrzReading]:
    letters = observed(lines, unsure)
    decoded = decode(letters)
    assert decoded is not None
    return lambda _image: MrzReading.of(decoded, method="cari", corners=CORNERS, observed=letters)


def _probability(reading: MrzReading, cell: tuple[int, int]) -> float:
    assert reading.decoded is not None
    return reading.decoded.probability(cell)


def _engine(name: str, *transcripts: tuple[str, ...], asked: list[str] | None = None) -> FallbackEngine:
    def engine(_image: object, _first: object, _time_left_s: float) -> Iterator[Transcript]:
        if asked is not None:
            asked.append(name)
        return (Transcript(lines, name) for lines in transcripts)

    return engine
