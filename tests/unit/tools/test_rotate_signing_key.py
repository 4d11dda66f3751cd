"""Another key signs, and what earlier ones signed is checked as before."""

import json

import boto3
import pytest
from moto import mock_aws

from cari_aws import clients
from cari_core import settings
from cari_evidence import signing
from functions.records import app as records
from local.aws.kms import signing_as_kms
from tools import rotate_signing_key

TEMPLATE = {
    "Resources": {
        "SigningKey": {
            "Type": "AWS::KMS::Key",
            "Properties": {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY", "KeyPolicy": {}},
        },
        "SigningKeyAlias": {
            "Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": "alias/stack-signing", "TargetKeyId": {"Ref": "SigningKey"}},
        },
        "SigningKeysTable": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": "purpose", "AttributeType": "S"},
                    {"AttributeName": "kid", "AttributeType": "S"},
                ],
                "KeySchema": [
                    {"AttributeName": "purpose", "KeyType": "HASH"},
                    {"AttributeName": "kid", "KeyType": "RANGE"},
                ],
            },
        },
    }
}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [], "Id": "the-stack-s-own"})
TYPE = "evidence+jwt"


@pytest.fixture
def stack(monkeypatch):
    """A stack's signing key, alias and table."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws(), signing_as_kms():
        cloudformation, kms = boto3.client("cloudformation"), boto3.client("kms")
        cloudformation.create_stack(StackName="stack", TemplateBody=json.dumps(TEMPLATE))
        described = cloudformation.describe_stack_resources(StackName="stack")["StackResources"]
        names = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in described}
        kms.put_key_policy(KeyId=names["SigningKey"], PolicyName="default", Policy=POLICY)
        monkeypatch.setenv("SIGNING_KEY_ID", names["SigningKeyAlias"])
        monkeypatch.setenv("SIGNING_KEYS_TABLE", names["SigningKeysTable"])
        _forget()
        yield names
    _forget()


def _forget():
    clients.forget()
    settings.forget()
    signing._signer.cache_clear()  # noqa: SLF001  # each test has a key of its own


def kids():
    return {key["kid"] for key in signing.jwks()["keys"]}


def rotate(sleep=lambda _: None):
    rotate_signing_key.rotate("stack", say=lambda _: None, sleep=sleep)


@pytest.mark.usefixtures("stack")
def test_another_key_signs_and_the_bundles_of_the_first_still_verify():
    before = signing.sign({}, type_=TYPE)

    rotate()

    after = signing.sign({}, type_=TYPE)
    assert before.split(".")[0] != after.split(".")[0]
    assert [signing.verify(jws, signing.jwks(), type_=TYPE) for jws in (before, after)] == [{}, {}]


def test_the_new_key_has_the_policy_of_the_stack_s_own(stack):
    rotate()

    kms = boto3.client("kms")
    made = kms.describe_key(KeyId=stack["SigningKeyAlias"])["KeyMetadata"]["KeyId"]
    assert made != stack["SigningKey"]
    assert kms.get_key_policy(KeyId=made, PolicyName="default")["Policy"] == POLICY


def test_a_key_is_published_before_it_signs(stack):
    kms = boto3.client("kms")
    first = kms.describe_key(KeyId=stack["SigningKeyAlias"])["KeyMetadata"]["KeyId"]
    published = []

    rotate(sleep=lambda _: published.append((len(kids()), kms.describe_key(KeyId=stack["SigningKeyAlias"]))))

    ((count, described),) = published
    assert (count, described["KeyMetadata"]["KeyId"]) == (2, first)


@pytest.mark.usefixtures("stack")
def test_a_key_that_signed_before_any_was_published_is_published_too():
    rotate()
    rotate()

    assert len(kids()) == 3


def test_the_wait_is_longer_than_anybody_keeps_the_key_set():
    assert rotate_signing_key.WAIT_S > records.JWKS_MAX_AGE_S
