import pytest

from local.iam.policies import Statement
from tools.iam_report import given_by

READ = {"Sid": "Read", "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": ["a:T", "a:U"]}


def faults(uses, function="RecordsFunction", **changes):
    given = given_by({function: [Statement.of({**READ, **changes})]}, uses)
    return [fault for each in given for fault in each.faults]


def use(action, number, function="RecordsFunction", sid="Read"):
    return (function, sid, f"dynamodb:{action}", number)


def test_what_is_all_used_has_no_fault():
    assert faults({use("GetItem", 0), use("Query", 1)}) == []


def test_an_action_that_is_never_used_is_named():
    assert faults({use("GetItem", 0), use("GetItem", 1)}) == [
        "RecordsFunction, Read: dynamodb:Query is never used",
    ]


def test_a_resource_that_is_never_reached_is_named():
    assert faults({use("GetItem", 0), use("Query", 0)}) == ["RecordsFunction, Read: U is never reached"]


@pytest.mark.parametrize("other", [{"function": "VerifyFunction"}, {"sid": "Other"}])
def test_what_another_used_counts_for_nobody_else(other):
    assert len(faults({use("GetItem", 0, **other), use("Query", 1, **other)})) == 2


def test_a_statement_for_every_resource_needs_a_reason():
    uses = {use("GetItem", 0), use("Query", 0)}
    rekognition = {(f, "AskRekognition", a, n) for f, _, a, n in uses}

    assert faults(uses, Resource="*") == ["RecordsFunction, Read: every resource is allowed, without a reason"]
    assert (
        faults(
            {("FaceCompareFunction", *rest) for _, *rest in rekognition},
            "FaceCompareFunction",
            Sid="AskRekognition",
            Resource="*",
        )
        == []
    )
