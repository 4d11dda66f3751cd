"""What the template promises about safety, read from the template itself."""

import json
from pathlib import Path

import pytest
from samcli.yamlhelper import yaml_parse

TEMPLATE = yaml_parse((Path(__file__).parents[3] / "template.yaml").read_text())
RESOURCES = TEMPLATE["Resources"]
FUNCTIONS = {n: r["Properties"] for n, r in RESOURCES.items() if r["Type"] == "AWS::Serverless::Function"}
API_GATEWAY_TIMEOUT_S = 29


def statements():
    for name, function in FUNCTIONS.items():
        for policy in function.get("Policies", []):
            branches = policy.get("Fn::If", [policy])
            for branch in branches:
                if isinstance(branch, dict):
                    for statement in branch.get("Statement", []):
                        yield name, statement


@pytest.mark.parametrize("statement", [pytest.param(s, id=f"{n}-{s['Sid']}") for n, s in statements()])
def test_no_function_may_do_everything_or_reach_everything(statement):
    actions = statement["Action"]

    assert not [action for action in actions if "*" in action]
    assert statement["Resource"] != "*" or all(action.startswith("rekognition:") for action in actions)


def test_verify_answers_before_the_gateway_gives_up():
    assert FUNCTIONS["VerifyFunction"]["Timeout"] < API_GATEWAY_TIMEOUT_S


@pytest.mark.parametrize("engine", ["FaceCompareFunction", "MrzFunction"])
def test_an_engine_gives_up_before_verify_does(engine):
    timeout = FUNCTIONS[engine].get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"])

    assert timeout < FUNCTIONS["VerifyFunction"]["Timeout"]


def test_the_bucket_is_private_encrypted_and_forgets():
    bucket = RESOURCES["Bucket"]["Properties"]

    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["BucketEncryption"]
    assert "ExpirationInDays" in json.dumps(bucket["LifecycleConfiguration"])


def test_verifications_expire_by_themselves():
    table = RESOURCES["VerificationsTable"]["Properties"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


@pytest.mark.parametrize("table", ["VerificationsTable", "ApiKeysTable"])
def test_tables_are_encrypted_and_can_be_restored(table):
    properties = RESOURCES[table]["Properties"]

    assert properties["SSESpecification"]["SSEEnabled"]
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]


def test_batch_results_start_no_jobs():
    notification = RESOURCES["Bucket"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"][0]

    prefixes = [rule["Value"] for rule in notification["Filter"]["S3Key"]["Rules"] if rule["Name"] == "prefix"]
    assert prefixes == ["batch/"]


@pytest.mark.parametrize(
    "status", ["UNAUTHORIZED", "ACCESS_DENIED", "REQUEST_TOO_LARGE", "THROTTLED", "INTEGRATION_TIMEOUT"]
)
def test_the_gateways_own_answers_are_problem_documents(status):
    response = RESOURCES["Api"]["Properties"]["GatewayResponses"][status]

    body = json.loads(response["ResponseTemplates"]["application/json"])
    assert response["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
    assert {"type", "title", "status", "code", "detail", "request_id"} <= set(body)
    assert body["status"] == response["StatusCode"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_keeps_its_logs_for_a_bounded_time(function):
    group = FUNCTIONS[function]["LoggingConfig"]["LogGroup"]["Ref"]

    assert RESOURCES[group]["Properties"]["RetentionInDays"]
