"""Policies as data: what is refused, and where the pointer leads."""

import pytest

from cari_core.errors import PolicyRejected
from cari_decision.policy import Policy, default_policy, parse_policy, sandbox_policies


def test_the_default_that_is_committed_is_the_default_of_every_rule():
    assert default_policy().model_copy(update={"description": ""}) == Policy()


def test_rules_survive_being_stored():
    policy = parse_policy({"face": {"approve_fmr": 1e-4}, "reasons": {"expires_soon": "review"}, "minimum_age": 18})

    assert Policy.model_validate_json(policy.model_dump_json()) == policy


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ({"colour": "blue"}, "/colour"),
        ({"face": {"approve_fmr": 0}}, "/face/approve_fmr"),
        ({"face": {"approve_fmr": "0.1"}}, "/face/approve_fmr"),
        ({"face": {"approve_fmr": 0.1, "decline_fmr": 0.05}}, "/face"),
        ({"face": {"uncalibrated": {"approve_similarity": 0.2, "decline_similarity": 0.3}}}, "/face/uncalibrated"),
        ({"minimum_age": -1}, "/minimum_age"),
        ({"minimum_age": 17.5}, "/minimum_age"),
        ({"accepted_types": []}, "/accepted_types"),
        ({"accepted_types": ["library_card"]}, "/accepted_types/0"),
        ({"accepted_countries": ["Germany"]}, "/accepted_countries/0"),
        ({"accepted_countries": ["D"], "refused_countries": ["D"]}, ""),
        ({"accepted_countries": ["DEU", "GER"]}, "/accepted_countries/1"),
        ({"refused_countries": ["XX"]}, "/refused_countries/0"),
        ({"accepted_countries": ["DEU"], "refused_countries": ["FRA", "D"]}, "/refused_countries/1"),
        ({"reasons": {"specimen_document": "ignore"}}, "/reasons/specimen_document"),
        ({"required_checks": ["luck"]}, "/required_checks/0"),
        ({"reasons": {"bad_hair": "decline"}}, ""),
        ({"reasons": {"face_mismatch": "forgive"}}, "/reasons/face_mismatch"),
        ({"retention_days": 2}, "/retention_days"),
        ({"shadow": "../other"}, "/shadow"),
        ([], ""),
        ("strict", ""),
        (None, ""),
    ],
)
def test_a_wrong_rule_is_pointed_at(rules, pointer):
    with pytest.raises(PolicyRejected) as refused:
        parse_policy(rules)

    assert refused.value.field == pointer


def test_a_country_that_there_is_not_is_named():
    with pytest.raises(PolicyRejected, match="GER is no country's code"):
        parse_policy({"accepted_countries": ["GER"]})


def test_rules_that_were_stored_before_codes_were_checked_still_decide():
    assert Policy.model_validate({"refused_countries": ["GER"]}).refused_countries == ["GER"]


def test_a_whole_number_may_be_written_as_a_float_as_in_json_schema():
    policy = parse_policy({"minimum_age": 18.0, "expires_soon_days": 33.0})

    assert (policy.minimum_age, policy.expires_soon_days) == (18, 33)


def test_every_wrong_rule_is_named():
    with pytest.raises(PolicyRejected) as refused:
        parse_policy({"minimum_age": 0, "colour": "blue"})

    assert {error["field"] for error in refused.value.extensions["errors"]} == {"/minimum_age", "/colour"}


def test_the_sandboxs_policies_are_policies():
    assert set(sandbox_policies()) >= {"sandbox-minimum-age", "sandbox-duplicates"}
