"""The deployed template, asked as AWS would be."""

import json
import time
from urllib.parse import urlsplit

import pytest
import requests

PATIENCE_S = 30


def test_a_function_is_invoked_by_the_name_that_the_stack_tells(stack):
    function = stack.cloud.outputs["AuthorizerFunction"]
    event = {"type": "TOKEN", "authorizationToken": stack.key, "methodArn": "arn:aws:execute-api:r:1:api/dev/GET/x"}

    answer = stack.cloud.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))

    assert json.loads(answer["Payload"].read())["context"]["mode"] == "dev"


def test_a_function_that_raises_is_marked_as_failed(stack):
    answer = stack.cloud.client("lambda").invoke(FunctionName="cari-local-AuthorizerFunction", Payload=b"{}")

    assert answer["FunctionError"] == "Unhandled"


def test_an_event_invocation_is_accepted_without_an_answer(stack):
    answer = stack.cloud.client("lambda").invoke(
        FunctionName="cari-local-AuthorizerFunction", InvocationType="Event", Payload=b"{}"
    )

    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")


def test_verifications_are_declared_to_expire(stack):
    table = stack.cloud.outputs["VerificationsTable"]

    expiry = stack.cloud.client("dynamodb").describe_time_to_live(TableName=table)["TimeToLiveDescription"]

    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires_at")


def test_only_job_files_under_batch_reach_the_batch_function(stack, tenant):
    s3, bucket = stack.cloud.client("s3"), stack.cloud.outputs["Bucket"]

    for key in (f"elsewhere/{tenant}/dev/j.json", f"batch/{tenant}/dev/j.jpg", f"batch/{tenant}/dev/j.json"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"{}")

    assert results(s3, bucket, f"results/{tenant}") == [f"results/{tenant}/dev/j.json"]


def results(s3, bucket: str, prefix: str) -> list[str]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents"):
            return [each["Key"] for each in found]
        time.sleep(0.2)
    return []


def test_a_key_revoked_before_its_first_use_opens_nothing(stack):
    answer = requests.get(
        f"{stack.url}/identity/verify/{'0' * 24}",
        headers={"Authorization": stack.add_key(state="revoked")},
        timeout=PATIENCE_S,
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


def test_the_api_answers_on_its_own_address_with_the_templates_problems(stack):
    answers = {path: requests.get(stack.url + path, timeout=PATIENCE_S) for path in ("/nowhere", "/identity/verify/x")}

    assert {path: (answer.status_code, answer.headers["Content-Type"]) for path, answer in answers.items()} == {
        "/nowhere": (404, "application/problem+json"),
        "/identity/verify/x": (401, "application/problem+json"),
    }


def test_more_than_ten_megabytes_are_refused_over_http(stack):
    answer = requests.post(f"{stack.url}/identity/verify", data=b"x" * 10_500_000, timeout=PATIENCE_S)

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("named", ["{host}:{port}/{bucket}", "{bucket}.{host}:{port}"])
def test_an_engine_follows_an_address_that_a_container_signed(stack, tenant, specimens, named):
    s3, key = stack.cloud.client("s3"), f"images/{tenant}/dev/x/front.jpg"
    s3.put_object(Bucket=stack.cloud.outputs["Bucket"], Key=key, Body=specimens["front"])
    bucket, here = stack.cloud.outputs["Bucket"], urlsplit(stack.cloud.endpoint_url)
    signed = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": key})
    container = named.format(host="host.docker.internal", port=here.port, bucket=bucket)
    address = signed.replace(f"{here.netloc}/{bucket}", container)
    event = {"Image": {"Url": address}, "Filename": "x.jpg", "TimeBudget": 20}

    answer = stack.cloud.client("lambda").invoke(
        FunctionName=stack.cloud.outputs["MrzFunction"], Payload=json.dumps(event)
    )

    assert (container in address, json.loads(answer["Payload"].read())["valid"]) == (True, True)
