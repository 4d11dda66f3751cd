"""Names and numbers, held against each other as ICAO 9303 has them written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cari_core.names import CYRILLIC, LATIN, same_name, same_number

WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("printed", "encoded"),
    [
        ("Müller", "MUELLER"),
        ("Müller", "MULLER"),
        ("Müller", "MUXXLLER"),
        ("Mu\u0308ller", "MUELLER"),
        ("Großmann", "GROSSMANN"),
        ("Åse", "AASE"),
        ("Åse", "ASE"),
        ("Sørensen", "SOERENSEN"),
        ("Sørensen", "SORENSEN"),
        ("Þórður", "THORDUR"),
        ("Ægir", "AEGIR"),
        ("Núñez", "NUNEZ"),
        ("Núñez", "NUNXXEZ"),
        ("Đorđević", "DORDEVIC"),
        ("Wałęsa", "WALESA"),
        ("İnönü", "INOENUE"),
        ("Zoë", "ZOE"),
        ("O'Brien", "OBRIEN"),
        ("Smith-Jones", "SMITH JONES"),
        ("van der Berg", "VANDERBERG"),
        ("Щеглова", "SHCHEGLOVA"),
        ("Юлия", "IULIIA"),
        ("Зеленський", "ZELENSKYI"),
    ],
)
def test_a_name_is_the_same_in_every_spelling_that_the_standard_allows(printed, encoded):
    assert same_name(printed, encoded) is True
    assert same_name(encoded, printed) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LI", "LIU"),
        ("LIU", "LI"),
        ("ANNA", "ANNA MARIA"),
        ("MULLER", "MUELLER"),
        ("MULLER", "MILLER"),
        ("Müller", "MOELLER"),
        ("Müller", "MUELLERIN"),
    ],
)
def test_another_name_is_another(one, other):
    assert same_name(one, other) is False


def test_two_names_with_diacritics_agree_where_one_spelling_does():
    assert (same_name("Müller", "Muëller"), same_name("Müller", "Möller")) == (True, False)


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("ANNA MAR", "ANNA MARIA"),
        ("ANNA", "ANNA MARIA"),
        ("CHAYAPA DEJTHAMRONG K", "CHAYAPA DEJTHAMRONG KRASUANG"),
        ("BENNELONG WOOLOOMOOLOO WARRANDYTE W", "BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL"),
        ("NILAVADHANANANDA C D", "NILAVADHANANANDA CHAYAPA DEJTHAMRONG"),
        ("MUE", "Müller"),
    ],
)
def test_a_name_that_was_cut_to_fit_its_field_is_the_beginning_of_the_whole(cut, whole):
    assert same_name(cut, whole, one_is_cut=True) is True
    assert same_name(whole, cut, other_is_cut=True) is True
    assert same_name(cut, whole) is False
    assert same_name(cut, whole, other_is_cut=True) is False


def test_a_cut_name_is_no_other_name():
    assert same_name("ANNA MAX", "ANNA MARIA", one_is_cut=True) is False


@pytest.mark.parametrize("missing", [None, "", "<<", "'"])
def test_where_a_name_is_missing_nothing_is_compared(missing):
    assert (same_name(missing, "LIU"), same_name("LIU", missing, one_is_cut=True)) == (None, None)


@given(st.lists(WORDS, min_size=1, max_size=4), st.randoms())
def test_any_choice_of_spellings_is_the_same_name(words, random):
    letters = {**LATIN, **CYRILLIC}
    printed = [random.choice([*word, random.choice(sorted(letters))]) for word in words]
    spelt = [random.choice(letters.get(letter, (letter,))) for letter in printed]

    assert same_name("".join(printed), "".join(spelt)) in (True, None)


def test_a_name_of_nothing_but_choices_is_compared_at_once():
    assert same_name("Ü" * 2_000, "UE" * 2_000) is True
    assert same_name("Ü" * 2_000, "U" * 1_999 + "X") is False


@pytest.mark.parametrize(("one", "other"), [("D123-4567", "D1234567"), ("l898902c3", "L898902C3"), ("AB 12<<", "AB12")])
def test_a_number_is_the_same_however_its_groups_are_parted(one, other):
    assert same_number(one, other) is True


@pytest.mark.parametrize(("one", "other"), [("D1", "D1234567"), ("D1234567", "D1"), ("123", "0123")])
def test_a_number_that_begins_another_is_another(one, other):
    assert same_number(one, other) is False


def test_a_number_that_was_cut_to_fit_its_field_is_the_beginning_of_the_whole():
    assert same_number("D12345678", "D1234567890", one_is_cut=True) is True
    assert same_number("D1234567890", "D12345678", other_is_cut=True) is True
    assert same_number("D12345678", "D1234567890", other_is_cut=True) is False


def test_where_a_number_is_missing_nothing_is_compared():
    assert (same_number(None, "D1"), same_number("D1", "<<")) == (None, None)
