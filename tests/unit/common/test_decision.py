from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cari_common.decision import MATCH_SIMILARITY, MISMATCH_SIMILARITY, decide
from cari_common.evidence import EngineFailure, Mrz
from tests.unit.common.specimens import NOTHING_FOUND, evidence, faces, no_faces, reading

TODAY = date(2026, 6, 1)
RANK = {"declined": 0, "review": 1, "approved": 2}


def decided(**changes):
    decision = decide(evidence(**changes), TODAY)
    return decision.status, [reason.code for reason in decision.reasons]


def test_matching_faces_on_a_valid_passport_are_approved():
    assert decided() == ("approved", [])


def test_another_face_is_declined():
    assert decided(faces=faces(0.1)) == ("declined", ["face_mismatch"])


def test_faces_neither_same_nor_different_go_to_review():
    assert decided(faces=faces(0.5)) == ("review", ["face_uncertain"])


def test_a_selfie_without_a_face_goes_to_review():
    assert decided(faces=no_faces()) == ("review", ["no_face_in_selfie"])


def test_a_second_face_in_the_selfie_goes_to_review():
    assert decided(faces=faces(strangers=1)) == ("review", ["several_faces"])


def test_a_document_without_a_portrait_goes_to_review():
    assert decided(faces=EngineFailure("no_portrait", "front")) == ("review", ["no_portrait"])


def test_a_face_engine_out_of_reach_leaves_the_document_checked():
    decision = decide(evidence(faces=EngineFailure("faces_not_compared")), TODAY)

    results = {check.name: check.result for check in decision.checks}
    assert (decision.status, results["face_match"], results["mrz_check_digits"]) == (
        "review",
        "not_performed",
        "passed",
    )


def test_an_mrz_engine_out_of_reach_leaves_the_faces_compared():
    decision = decide(evidence(front=EngineFailure("mrz_not_read", "front")), TODAY)

    results = {check.name: check.result for check in decision.checks}
    assert (decision.status, results["face_match"], results["mrz_found"]) == ("review", "passed", "not_performed")


def test_a_passport_without_an_mrz_goes_to_review():
    assert decided(front=Mrz(NOTHING_FOUND)) == ("review", ["mrz_not_found"])


@pytest.mark.parametrize("reason", ["too_small", "blurred", "too_dark", "glare", "cropped"])
def test_where_the_reader_knows_why_it_found_nothing_the_person_is_told(reason):
    assert decided(front=Mrz({**NOTHING_FOUND, "reason": reason})) == ("review", [f"mrz_{reason}"])


def test_a_reason_that_helps_nobody_is_not_found():
    assert decided(front=Mrz({**NOTHING_FOUND, "reason": "no_mrz"})) == ("review", ["mrz_not_found"])


def test_a_cards_front_needs_no_mrz_when_the_back_carries_it():
    sides = {"front": Mrz(NOTHING_FOUND), "back": reading(mrz_type="TD1", type="ID")}

    assert decided(type="card", **sides) == ("approved", [])


def test_a_card_without_its_back_is_asked_for_the_back():
    assert decided(type="card", front=Mrz(NOTHING_FOUND)) == ("review", ["back_needed"])


def test_a_card_with_an_mrz_on_neither_side_goes_to_review():
    assert decided(type="card", front=Mrz(NOTHING_FOUND), back=Mrz(NOTHING_FOUND)) == ("review", ["mrz_not_found"])


def test_a_driving_licence_needs_no_mrz():
    assert decided(type="driving_licence", front=Mrz(NOTHING_FOUND)) == ("approved", [])


@pytest.mark.parametrize("code", ["D1", "FA", "A1", "ID"])
def test_a_driving_licence_may_have_any_code_that_licences_print(code):
    assert decided(type="driving_licence", front=reading(type=code)) == ("approved", [])


def test_an_mrz_whose_check_digits_disagree_goes_to_review():
    assert decided(front=reading(valid=False, valid_score=70)) == ("review", ["mrz_check_digits"])


def test_an_mrz_that_its_reader_doubts_goes_to_review_though_its_check_digits_agree():
    assert decided(front=reading(valid=False, valid_score=100)) == ("review", ["mrz_doubtful"])


def test_an_expired_document_is_declined_the_day_after():
    on_the_day, a_day_later = date(2032, 4, 15), date(2032, 4, 16)

    assert decide(evidence(), on_the_day).status == "approved"
    assert [reason.code for reason in decide(evidence(), a_day_later).reasons] == ["document_expired"]


def test_an_expiry_that_is_no_day_is_not_judged():
    assert decided(front=reading(expiration_date="<<<<<<")) == ("approved", [])


def test_an_expiry_that_was_misread_declines_nobody():
    misread = reading(valid=False, valid_score=60, expiration_date="010101")

    assert decided(front=misread) == ("review", ["mrz_check_digits"])


def test_a_card_declared_as_a_passport_goes_to_review():
    assert decided(front=reading(type="ID")) == ("review", ["type_mismatch"])


def test_two_sides_of_different_documents_go_to_review():
    sides = {"front": reading(type="ID"), "back": reading(type="ID", number="X00000000")}

    assert decided(type="card", **sides) == ("review", ["sides_disagree"])


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_greater_similarity_never_worsens_the_answer(one, other):
    low, high = sorted((one, other))

    worse, better = decided(faces=faces(low))[0], decided(faces=faces(high))[0]

    assert RANK[worse] <= RANK[better]


@given(st.integers(-4000, 4000), st.integers(0, 4000))
def test_a_later_expiry_never_worsens_the_answer(days, more):
    earlier, later = (
        decide(evidence(front=reading(expiration_date=f"{TODAY + timedelta(d):%y%m%d}")), TODAY).status
        for d in (days, days + more)
    )

    assert RANK[earlier] <= RANK[later]


@pytest.mark.parametrize("threshold", [MATCH_SIMILARITY, MISMATCH_SIMILARITY])
def test_a_similarity_at_a_threshold_gets_the_better_answer(threshold):
    at, below = decided(faces=faces(threshold))[0], decided(faces=faces(threshold - 1e-6))[0]

    assert RANK[at] > RANK[below]
