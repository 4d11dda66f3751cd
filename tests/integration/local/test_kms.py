import json

import boto3
from moto import mock_aws

from local.aws.kms import signing_as_kms

TEMPLATE = {
    "Resources": {
        "SigningKey": {
            "Type": "AWS::KMS::Key",
            "Properties": {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY", "KeyPolicy": {}},
        }
    },
    "Outputs": {"Key": {"Value": {"Ref": "SigningKey"}}},
}


def test_a_template_s_signing_key_signs(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    with mock_aws(), signing_as_kms():
        stacks, kms = boto3.client("cloudformation"), boto3.client("kms")
        stacks.create_stack(StackName="stack", TemplateBody=json.dumps(TEMPLATE))
        key = stacks.describe_stacks(StackName="stack")["Stacks"][0]["Outputs"][0]["OutputValue"]

        assert kms.sign(KeyId=key, Message=bytes(32), MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256")
        assert kms.get_public_key(KeyId=key)["KeyUsage"] == "SIGN_VERIFY"
