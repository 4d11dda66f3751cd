"""The template's roles, as CloudFormation would resolve them."""

import pytest

from local import template
from local.iam.calls import Call
from local.iam.policies import allowed
from local.iam.roles import Deployed, roles

NAMES = {
    "Bucket": "bucket",
    "WorkQueue": "http://127.0.0.1/123456789012/work",
    **{
        f"{name}Table": name
        for name in ("Verifications", "Tenants", "Seen", "Idempotency", "ApiKeys", "Quota", "SigningKeys")
    },
    **{name: name for name in template.functions()},
}


def roles_with(**parameters):
    return roles(Deployed(template.deployed(**parameters), NAMES, "eu-west-1", "stack"))


def test_every_function_has_a_role():
    assert roles_with().keys() == template.functions().keys()


@pytest.mark.parametrize(("backend", "is_allowed"), [("bundled", False), ("rekognition", True)])
def test_rekognition_is_asked_only_where_it_is_the_backend(backend, is_allowed):
    statements = roles_with(FaceBackend=backend)["FaceCompareFunction"]

    assert (allowed(statements, Call("rekognition:CompareFaces", "*")) is not None) is is_allowed


@pytest.mark.parametrize(("key", "is_allowed"), [("", False), ("arn:aws:kms:eu-west-1:1:key/2", True)])
def test_a_key_of_your_own_is_used_only_where_there_is_one_and_through_a_service(key, is_allowed):
    statements = roles_with(DataKeyArn=key)["VerifyFunction"]
    via_s3 = {"kms:ViaService": ("s3.eu-west-1.amazonaws.com",)}

    assert (allowed(statements, Call("kms:Decrypt", key, via_s3)) is not None) is is_allowed
    assert allowed(statements, Call("kms:Decrypt", key)) is None


@pytest.mark.parametrize(("alias", "is_allowed"), [("cari-signing", False), ("stack-signing", True)])
def test_records_signs_by_the_stack_s_own_alias_alone(alias, is_allowed):
    call = Call("kms:Sign", "arn:aws:kms:eu-west-1:123456789012:key/1", {"kms:RequestAlias": (f"alias/{alias}",)})

    assert (allowed(roles_with()["RecordsFunction"], call) is not None) is is_allowed


def test_a_queue_is_named_by_the_end_of_its_url():
    statements = roles_with()["VerifyFunction"]

    assert allowed(statements, Call("sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:work"))


@pytest.mark.parametrize("function", sorted(template.functions()))
def test_no_role_names_every_resource_but_for_rekognition(function):
    open_to_all = {each.sid for each in roles_with(FaceBackend="rekognition")[function] if "*" in each.resources}

    assert open_to_all <= {"AskRekognition"}
