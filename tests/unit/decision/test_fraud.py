from dataclasses import replace
from datetime import date

import pytest

from cari_decision.checks.fraud import COPIED_AGREEMENT, DOCUMENT_ROWS, same_files
from cari_decision.decision import decide
from cari_decision.evidence import EngineFailure, Mrz
from cari_decision.policy import default_policy, parse_policy
from tests.unit.evidence_of_specimens import NOTHING_FOUND, evidence, faces, reading

TODAY = date(2026, 6, 1)
ASKED = {"same_files": ()}


def decided(**changes):
    decision = decide(evidence(**{**ASKED, **changes}), default_policy(), TODAY)
    return decision.status, [reason.code for reason in decision.reasons]


def measured(**said):
    """Let the face engine have measured something of the pictures."""
    compared = faces()
    return replace(compared, response={**compared.response, **said})


def rows(front, selfie=0):
    return measured(PrintedRows={"SourceImage": front, "TargetImage": selfie})


def test_a_selfie_that_is_the_documents_file_is_declined():
    assert decided(same_files=(("selfie", "front"),)) == ("declined", ["same_picture"])


def test_one_file_for_both_sides_goes_to_review():
    both = {"type": "card", "front": reading(type="ID"), "back": reading(type="ID")}

    assert decided(**both, same_files=(("front", "back"),)) == ("review", ["sides_identical"])


def test_files_are_the_same_by_their_digest_and_never_for_want_of_one():
    assert same_files({"selfie": "a", "front": "b", "back": "b"}) == (("front", "back"),)
    assert same_files({"selfie": "", "front": ""}) == ()


@pytest.mark.parametrize(
    ("agreement", "answer"),
    [(COPIED_AGREEMENT, ("review", ["portrait_copied"])), (COPIED_AGREEMENT - 0.01, ("approved", []))],
)
def test_a_selfie_whose_pixels_are_the_portraits_goes_to_review(agreement, answer):
    assert decided(faces=measured(PictureAgreement=agreement)) == answer


@pytest.mark.parametrize(
    ("selfie", "answer"),
    [(DOCUMENT_ROWS, ("review", ["document_in_selfie"])), (DOCUMENT_ROWS - 1, ("approved", []))],
)
def test_a_selfie_with_a_documents_print_around_the_face_goes_to_review(selfie, answer):
    assert decided(faces=rows(10, selfie)) == answer


@pytest.mark.parametrize(("front", "answer"), [(0, ("review", ["nothing_printed"])), (1, ("approved", []))])
def test_a_portrait_with_nothing_printed_around_it_goes_to_review(front, answer):
    card = {"type": "card", "front": Mrz(NOTHING_FOUND), "back": reading(mrz_type="TD1", type="ID")}

    assert decided(**card, faces=rows(front)) == answer


@pytest.mark.parametrize(
    ("type_", "kind", "code", "reasons"),
    [
        ("passport", "TD3", "P<", ["mrz_on_back"]),
        ("visa", "MRVB", "V<", ["mrz_on_back"]),
        ("card", "TD2", "ID", ["mrz_on_back"]),
        ("card", "TD1", "ID", []),
    ],
)
def test_lines_that_stand_beside_the_portrait_are_not_looked_for_on_the_back(type_, kind, code, reasons):
    sides = {"front": Mrz(NOTHING_FOUND), "back": reading(mrz_type=kind, type=code)}

    _, told = decided(type=type_, **sides)

    assert [code for code in told if code != "back_not_expected"] == reasons


def test_lines_on_both_sides_are_on_the_front_too():
    assert decided(type="card", front=reading(mrz_type="TD2", type="ID"), back=reading(mrz_type="TD2", type="ID")) == (
        "approved",
        [],
    )


def test_an_engine_that_measures_nothing_leaves_the_checks_unperformed():
    decision = decide(evidence(**ASKED), default_policy(), TODAY)

    left = {check.name for check in decision.checks if check.result == "not_performed"}
    assert {"portrait_copied", "document_in_selfie", "print_around_portrait"} <= left


def test_what_must_be_measured_a_policy_may_require():
    policy = parse_policy({"required_checks": ["portrait_copied"]})

    assert [reason.code for reason in decide(evidence(**ASKED), policy, TODAY).reasons] == ["check_not_performed"]


def test_a_face_engine_out_of_reach_hides_no_file_that_was_sent_twice():
    failed = EngineFailure("faces_not_compared")

    assert "same_picture" in decided(faces=failed, same_files=(("selfie", "front"),))[1]


def test_evidence_from_before_anybody_asked_is_decided_as_it_was():
    before = {"faces": rows(0, 20), "front": Mrz(NOTHING_FOUND), "back": reading()}

    assert decided(**before, same_files=None) == ("approved", ["back_not_expected"])
