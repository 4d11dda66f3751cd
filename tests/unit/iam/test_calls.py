"""Which actions a request needs: as botocore writes it, recorded by asking no service."""

import io
import json

import boto3
import botocore.awsrequest
import pytest

from local.iam.calls import Asked, Call, calls
from local.iam.enforced import CREDENTIAL

REGION = "eu-west-1"
DYNAMODB = f"arn:aws:dynamodb:{REGION}:123456789012:table"


class Sent(Exception):
    """Carries a request away before it is sent."""


def asked_by(service, make, endpoint="http://127.0.0.1:5000"):
    """Give the calls of the first request that an SDK call sends."""
    session = boto3.Session("role-VerifyFunction", "secret", region_name=REGION)
    client = session.client(service, endpoint_url=endpoint)
    sent = []

    def before_send(request: botocore.awsrequest.AWSPreparedRequest, **_):
        sent.append(request)
        raise Sent

    client.meta.events.register_first("before-send", before_send)
    with pytest.raises(Sent):
        make(client)
    headers = {
        name.lower(): value if isinstance(value, str) else value.decode() for name, value in sent[0].headers.items()
    }
    signed = CREDENTIAL.search(headers["authorization"])
    assert signed[1] == "VerifyFunction"
    is_json = "x-amz-target" in headers
    return calls(
        signed[3], signed[2], Asked(sent[0].method, sent[0].url, headers, json.loads(sent[0].body) if is_json else {})
    )


def actions(found: list[Call]):
    return [(each.action, each.resource) for each in found]


def test_a_table_and_its_index_are_two_resources():
    key = {"KeyConditionExpression": "#o = :o", "ExpressionAttributeNames": {"#o": "owner_reference"}}
    values = {"ExpressionAttributeValues": {":o": {"S": "x"}}}

    table = asked_by("dynamodb", lambda client: client.query(TableName="T", **key, **values))
    index = asked_by("dynamodb", lambda client: client.query(TableName="T", IndexName="by-reference", **key, **values))

    assert actions(table) == [("dynamodb:Query", f"{DYNAMODB}/T")]
    assert actions(index) == [("dynamodb:Query", f"{DYNAMODB}/T/index/by-reference")]


def test_a_transaction_needs_each_of_its_actions():
    found = asked_by(
        "dynamodb",
        lambda client: client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": "T", "Item": {"id": {"S": "1"}}}},
                {"Delete": {"TableName": "U", "Key": {"id": {"S": "1"}}}},
                {"ConditionCheck": {"TableName": "U", "Key": {"id": {"S": "1"}}, "ConditionExpression": "size(a) > 1"}},
            ]
        ),
    )

    assert actions(found) == [
        ("dynamodb:PutItem", f"{DYNAMODB}/T"),
        ("dynamodb:DeleteItem", f"{DYNAMODB}/U"),
        ("dynamodb:ConditionCheckItem", f"{DYNAMODB}/U"),
    ]


def test_an_update_touches_what_its_expressions_name():
    (found,) = asked_by(
        "dynamodb",
        lambda client: client.update_item(
            TableName="T",
            Key={"key_hash": {"S": "1"}},
            UpdateExpression="SET last_used_at = :now, #s = if_not_exists(#s, :now)",
            ConditionExpression="attribute_exists(key_hash) AND expires_at > :now",
            ExpressionAttributeNames={"#s": "state"},
            ExpressionAttributeValues={":now": {"N": "1"}},
        ),
    )

    assert found.context["dynamodb:Attributes"] == ("expires_at", "key_hash", "last_used_at", "state")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda s3: s3.get_object(Bucket="b", Key="images/a b"), [("s3:GetObject", "b/images/a b")]),
        (lambda s3: s3.head_object(Bucket="b", Key="k"), [("s3:GetObject", "b/k")]),
        (lambda s3: s3.get_object(Bucket="b", Key="k", VersionId="1"), [("s3:GetObjectVersion", "b/k")]),
        (lambda s3: s3.put_object(Bucket="b", Key="k", Body=b""), [("s3:PutObject", "b/k")]),
        (
            lambda s3: s3.put_object(Bucket="b", Key="k", Body=b"", Tagging="a=1"),
            [("s3:PutObject", "b/k"), ("s3:PutObjectTagging", "b/k")],
        ),
        (
            lambda s3: s3.copy_object(Bucket="b", Key="k", CopySource={"Bucket": "c", "Key": "l m"}),
            [("s3:PutObject", "b/k"), ("s3:GetObject", "c/l m")],
        ),
        (lambda s3: s3.delete_object(Bucket="b", Key="k"), [("s3:DeleteObject", "b/k")]),
        (lambda s3: s3.delete_object(Bucket="b", Key="k", VersionId="1"), [("s3:DeleteObjectVersion", "b/k")]),
        (lambda s3: s3.list_object_versions(Bucket="b", Prefix="images/"), [("s3:ListBucketVersions", "b")]),
        (lambda s3: s3.list_objects_v2(Bucket="b"), [("s3:ListBucket", "b")]),
    ],
)
def test_a_request_to_s3_needs_the_action_of_its_method(make, expected):
    assert actions(asked_by("s3", make)) == [(action, f"arn:aws:s3:::{resource}") for action, resource in expected]


def test_a_bucket_named_by_its_host_is_the_same_bucket():
    on_path = asked_by("s3", lambda s3: s3.get_object(Bucket="b", Key="k"))
    in_host = asked_by("s3", lambda s3: s3.get_object(Bucket="b", Key="k"), endpoint="http://localhost:5000")
    by_form = calls("s3", REGION, Asked("POST", "http://b.localhost:5000/", {}, {"key": "uploads/1"}))

    assert on_path == in_host
    assert actions(by_form) == [("s3:PutObject", "arn:aws:s3:::b/uploads/1")]


def test_each_object_of_a_deletion_is_a_call():
    body = {"Objects": [{"Key": "k", "VersionId": "1"}, {"Key": "l"}]}

    found = calls("s3", REGION, Asked("POST", "http://127.0.0.1/b?delete", {}, body))

    assert actions(found) == [("s3:DeleteObjectVersion", "arn:aws:s3:::b/k"), ("s3:DeleteObject", "arn:aws:s3:::b/l")]


def test_a_function_is_known_by_its_name_and_by_its_arn():
    arn = f"arn:aws:lambda:{REGION}:123456789012:function:F"

    for name in ("F", arn):
        found = asked_by(
            "lambda", lambda client, name=name: client.invoke(FunctionName=name, Payload=io.BytesIO(b"{}"))
        )
        assert actions(found) == [("lambda:InvokeFunction", arn)]


def test_a_queue_a_key_and_rekognition():
    queue = asked_by("sqs", lambda c: c.send_message(QueueUrl="http://127.0.0.1/123456789012/Q", MessageBody="m"))
    key = asked_by("kms", lambda c: c.get_public_key(KeyId="1-2"))
    faces = asked_by("rekognition", lambda c: c.detect_faces(Image={"Bytes": b"x"}))

    assert actions([*queue, *key, *faces]) == [
        ("sqs:SendMessage", f"arn:aws:sqs:{REGION}:123456789012:Q"),
        ("kms:GetPublicKey", f"arn:aws:kms:{REGION}:123456789012:key/1-2"),
        ("rekognition:DetectFaces", "*"),
    ]


def test_a_key_that_is_asked_by_its_alias_is_told_with_it_and_with_what_it_is_to_encrypt_for():
    asking = {"KeyId": "alias/stack-secrets", "Plaintext": b"x", "EncryptionContext": {"purpose": "p", "mode": "dev"}}

    by_name, by_arn = (
        asked_by("kms", lambda c, key=key: c.encrypt(**{**asking, "KeyId": key}))
        for key in ("alias/stack-secrets", f"arn:aws:kms:{REGION}:123456789012:alias/stack-secrets")
    )

    assert by_name == by_arn
    assert by_name[0].context == {
        "kms:RequestAlias": ("alias/stack-secrets",),
        "kms:EncryptionContextKeys": ("purpose", "mode"),
        "kms:EncryptionContext:purpose": ("p",),
        "kms:EncryptionContext:mode": ("dev",),
    }


def test_a_service_that_no_function_uses_is_a_call_that_no_policy_names():
    assert actions(asked_by("sns", lambda c: c.list_topics())) == [("sns:POST", "*")]
