from __future__ import annotations

import pytest

from cari_mrz import MrzWarning, Repair, compose, decode
from cari_mrz.acceptance import doubtful, is_certain

from .observed import observed

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")


@pytest.mark.parametrize(("lines", "format_name"), [(PASSPORT, "TD3"), (CARD, "TD1"), (VISA, "MRVA")])
def test_what_is_seen_clearly_is_read_as_it_is(lines: tuple[str, ...], format_name: str) -> None:
    decoded = decode(observed(lines))

    assert decoded is not None
    assert (decoded.mrz.format, decoded.mrz.lines, decoded.repairs) == (format_name, lines, ())
    assert is_certain(decoded)


def test_lines_of_no_layouts_widths_are_nothing() -> None:
    assert decode(observed(("ABC", "DEF"))) is None


def test_a_letter_among_digits_is_taken_for_the_digit_it_may_be_and_reported() -> None:
    decoded = decode(observed(PASSPORT, {(1, 13): {"Z": 0.6, "7": 0.4}}))

    assert decoded is not None
    assert decoded.mrz.lines == PASSPORT
    assert decoded.repairs == (Repair(1, 13, "Z", "7", "position"),)


def test_a_check_digit_decides_between_two_digits_and_is_reported() -> None:
    decoded = decode(observed(PASSPORT, {(1, 4): {"8": 0.7, "9": 0.3}}))

    assert decoded is not None
    assert decoded.repairs == (Repair(1, 4, "8", "9", "check digit"),)
    assert decoded.mrz.checks_pass


def test_the_states_there_are_decide_between_two_letters() -> None:
    utopia_or_not = decode(observed(PASSPORT, {(1, 12): {"Q": 0.7, "O": 0.3}}))

    assert utopia_or_not is not None
    assert utopia_or_not.repairs == (Repair(1, 12, "Q", "O", "state code"),)


def test_names_are_never_repaired() -> None:
    decoded = decode(observed(PASSPORT, {(0, 6): {"B": 0.55, "R": 0.45}}))

    assert decoded is not None
    assert (decoded.mrz.surname, decoded.repairs) == ("EBIKSSON", ())
    assert doubtful(decoded) == ((0, 6),)


@pytest.mark.parametrize(("digit", "letter"), [("4", "A"), ("8", "B"), ("6", "G"), ("2", "Z")])
def test_digits_in_the_names_of_a_russian_internal_passport_are_read_as_they_are(digit: str, letter: str) -> None:
    lines = _of_a_passport(type="PN", country="RUS", name="4IR6NKOV<<7RIQ<AL9BERTOVI3")
    column = 44 - 2
    faint = {(0, column): {digit: 0.97, letter: 0.03}}
    lines = (lines[0][:column] + digit + "<", lines[1])

    decoded = decode(observed(lines, faint))

    assert decoded is not None
    assert (decoded.mrz.lines, decoded.repairs, is_certain(decoded)) == (lines, (), True)


def test_digits_in_names_are_unusual_elsewhere_and_read_where_they_are_clear() -> None:
    lines = _of_a_passport(name="R2D2<<ANNA")

    decoded = decode(observed(lines))

    assert decoded is not None
    assert (decoded.mrz.lines, decoded.mrz.warnings) == (lines, (MrzWarning.NAME_HAS_DIGITS,))


@pytest.mark.parametrize("code", ["AO", "PN", "SP", "D<"])
def test_an_unusual_document_code_is_read_as_it_is(code: str) -> None:
    lines = _of_a_passport(type=code)

    decoded = decode(observed(lines))

    assert decoded is not None
    assert (decoded.mrz.lines, is_certain(decoded)) == (lines, True)


@pytest.mark.parametrize(("share", "is_doubtful"), [(0.95, False), (0.85, True)])
def test_where_no_check_digit_looks_characters_must_be_surer(share: float, is_doubtful: bool) -> None:
    name, date = ((0, 6), "R"), ((1, 16), "8")
    in_name, in_date = (
        decode(observed(PASSPORT, {cell: {character: share, other: 1 - share}}))
        for (cell, character), other in ((name, "B"), (date, "3"))
    )

    assert in_name is not None
    assert in_date is not None
    assert (bool(doubtful(in_name)), bool(doubtful(in_date))) == (is_doubtful, False)


def test_a_forged_digit_stays_and_its_check_digit_fails() -> None:
    forged = (PASSPORT[0], PASSPORT[1].replace("740812", "720812"))

    decoded = decode(observed(forged))

    assert decoded is not None
    assert (decoded.mrz.date_of_birth, decoded.mrz.checks_pass, decoded.repairs) == ("720812", False, ())
    assert not is_certain(decoded)


def test_many_small_doubts_are_a_doubt() -> None:
    shaky = {(0, column): {PASSPORT[0][column]: 0.9, "X": 0.1} for column in range(5, 25)}

    decoded = decode(observed(PASSPORT, shaky))

    assert decoded is not None
    assert decoded.mrz.checks_pass
    assert set(doubtful(decoded)) <= shaky.keys()
    assert not is_certain(decoded)


def _of_a_passport(**fields: str) -> tuple[str, ...]:
    holder = {"type": "P", "country": "UTO", "name": "ERIKSSON<<ANNA", "number": "L898902C3", "nationality": "UTO"}
    dates = {"date_of_birth": "740812", "sex": "F", "expiration_date": "320415"}
    return compose("TD3", holder | dates | fields)
