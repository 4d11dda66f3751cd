"""IAM's evaluation, by the sentences of its user guide."""

import pytest

from local.iam.calls import Call
from local.iam.policies import Allowed, PolicyNotUnderstood, Statement, allowed

TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/Verifications"
READ = {"Sid": "Read", "Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": TABLE}


def decided(call, *statements):
    return allowed([Statement.of(each) for each in statements], call)


def under(condition, **context):
    call = Call("dynamodb:GetItem", TABLE, {key.replace("_", ":", 1): value for key, value in context.items()})
    return decided(call, {**READ, "Condition": condition}) is not None


def test_what_no_statement_allows_is_denied():
    assert decided(Call("dynamodb:PutItem", TABLE), READ) is None


def test_what_a_statement_allows_is_allowed_by_it():
    assert decided(Call("dynamodb:GetItem", TABLE), READ) == Allowed("Read", 0)


def test_another_resource_is_denied():
    assert decided(Call("dynamodb:GetItem", f"{TABLE}/index/by-reference"), READ) is None


def test_a_statement_that_denies_comes_before_all_others():
    deny = {**READ, "Effect": "Deny", "Action": "dynamodb:*"}

    assert decided(Call("dynamodb:GetItem", TABLE), READ, deny) is None


def test_actions_have_no_case():
    assert decided(Call("DynamoDB:getitem", TABLE), READ) is not None


def test_resources_have_a_case():
    assert decided(Call("dynamodb:GetItem", TABLE.lower()), READ) is None


@pytest.mark.parametrize(
    ("pattern", "resource", "is_match"),
    [
        ("arn:aws:s3:::b/images/*", "arn:aws:s3:::b/images/t/dev/1/front", True),
        ("arn:aws:s3:::b/images/*", "arn:aws:s3:::b/imagesx", False),
        ("arn:aws:s3:::b/image?/x", "arn:aws:s3:::b/images/x", True),
        ("arn:aws:s3:::b/a.c", "arn:aws:s3:::b/abc", False),
        ("*", "arn:aws:s3:::b/any\nthing", True),
    ],
)
def test_a_star_is_any_text_and_a_question_mark_any_character(pattern, resource, is_match):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": pattern}

    assert (decided(Call("s3:GetObject", resource), statement) is not None) is is_match


@pytest.mark.parametrize(
    ("prefix", "is_allowed"), [(("images/1",), True), (("uploads/1",), False), (("",), False), ((), False)]
)
def test_string_like_holds_a_listing_to_its_prefix(prefix, is_allowed):
    assert under({"StringLike": {"s3:prefix": ["images/*"]}}, s3_prefix=prefix) is is_allowed


@pytest.mark.parametrize(
    ("told", "is_allowed"),
    [(("key_hash", "last_used_at"), True), (("key_hash",), True), (("key_hash", "scopes"), False), ((), True)],
)
def test_for_all_values_holds_every_attribute_and_is_true_of_none(told, is_allowed):
    condition = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["key_hash", "last_used_at"]}}

    assert under(condition, dynamodb_Attributes=told) is is_allowed


def test_if_exists_holds_where_nothing_is_told():
    assert under({"StringEqualsIfExists": {"aws:ResourceAccount": "1"}})
    assert not under({"StringEquals": {"aws:ResourceAccount": "1"}})


@pytest.mark.parametrize(
    "statement", [{**READ, "NotAction": "s3:*"}, {**READ, "Condition": {"NumericLessThan": {"s3:max-keys": "1"}}}]
)
def test_what_is_not_evaluated_is_refused_and_not_guessed(statement):
    with pytest.raises(PolicyNotUnderstood):
        Statement.of(statement)
