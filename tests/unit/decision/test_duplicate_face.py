"""The rule about faces seen before: from what a search found, and a policy, to a check."""

from dataclasses import replace

import pytest

from cari_core.ids import created_at, new_id
from cari_core.similarity import fmr
from cari_decision.decision import decide
from cari_decision.evidence import Faces, FaceSearch, FaceSeen
from cari_decision.evidence_record import decide_under, evidence_of, written
from cari_decision.policy import parse_policy
from cari_verification.aws.face_index import comparable
from tests.unit.evidence_of_specimens import evidence

TODAY = created_at(new_id(1_780_000_000_000)).date()
SEEN = FaceSearch(compared=100, least_fmr=1e-5, best_fmr=2e-5, matches=(FaceSeen("earlier", 2e-5),))
UNSEEN = replace(SEEN, best_fmr=2e-2, matches=())


def decided(search, **rules):
    policy = parse_policy({"duplicates": {"face": True, **rules}})
    return decide(evidence(face_search=search), policy, TODAY)


def check_of(search, **rules):
    return next(check for check in decided(search, **rules).checks if check.name == "duplicate_face")


def test_a_face_seen_before_is_a_persons_to_see_and_final():
    decision = decided(SEEN)

    assert (decision.status, [(reason.code, reason.retryable) for reason in decision.reasons]) == (
        "review",
        [("duplicate_face", False)],
    )


def test_a_face_not_seen_before_is_approved():
    assert (decided(UNSEEN).status, check_of(UNSEEN).result) == ("approved", "passed")


def test_the_check_tells_its_numbers():
    check = check_of(SEEN)

    assert (fmr(check.score), fmr(check.threshold)) == (pytest.approx(2e-5), pytest.approx(1e-4))
    assert (check.error_rate, check.evidence) == (
        0.01,
        {
            "rate": "FPIR",
            "compared": 100,
            "older_not_compared": False,
            "best_fmr": 2e-5,
            "least_fmr": 1e-5,
            "verifications": ["earlier"],
        },
    )


@pytest.mark.parametrize(("compared", "result"), [(100, "failed"), (500, "failed"), (501, "passed"), (1000, "passed")])
def test_the_more_are_compared_the_likelier_a_match_has_to_be(compared, result):
    assert check_of(replace(SEEN, compared=compared)).result == result


def test_the_lowest_rate_that_was_measured_is_enough_for_as_many_as_may_be_compared():
    search = replace(SEEN, compared=comparable(0.01, 1e-5), older=True, best_fmr=1e-5)

    check = check_of(search)

    assert (search.compared, check.result, check.evidence["older_not_compared"]) == (1000, "failed", True)


@pytest.mark.parametrize(("error_rate", "most"), [(0.0001, 10), (0.01, 1000), (0.02, 2000), (0.07, 7000)])
def test_so_many_may_be_compared_as_the_calibration_can_answer_for(error_rate, most):
    assert comparable(error_rate, 1e-5) == most


def test_a_rate_that_the_calibration_cannot_promise_is_not_claimed():
    check = check_of(replace(SEEN, compared=1000), face_error_rate=0.001)

    assert (check.result, check.reason, check.evidence["unavailable"]) == (
        "not_performed",
        None,
        "error_rate_not_stated",
    )


def test_a_calibration_too_coarse_for_any_comparison_claims_nothing():
    check = check_of(FaceSearch(older=True, least_fmr=0.1))

    assert (check.result, check.evidence["unavailable"]) == ("not_performed", "error_rate_not_stated")


def test_where_nobody_was_seen_before_there_is_nothing_to_score():
    check = check_of(FaceSearch(least_fmr=1e-5))

    assert (check.result, check.score, check.threshold, check.evidence["verifications"]) == ("passed", None, None, [])


@pytest.mark.parametrize("why", ["no_embedding", "no_single_face", "faces_not_compared", "table_out_of_reach"])
def test_where_nobody_could_look_the_check_says_why_and_loses_nothing(why):
    search = FaceSearch(unavailable=why)

    check = check_of(search)

    assert (check.result, check.evidence, decided(search).status) == ("not_performed", {"unavailable": why}, "approved")


def test_where_a_policy_requires_the_check_a_person_sees_what_was_not_looked_for():
    policy = parse_policy({"duplicates": {"face": True}, "required_checks": ["duplicate_face"]})

    decision = decide(evidence(face_search=FaceSearch(unavailable="no_embedding")), policy, TODAY)

    assert [reason.code for reason in decision.reasons] == ["check_not_performed"]


def test_unasked_there_is_no_such_check():
    checks = decide(evidence(face_search=SEEN), parse_policy({}), TODAY).checks

    assert "duplicate_face" not in {check.name for check in checks}


def test_a_stricter_policy_decides_from_the_same_search():
    assert check_of(SEEN, face_error_rate=0.0019).evidence["verifications"] == []
    assert check_of(SEEN, face_error_rate=0.002).evidence["verifications"] == ["earlier"]


def test_evidence_from_before_there_were_searches_is_still_decided():
    told = written(evidence())
    del told["face_search"]
    record = {"evidence": told, "decision": {"today": TODAY.isoformat()}}

    decision = decide_under(parse_policy({"duplicates": {"face": True}}), record)

    check = next(check for check in decision.checks if check.name == "duplicate_face")
    assert (decision.status, check.result, check.evidence) == (
        "approved",
        "not_performed",
        {"unavailable": "not_looked_for"},
    )


def test_a_search_is_read_as_it_was_written():
    assert evidence_of({"evidence": written(evidence(face_search=SEEN))}).face_search == SEEN


def test_evidence_has_no_place_for_a_vector():
    assert set(written(evidence(face_search=SEEN))["face_search"]) == {
        *("compared", "older", "least_fmr", "best_fmr", "matches", "other_models", "unavailable")
    }
    assert set(Faces.__dataclass_fields__) == {"response", "selfie_size", "front_size", "states_fmr"}
