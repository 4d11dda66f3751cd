"""What a function's role does not allow, the cloud of the stack refuses, as AWS does."""

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-west-1"


@pytest.fixture
def as_function(stack):
    """Make a client that signs as a function does."""

    def as_function(function, service):
        session = boto3.Session(f"role-{function}", "any", region_name=REGION)
        once = Config(retries={"total_max_attempts": 1}, signature_version="s3v4" if service == "s3" else None)
        return session.client(service, endpoint_url=stack.cloud.endpoint_url, config=once)

    return as_function


@pytest.fixture
def names(stack):
    return stack.cloud.outputs


def refusal(call, *arguments, **options):
    with pytest.raises(ClientError) as refused:
        call(*arguments, **options)
    answer = refused.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


def test_a_function_without_permissions_reads_no_table(as_function, names):
    status, code, message = refusal(
        as_function("SandboxFunction", "dynamodb").get_item,
        TableName=names["ApiKeysTable"],
        Key={"key_hash": {"S": "1"}},
    )

    assert (status, code) == (400, "AccessDeniedException")
    assert "SandboxFunction is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:" in message
    assert message.endswith("because no identity-based policy allows the dynamodb:GetItem action")


def test_a_role_that_there_is_not_may_do_nothing(as_function, names):
    get_item = as_function("NobodysFunction", "dynamodb").get_item

    assert refusal(get_item, TableName=names["QuotaTable"], Key={"owner": {"S": "1"}, "window": {"S": "1"}})[:2] == (
        400,
        "AccessDeniedException",
    )


def test_the_authorizer_changes_nothing_of_a_key_but_its_last_use(as_function, names):
    update = {"TableName": names["ApiKeysTable"], "Key": {"key_hash": {"S": "none"}}}
    client = as_function("AuthorizerFunction", "dynamodb")
    value = {"ExpressionAttributeValues": {":v": {"S": "admin"}}}

    status, code, _ = refusal(client.update_item, **update, UpdateExpression="SET scopes = :v", **value)
    client.update_item(**update, UpdateExpression="SET last_used_at = :v", **value)

    assert (status, code) == (400, "AccessDeniedException")
    stack_table = boto3.Session("local", "local", region_name=REGION).client(
        "dynamodb", endpoint_url=client.meta.endpoint_url
    )
    stack_table.delete_item(**update)


@pytest.fixture
def picture(stack, names):
    """One picture in the bucket."""
    place = {"Bucket": names["Bucket"], "Key": "images/iam/dev/1/front"}
    stack.cloud.client("s3").put_object(**place, Body=b"picture")
    yield place
    stack.cloud.client("s3").delete_object(**place)


def test_who_draws_on_pictures_reads_them_and_stores_none(as_function, names, picture):
    s3 = as_function("AnnotatedFunction", "s3")

    assert s3.get_object(**picture)["Body"].read() == b"picture"
    assert refusal(s3.put_object, **picture, Body=b"other")[:2] == (403, "AccessDenied")
    assert refusal(s3.get_object, Bucket=names["Bucket"], Key="uploads/iam/dev/1")[:2] == (403, "AccessDenied")


def test_an_engine_reads_no_picture_but_by_an_address_that_was_signed_for_it(as_function, picture):
    signer, engine = as_function("VerifyFunction", "s3"), as_function("MrzFunction", "s3")

    answers = [
        requests.get(s3.generate_presigned_url("get_object", Params=picture), timeout=60) for s3 in (signer, engine)
    ]

    assert [(answer.status_code, answer.content == b"picture") for answer in answers] == [(200, True), (403, False)]
    for s3 in (signer, engine):
        assert refusal(s3.get_object, **picture)[:2] == (403, "AccessDenied")


def test_a_missing_object_is_denied_to_who_may_not_list_in_words_that_tell(as_function, names):
    s3 = as_function("AnnotatedFunction", "s3")

    missing = refusal(s3.get_object, Bucket=names["Bucket"], Key="images/iam/dev/none")
    denied = refusal(s3.get_object, Bucket=names["Bucket"], Key="uploads/iam/dev/none")

    assert (missing[:2], denied[:2]) == ((403, "AccessDenied"), (403, "AccessDenied"))
    assert ("s3:ListBucket" in missing[2], "s3:GetObject" in denied[2]) == (True, True)


def test_a_listing_is_held_to_its_prefix(as_function, names):
    worker = as_function("WorkerFunction", "s3")

    worker.list_object_versions(Bucket=names["Bucket"], Prefix="images/nobody/")
    assert refusal(worker.list_object_versions, Bucket=names["Bucket"], Prefix="uploads/")[:2] == (403, "AccessDenied")
    assert refusal(worker.list_object_versions, Bucket=names["Bucket"])[:2] == (403, "AccessDenied")


def test_of_a_deletion_of_many_every_object_must_be_allowed(as_function, names):
    objects = {"Objects": [{"Key": "images/iam/1"}, {"Key": "uploads/iam/1"}]}

    status, code, message = refusal(
        as_function("WorkerFunction", "s3").delete_objects, Bucket=names["Bucket"], Delete=objects
    )

    assert (status, code) == (403, "AccessDenied")
    assert "uploads/iam/1" in message


def test_only_the_functions_that_a_role_names_are_invoked(as_function, names):
    invoke = as_function("VerifyFunction", "lambda").invoke

    assert invoke(FunctionName=names["MrzFunction"], Payload=b'{"Image": {"Bytes": ""}}')["StatusCode"] == 200
    assert refusal(invoke, FunctionName=names["WorkerFunction"], Payload=b"{}")[:2] == (403, "AccessDeniedException")


def test_who_decodes_pictures_signs_nothing(as_function, stack):
    aliases = stack.cloud.client("kms").list_aliases()["Aliases"]
    alias = next(each["AliasName"] for each in aliases if each["AliasName"].endswith("-signing"))
    sign = {"KeyId": alias, "Message": b"m", "SigningAlgorithm": "ECDSA_SHA_256"}

    assert refusal(as_function("VerifyFunction", "kms").sign, **sign)[:2] == (400, "AccessDeniedException")
    assert as_function("RecordsFunction", "kms").sign(**sign)["Signature"]


def test_a_form_is_taken_by_the_permissions_of_who_signed_it(as_function, names, stack):
    signer = as_function("RecordsFunction", "s3")
    form = signer.generate_presigned_post(names["Bucket"], "uploads/iam/dev/1")

    answer = requests.post(
        f"{stack.cloud.endpoint_url}/{names['Bucket']}", data=form["fields"], files={"file": b"x"}, timeout=60
    )

    assert (answer.status_code, "AccessDenied" in answer.text) == (403, True)
