"""Characters that no check digit can tell apart, because their values are equal modulo 10: only the print can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cari_mrz import (
    MrzReading,
    Reason,
    Transcript,
    as_answer,
    check_digit,
    compose,
    decode,
    layout_of,
    parse,
    read_with_fallbacks,
)
from cari_mrz.acceptance import MAX_RIVAL_PROBABILITY
from cari_mrz.check_digit_posterior import K_AMONG_FILLERS, rivals_of
from cari_mrz.check_digits import ALPHABET, FILLER

from .observed import observed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cari_mrz import Cell, FallbackEngine

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
LONG_NUMBER = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
FRENCH_LINE1, FRENCH_LINE2 = "IDFRABERTHIER<<<<<<<<<<<<<<<<<923455", "8806923102858CORINNE<<<<<<<6512068F"
FRENCH_CARD = (FRENCH_LINE1, FRENCH_LINE2 + check_digit(FRENCH_LINE1 + FRENCH_LINE2))
DOCUMENTS = (
    PASSPORT,
    LONG_NUMBER,
    FRENCH_CARD,
    ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
    ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"),
    ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"),
    ("D1FRA13AA000026181231MARTIN<<9",),
)
GROUPS = ("0AKU<", "1BLV", "2CMW", "3DNX", "4EOY", "5FPZ", "6GQ", "7HR", "8IS", "9JT")
PICTURE = np.zeros((4, 4, 3), np.uint8)
NUMBER_CELL = (1, 1)  # the 8 of L898902C3


def _with(lines: Sequence[str], cell: Cell, character: str) -> tuple[str, ...]:
    line, column = cell
    row = lines[line]
    return (*lines[:line], row[:column] + character + row[column + 1 :], *lines[line + 1 :])


def _swaps() -> Iterator[tuple[tuple[str, ...], Cell, str]]:
    for lines in DOCUMENTS:
        layout = layout_of(lines)
        assert layout is not None
        for cell in sorted(layout.checked_cells):
            for rival in rivals_of(lines[cell[0]][cell[1]], layout.allowed(cell)):
                other = _with(lines, cell, rival)
                if layout_of(other) is layout and parse(other).checks_pass:
                    yield lines, cell, rival


SWAPS = list(_swaps())


def _read(lines: Sequence[str], unsure: Mapping[Cell, Mapping[str, float]]) -> MrzReading:
    decoded = decode(observed(lines, unsure))
    assert decoded is not None
    return MrzReading.of(decoded, method="cari")


def test_the_alphabet_falls_into_ten_groups() -> None:
    assert len(SWAPS) > 500
    assert {frozenset((character, *rivals_of(character))) for character in ALPHABET} == {*map(frozenset, GROUPS)}


@pytest.mark.parametrize(("share", "first"), [(0.5, 0), (0.6, 1), (0.9, 2), (0.95, 3), (0.98, 4)])
def test_a_cell_split_between_two_that_agree_alike_is_never_valid(share: float, first: int) -> None:
    accepted = [
        (lines, cell, rival)
        for lines, cell, rival in SWAPS[first::10]  # half of them, each once
        if _read(lines, {cell: {lines[cell[0]][cell[1]]: share, rival: 1 - share}}).valid
    ]

    assert accepted == []


@pytest.mark.parametrize("rival_share", [0.4, 0.1, 0.02])
def test_the_field_of_such_a_cell_is_named_as_uncertain_and_its_confidence_falls(rival_share: float) -> None:
    reading = _read(PASSPORT, {NUMBER_CELL: {"8": 1 - rival_share, "S": rival_share}})

    answer = as_answer(reading, filename=None, walltime_s=0)
    assert (answer["valid"], answer["reason"], answer["valid_number"]) == (False, Reason.DOUBTFUL, True)
    assert answer["uncertain_fields"] == ["number"]
    assert answer["doubtful"] == [list(NUMBER_CELL)]
    assert answer["confidence"]["number"] == pytest.approx(1 - rival_share, abs=0.001)


def test_a_rival_that_the_print_excludes_leaves_no_doubt() -> None:
    doubted = []
    for lines, cell, rival in SWAPS[::5]:
        printed = lines[cell[0]][cell[1]]
        least = 0.5 * MAX_RIVAL_PROBABILITY / (K_AMONG_FILLERS if (printed, rival) == (FILLER, "K") else 1)
        if not _read(lines, {cell: {printed: 1 - least, rival: least}}).valid:
            doubted.append((lines, cell, rival))

    assert doubted == []


def test_what_is_printed_is_read_though_another_would_agree_as_well() -> None:
    printed = _with(PASSPORT, NUMBER_CELL, "S")

    reading = _read(printed, {})

    assert (reading.valid, reading.mrz and reading.mrz.number) == (True, "LS98902C3")
    assert parse(PASSPORT).checks[0].passed


def test_that_issuers_print_digits_more_often_excludes_no_letter() -> None:
    of_a_digit, of_a_letter = (
        _read(_with(PASSPORT, NUMBER_CELL, character), {NUMBER_CELL: {"8": 0.5, "S": 0.5}}) for character in "8S"
    )

    assert (of_a_digit.valid, of_a_letter.valid) == (False, False)
    assert of_a_digit.decoded is not None
    assert of_a_digit.decoded.rival_probabilities[1][1] == pytest.approx(0.5, abs=0.001)


def test_a_check_digit_that_repairs_a_cell_does_not_choose_between_its_rivals() -> None:
    reading = _read(PASSPORT, {NUMBER_CELL: {"3": 0.5, "8": 0.3, "S": 0.2}})

    assert reading.mrz is not None
    assert (reading.mrz.number, reading.mrz.checks_pass, reading.valid) == ("L898902C3", True, False)
    assert reading.decoded is not None
    assert reading.decoded.rival_probabilities[1][1] == pytest.approx(0.4, abs=0.001)


@pytest.mark.parametrize(("rival", "share"), [("0", 0.015), ("A", 0.015), ("U", 0.015), ("K", 0.001)])
def test_a_filler_has_rivals_too_and_a_k_is_the_likeliest(rival: str, share: float) -> None:
    reading = _read(PASSPORT, {(1, 37): {"<": 1 - share, rival: share}})

    assert (reading.valid, reading.doubtful) == (False, ((1, 37),))


def test_a_letter_where_the_layout_has_digits_only_needs_strong_print_to_be_a_rival() -> None:
    faint, strong = (_read(PASSPORT, {(1, 16): {"8": 1 - share, "S": share}}) for share in (0.05, 0.995))

    assert (faint.valid, strong.valid) == (True, False)


def test_several_rivals_count_together() -> None:
    lines = compose(
        "TD3",
        {
            "type": "P",
            "country": "UTO",
            "nationality": "UTO",
            "name": "ERIKSSON<<ANNA",
            "number": "A12345678",
            "date_of_birth": "740812",
            "sex": "F",
            "expiration_date": "320415",
        },
    )
    each = 0.75 * MAX_RIVAL_PROBABILITY

    reading = _read(lines, {(1, 0): {"A": 1 - 2 * each, "K": each, "U": each}})

    assert (reading.valid, reading.doubtful) == (False, ((1, 0),))


@pytest.mark.parametrize(
    ("reads", "is_valid"),
    [("8", True), ("S", False), ("?", False)],
    ids=["an engine that agrees", "an engine that reads the rival", "an engine that reads nothing there"],
)
def test_another_engine_can_exclude_a_rival_by_agreeing(reads: str, is_valid: bool) -> None:
    letters = observed(PASSPORT, {NUMBER_CELL: {"8": 0.95, "S": 0.05}})
    decoded = decode(letters)
    assert decoded is not None
    first = MrzReading.of(decoded, method="cari", observed=letters, corners=((),) * 2)

    reading = read_with_fallbacks(PICTURE, [_engine(_with(PASSPORT, NUMBER_CELL, reads))], own_reader=lambda _: first)

    assert (first.valid, reading.valid) == (False, is_valid)


def test_what_one_engine_alone_read_is_doubted_wherever_a_check_digit_could_not_tell() -> None:
    nothing = MrzReading(decoded=None, reason=Reason.TOO_SMALL)

    reading = read_with_fallbacks(PICTURE, [_engine(PASSPORT)], own_reader=lambda _: nothing)

    assert not reading.valid
    assert {(1, column) for column in range(9)} <= set(reading.doubtful)


def _engine(lines: tuple[str, ...]) -> FallbackEngine:
    return lambda _image, _first, _time_left_s: iter([Transcript(lines, "other")])
