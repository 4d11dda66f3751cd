"""What is printed for people, held against the MRZ: what counts as found, as differing, and as not seen."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cari_decision.decision import decide
from cari_decision.document import Document
from cari_decision.evidence import EngineFailure, Mrz, PrintedText
from cari_decision.evidence_record import evidence_of, written
from cari_decision.policy import Policy
from cari_verification.printed_days import days_of
from cari_verification.printed_text import MIN_WORD_CONFIDENCE, WORDS, compare, settled
from cari_verification.printed_words import Word
from tests.unit.evidence_of_specimens import READING, evidence, reading

TODAY = date(2026, 11, 23)
HOLDER = Document("mrz", "front", "D23145890", "ERIKSSON", "ANNA MARIA", "UTO", date(1974, 8, 12), date(2032, 4, 15))
PRINT = ("ERIKSSON", "ANNA MARIA", "No D23145890", "12 AUG/AOÛT 74", "15.04.2032")
ASKED = Policy(printed_text=True)


def line(text, confidence=0.96):
    return tuple(Word(word, confidence) for word in text.split())


def compared(*lines, holder=HOLDER, confidence=0.96):
    return compare(holder, [line(text, confidence) for text in lines])


def with_print(old, new, **named):
    return compared(*(text.replace(old, new) for text in PRINT), **named)


def test_every_field_is_found_where_it_is_printed_as_the_mrz_has_it():
    text = compared(*PRINT)

    assert (text.found, text.differing, text.not_read) == (
        ("number", "surname", "names", "date_of_birth", "expiration_date"),
        {},
        (),
    )


@pytest.mark.parametrize(
    ("old", "new", "field", "printed"),
    [
        ("D23145890", "D23145390", "number", "D23145390"),
        ("D23145890", "D23 145 390", "number", "D23 145 390"),
        ("ERIKSSON", "ERIKSSEN", "surname", "ERIKSSEN"),
        ("ERIKSSON", "Eriksen", "surname", "ERIKSEN"),
        ("MARIA", "MARINA", "names", "MARINA"),
        ("AOÛT 74", "AOÛT 79", "date_of_birth", "12 AUG/AOÛT 79"),
        ("12 AUG/AOÛT", "13 AUG/AOÛT", "date_of_birth", "13 AUG/AOÛT 74"),
        ("15.04.2032", "15.04.2036", "expiration_date", "15.04.2036"),
        ("15.04.2032", "15.09.2032", "expiration_date", "15.09.2032"),
    ],
)
def test_a_field_differs_that_is_almost_what_the_mrz_says(old, new, field, printed):
    assert with_print(old, new).differing == {field: printed}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("D23145890", "D23145B9O"),  # what a reader takes for one another
        ("ERIKSSON", "ER1KSSON"),
        ("D23145890", "X99887766"),  # another number altogether
        ("ERIKSSON", "SVENSSON"),
        ("ERIKSSON", "ERIKSSO"),  # cut by the reader
        ("ERIKSSON", "|ERIKSSONI"),
        ("15.04.2032", "15.04.2022"),  # the day of issue
        ("15.04.2032", "01.02.2032"),
        ("ERIKSSON", ""),
    ],
)
def test_nothing_differs_that_may_be_misread_or_be_something_else(old, new):
    assert with_print(old, new).differing == {}


def test_nothing_differs_that_was_not_read_for_certain():
    lines = [line(text) for text in PRINT[1:]]

    assert compare(HOLDER, [line("ERIKSSEN", MIN_WORD_CONFIDENCE - 0.01), *lines]).differing == {}


def test_nothing_differs_before_two_fields_are_as_the_mrz_has_them():
    assert compared("ERIKSSON", "D23145390").differing == {}
    assert compared("ERIKSSON", "ANNA MARIA", "D23145390").differing == {"number": "D23145390"}


def test_the_true_name_anywhere_outweighs_one_that_is_almost_the_same():
    assert compared(*PRINT, "ERIKSSEN").differing == {}


def test_a_holders_other_name_is_not_taken_for_an_altered_one():
    holder = replace(HOLDER, surname="MARTIN", names="MARTINE")

    assert compared("MARTINE", "D23145890", "15.04.2032", holder=holder).differing == {}


@pytest.mark.parametrize(
    ("mrz", "printed"),
    [
        ("MAENNIK", "MÄNNIK"),
        ("MUELLER", "Müller"),
        ("AASE", "ÅSE"),
        ("GROSS", "GROß"),
        ("THURIDUR", "ÞURÍÐUR"),
        ("O BRIEN", "O'BRIEN"),
        ("VAN DER BERG", "van der Berg"),
        ("NUNEZ", "NÚÑEZ"),
        ("SOERENSEN", "SØRENSEN"),
    ],
)
def test_a_name_is_found_however_its_letters_are_written(mrz, printed):
    assert "surname" in compared(printed, holder=replace(HOLDER, surname=mrz)).found


@pytest.mark.parametrize(
    "printed",
    ["12.08.1974", "12/08/74", "1974-08-12", "08/12/1974", "12 08 1974", "12AUG1974", "12 AUG 74", "12 août 1974"],
)
def test_a_day_is_found_however_it_is_printed(printed):
    assert "date_of_birth" in compared(printed).found


@pytest.mark.parametrize("printed", ["1974", "12 74", "99.99.1974", "112.08.1974", "12 XYZ 1974", "7408122F1204159"])
def test_what_is_no_day_is_taken_for_none(printed):
    assert list(days_of(line(printed))) == []


@given(st.lists(st.lists(st.tuples(st.text(min_size=1), st.floats(0, 1)), max_size=6), max_size=6))
def test_whatever_was_read_every_field_has_one_answer(words):
    text = compare(HOLDER, [tuple(Word(*word) for word in line) for line in words])

    assert sorted([*text.found, *text.differing, *text.not_read]) == sorted(compared().not_read)


def front(*lines, **changes):
    words = [[(word, 0.96) for word in text.split()] for text in lines]
    known = {"number": "D23145890", "surname": "ERIKSSON", "names": "ANNA MARIA"}
    return reading(**{**known, "valid": True, WORDS: words, **changes})


def test_a_cards_front_is_held_against_the_mrz_on_its_back():
    card = evidence(front=Mrz({"found": False, WORDS: front(*PRINT).reading[WORDS]}), back=front())

    assert settled(card, TODAY).printed_text.found == ("number", "surname", "names", "date_of_birth", "expiration_date")


def test_the_words_are_not_kept():
    kept = settled(evidence(front=front(*PRINT), back=front(*PRINT)), TODAY)

    assert WORDS not in kept.front.reading | kept.back.reading
    assert "AOÛT" not in str(written(kept))


@pytest.mark.parametrize(
    ("side", "why"),
    [
        (front(*PRINT, valid=False), "no_valid_mrz"),
        (Mrz({"found": False, WORDS: []}), "no_valid_mrz"),
        (EngineFailure("mrz_not_read", "front"), "no_valid_mrz"),
        (front(**{WORDS: None}), "not_read"),
        (reading(**READING), "not_read"),
    ],
)
def test_where_there_is_nothing_to_compare_it_is_said_why(side, why):
    assert settled(evidence(front=side), TODAY).printed_text.unavailable == why


def test_the_comparison_is_the_same_once_it_was_stored():
    kept = settled(evidence(front=front(*PRINT[:-1], "15.04.2036")), TODAY)

    assert evidence_of({"evidence": written(kept)}).printed_text == kept.printed_text


def check_of(text, policy=ASKED):
    decision = decide(evidence(printed_text=text), policy, TODAY)
    return decision, [check for check in decision.checks if check.name == "printed_text_agrees"]


def test_what_differs_is_a_persons_to_see():
    decision, (check,) = check_of(PrintedText(("surname", "names"), {"number": "D23145390"}, ("date_of_birth",)))

    assert (decision.status, [reason.code for reason in decision.reasons]) == ("review", ["printed_text_differs"])
    assert (check.result, check.score, check.threshold) == ("failed", 2, 3)
    assert check.evidence == {
        "found": ["surname", "names"],
        "differing": {"number": "D23145390"},
        "not_read": ["date_of_birth"],
    }


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (PrintedText(("surname",)), "passed"),
        (PrintedText(not_read=("surname",)), "not_performed"),
        (PrintedText(unavailable="not_read"), "not_performed"),
        (None, "not_performed"),
    ],
)
def test_what_is_not_found_is_nothing_against_anybody(text, result):
    decision, (check,) = check_of(text)

    assert (decision.status, check.result) == ("approved", result)


def test_nobody_hears_of_printed_text_whose_policy_does_not_ask():
    decision, checks = check_of(PrintedText((), {"number": "D23145390"}), Policy())

    assert (decision.status, checks) == ("approved", [])


def test_a_readable_page_without_the_mrzs_fields_goes_to_review():
    decision, (check,) = check_of(PrintedText(("surname",), {}, ("number", "names"), words=12))

    assert (decision.status, check.result, check.reason) == ("review", "failed", "printed_text_not_found")


def test_a_page_that_can_hardly_be_read_says_nothing():
    decision, (check,) = check_of(PrintedText((), {}, ("number", "names"), words=3))

    assert (decision.status, check.result) == ("approved", "not_performed")


def test_a_field_that_is_not_found_on_a_readable_page_does_not_agree():
    decision, (check,) = check_of(PrintedText(("surname", "names"), {}, ("number",), words=12))

    assert (decision.status, check.result, check.reason) == ("approved", "warning", None)


def test_words_are_counted_that_were_read_for_certain():
    assert compared("ONE TWO THREE").words == 3
    assert compared("ONE TWO THREE", confidence=0.5).words == 0


def test_replaced_lines_pass_no_more_easily_than_altered_ones():
    other = replace(HOLDER, number="X00000017", surname="QUIRKE", names="BOB", born=date(1950, 1, 2), expires=None)
    page = (*PRINT, "REPUBLIC OF UTOPIA", "PASSPORT PASSEPORT", "NATIONALITY")

    decision, _ = check_of(compared(*page, holder=other))

    assert decision.status == "review"
