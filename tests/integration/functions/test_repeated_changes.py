"""A change that is sent again under its Idempotency-Key is made once and told again; erasures take the key along."""

import json

import boto3
import pytest

from cari_verification.aws import erasure
from functions.batch import app as batch
from functions.worker import app as worker
from tests.integration.functions.callers import holder
from tests.integration.functions.requests import CONTEXT
from tests.integration.functions.test_batch import message, put_job, stored

pytestmark = pytest.mark.usefixtures("aws", "good_answers", "signing_key")
DECISION = {"decision": "declined", "reason": "The photograph was taken of a screen."}


@pytest.fixture
def caller():
    return holder()


@pytest.fixture
def verification(caller):
    return caller.verify().body["id"]


def test_a_review_is_recorded_once(caller, verification):
    path = f"/identity/verify/{verification}/review"

    first, second = (caller.ask("POST", path, DECISION, Idempotency_Key="once") for _ in range(2))

    assert (first.status, second.status, first.body) == (200, 200, second.body)
    assert (first.headers.get("Idempotent-Replayed"), second.headers["Idempotent-Replayed"]) == (None, "true")
    assert len(caller.ask("GET", f"/identity/verify/{verification}").body["reviews"]) == 1


def test_another_review_under_the_same_key_is_refused_and_changes_nothing(caller, verification):
    path = f"/identity/verify/{verification}/review"
    caller.ask("POST", path, DECISION, Idempotency_Key="once")

    other = caller.ask("POST", path, {**DECISION, "decision": "approved"}, Idempotency_Key="once")

    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert caller.ask("GET", f"/identity/verify/{verification}").body["status"] == "declined"


def test_a_policy_gets_one_version(caller):
    versions = [
        caller.ask("PUT", "/identity/policies/strict", {}, Idempotency_Key=key).body["version"]
        for key in ("once", "once", "twice")
    ]

    assert versions == [1, 1, 2]


def test_a_change_that_is_refused_leaves_its_key_free(caller):
    answers = [
        caller.ask("POST", f"/identity/keys/{'0' * 24}/rotate", {}, Idempotency_Key="once").body["code"]
        for _ in range(2)
    ]

    assert answers == ["not_found", "not_found"]


def objects_under(*prefixes):
    s3 = boto3.client("s3")
    return [
        each["Key"]
        for prefix in prefixes
        for each in s3.list_objects_v2(Bucket="bucket", Prefix=prefix).get("Contents", [])
    ]


def test_the_erasure_of_a_jobs_verification_takes_the_job_and_its_result_with_it():
    put_job()
    batch.handler({"Records": [message()]}, CONTEXT)
    (item,) = stored()
    owner = holder(tenant="a" * 24, mode="live")

    answer = owner.ask("DELETE", f"/identity/verify/{item['id']}")

    assert answer.status == 200
    assert objects_under("images/", "results/") == []
    assert [key for key in objects_under("batch/") if key.endswith(".json")] == []


def test_the_worker_ends_the_erasure_of_a_jobs_verification():
    put_job()
    batch.handler({"Records": [message()]}, CONTEXT)
    (item,) = stored()
    erasure.mark("a" * 24, "live", item["id"])
    body = json.dumps({"tenant": "a" * 24, "mode": "live", "id": item["id"]})

    worker.handler({"Records": [{"messageId": "1", "body": body, "eventSource": "aws:sqs"}]}, CONTEXT)

    assert objects_under("images/", "results/") == []


def test_the_worker_forgets_the_key_of_what_it_erases(caller):
    identifier = caller.verify(Idempotency_Key="once").body["id"]
    erasure.mark(caller.tenant, caller.mode, identifier)
    body = json.dumps({"tenant": caller.tenant, "mode": caller.mode, "id": identifier})

    worker.handler({"Records": [{"messageId": "1", "body": body, "eventSource": "aws:sqs"}]}, CONTEXT)

    assert boto3.resource("dynamodb").Table("idempotency").scan()["Items"] == []
