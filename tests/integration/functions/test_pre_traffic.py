"""A release is tried through the very functions that it is made of; only Lambda and CodeDeploy are played."""

import io
import json
from types import SimpleNamespace

import boto3
import pytest

from cari_core import settings
from cari_decision.evidence import EngineFailure
from functions.pre_traffic import app as pre_traffic
from functions.records import app as records
from functions.sandbox import app as sandbox
from functions.verify import app as verify
from functions.worker import app as worker
from tests.integration.functions.requests import CONTEXT as USUAL
from tests.unit.evidence_of_specimens import faces, reading

pytestmark = pytest.mark.usefixtures("aws", "signing_key")
EVENT = {"DeploymentId": "d-ABCDEF123", "LifecycleEventHookExecutionId": "opaque"}
NAMES = {"VERIFY_VERSION": "verify:2", "RECORDS_VERSION": "records:2", "SANDBOX_FUNCTION": "sandbox"}
CONTEXT = SimpleNamespace(**{**vars(USUAL), "get_remaining_time_in_millis": lambda: 180_000})
STRANGERS = 0.01


class Lambda:
    """Invokes the functions' real handlers."""

    def __init__(self):
        self.handlers = {"verify:2": verify, "records:2": records, "sandbox": sandbox}
        self.invoked, self.before = [], {}

    def invoke(self, *, FunctionName, Payload):  # noqa: N803  # boto3's names
        event = json.loads(Payload)
        self.before.get(event["httpMethod"], lambda: None)()
        self.invoked.append((FunctionName, event["httpMethod"]))
        answer = self.handlers[FunctionName].handler(event, CONTEXT)
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


class CodeDeploy:
    """Keeps what it is told."""

    def put_lifecycle_event_hook_execution_status(self, **told):
        self.told = told


@pytest.fixture
def played(monkeypatch, answers):
    """Lambda and CodeDeploy; the engines find a match for the first selfie and a stranger in the second."""
    functions, deployments = Lambda(), CodeDeploy()
    monkeypatch.setattr(pre_traffic, "_lambda", lambda: functions)
    monkeypatch.setattr(pre_traffic, "_codedeploy", lambda: deployments)
    for name, value in NAMES.items():
        monkeypatch.setenv(name, value)
    settings.forget()
    said = iter([faces(), faces(STRANGERS)])
    functions.before["POST"] = lambda: answers.update(faces=next(said), mrz=reading())
    return functions, deployments


def left():
    tables = [boto3.resource("dynamodb").Table(name).scan()["Items"] for name in ("verifications", "seen")]
    return tables, boto3.client("s3").list_object_versions(Bucket="bucket").get("Versions", [])


def kept_of_anybody():
    (verifications, _), pictures = left()
    return verifications, pictures


def let_the_worker_end_it():
    for item in kept_of_anybody()[0]:
        if item.get("status") == "processing":
            tenant, mode = item["owner"].split("#")
            body = json.dumps({"tenant": tenant, "mode": mode, "id": item["id"]})
            worker.handler({"Records": [{"messageId": "m", "body": body}]}, CONTEXT)


def test_a_release_that_verifies_reads_back_and_erases_is_let_pass(played):
    functions, deployments = played

    assert pre_traffic.handler(EVENT, CONTEXT) == {"status": "Succeeded"}
    assert deployments.told == {
        "deploymentId": "d-ABCDEF123",
        "lifecycleEventHookExecutionId": "opaque",
        "status": "Succeeded",
    }
    asked = [("verify:2", "POST"), ("records:2", "GET"), ("records:2", "DELETE")]
    assert [each for each in functions.invoked if each[0] != "sandbox"] == asked * 2


@pytest.mark.usefixtures("played")
def test_nothing_is_left_behind():
    assert pre_traffic.handler(EVENT, CONTEXT) == {"status": "Succeeded"}

    assert kept_of_anybody() == ([], [])


def test_a_release_that_approves_a_stranger_is_refused_and_leaves_nothing(played, answers, logged):
    functions, deployments = played
    functions.before["POST"] = lambda: answers.update(faces=faces(), mrz=reading())

    pre_traffic.handler(EVENT, CONTEXT)

    assert deployments.told["status"] == "Failed"
    assert "face_mismatch came out as" in logged.getvalue()
    assert kept_of_anybody() == ([], [])


def test_a_release_whose_engines_fail_is_refused(played, answers):
    functions, deployments = played
    failed = EngineFailure("faces_not_compared")
    functions.before["POST"] = lambda: answers.update(faces=failed, mrz=reading())

    pre_traffic.handler(EVENT, CONTEXT)

    assert deployments.told["status"] == "Failed"


@pytest.mark.parametrize("broken", ["verify:2", "records:2", "sandbox"])
def test_a_release_that_crashes_is_refused(played, broken):
    functions, deployments = played
    functions.handlers[broken] = None

    pre_traffic.handler(EVENT, CONTEXT)

    assert deployments.told["status"] == "Failed"


def test_a_release_that_answers_with_an_error_is_refused(played, monkeypatch, logged):
    _, deployments = played
    monkeypatch.setattr(verify, "policies", None)

    pre_traffic.handler(EVENT, CONTEXT)

    assert deployments.told["status"] == "Failed"
    assert "POST /identity/verify was answered 500" in logged.getvalue()


def test_what_was_handed_over_is_waited_for(played, monkeypatch):
    functions, deployments = played
    post = verify.handler

    def hand_over(event, context):
        return post(
            {**event, "multiValueHeaders": {**event["multiValueHeaders"], "Prefer": ["respond-async"]}}, context
        )

    monkeypatch.setattr(verify, "handler", hand_over)
    monkeypatch.setattr(pre_traffic.time, "sleep", lambda _: let_the_worker_end_it())

    pre_traffic.handler(EVENT, CONTEXT)

    assert deployments.told["status"] == "Succeeded"
    assert [method for _, method in functions.invoked].count(
        "GET"
    ) == 1 + 2 * 2 + 2 * 2  # the list, pictures, verifications


@pytest.mark.usefixtures("played")
def test_every_function_works_for_the_deployment(logged):
    pre_traffic.handler(EVENT, CONTEXT)

    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert {line["request_id"] for line in lines} == {"d-ABCDEF123"}
    assert {"verified", "erased", "release passes"} <= {line["message"] for line in lines}
