"""What an operator sees of a request: its id in every line, and what is counted."""

import json
import os

import boto3
import pytest
from botocore.exceptions import ClientError

from cari_aws import correlation
from cari_evidence import signing
from functions.batch import app as batch
from functions.worker import app as worker
from local.aws import event_source
from tests.integration.functions import api as app
from tests.integration.functions import test_batch as batches
from tests.integration.functions.callers import holder
from tests.integration.functions.requests import CONTEXT, TENANT, event, get, multipart, post, whole_form, with_headers

pytestmark = pytest.mark.usefixtures("aws", "good_answers")
QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:work"


def lines(logged, message):
    return [line for line in map(json.loads, logged.getvalue().splitlines()) if line["message"] == message]


def posted(request_id="the-request", **headers):
    request = with_headers(post(multipart(whole_form())), **headers)
    request["requestContext"]["requestId"] = request_id
    return app.handler(request, CONTEXT)


def messages():
    received = boto3.client("sqs").receive_message(
        QueueUrl=os.environ["WORK_QUEUE_URL"], MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    return [event_source.record(each, QUEUE_ARN) for each in received["Messages"]]


def test_the_worker_goes_on_under_the_id_of_the_request_that_handed_over(logged):
    posted(Prefer="respond-async")
    correlation.begin("another")

    worker.handler({"Records": messages()}, CONTEXT)

    begun, ended = lines(logged, "verified")
    assert (begun["decision"], begun["request_id"]) == ("processing", "the-request")
    assert (ended["decision"], ended["request_id"]) == ("approved", "the-request")


def test_a_job_is_worked_on_under_its_messages_id(logged):
    batches.put_job()

    batch.handler({"Records": [batches.message()]}, CONTEXT)

    (verified,) = lines(logged, "verified")
    assert (verified["request_id"], verified["mode"], verified["Verifications"]) == ("m-0A", "live", 1)


def test_a_job_that_is_delivered_twice_is_counted_once(logged):
    batches.put_job()

    for _ in range(2):
        batch.handler({"Records": [batches.message()]}, CONTEXT)

    assert (len(lines(logged, "job done")), len(lines(logged, "verified"))) == (2, 1)


def test_a_verification_is_counted_with_its_times_and_its_cost(logged):
    posted()

    (verified,) = lines(logged, "verified")
    assert (verified["mode"], verified["decision"], verified["Verifications"]) == ("dev", "approved", 1)
    assert min(verified[name] for name in ("StorePicturesMs", "FacesMs", "MrzMs", "DecideMs", "SaveMs")) >= 0
    assert (verified["TotalMs"] > verified["SaveMs"], verified["EstimatedDollars"] > 0) == (True, True)


def test_a_repeated_request_is_counted_as_one_and_not_as_a_verification(logged):
    for _ in range(2):
        posted(Idempotency_Key="once")

    (replayed,) = lines(logged, "replayed")
    assert (replayed["IdempotentReplays"], replayed["request_id"]) == (1, "the-request")


@pytest.mark.parametrize(
    ("limit", "code"), [("requests_per_minute", "rate_limited"), ("verifications_per_month", "quota_exceeded")]
)
def test_what_a_quota_refuses_is_counted_by_which(logged, limit, code):
    refused = holder(**{limit: 0}).verify()

    (line,) = lines(logged, "quota refused")
    assert (refused.status, line["code"], line["QuotaRefusals"]) == (429, code, 1)


def test_no_line_tells_the_tenant_or_anything_of_the_person(logged):
    posted()

    said = logged.getvalue()
    assert not [told for told in (TENANT, "L898902C3", "ERIKSSON", "front.jpg") if told in said]


def test_a_key_that_does_not_sign_is_told_by_what_it_failed_with(logged, monkeypatch):
    made = json.loads(posted()["body"])

    def refuse():
        raise ClientError({"Error": {"Code": "KMSInternalException", "Message": "secret"}}, "Sign")

    with monkeypatch.context() as without_kms:
        without_kms.setattr(signing, "_signer", refuse)
        erased = app.handler(event("DELETE", f"/identity/verify/{made['id']}"), CONTEXT)
    gone = app.handler(get(f"/identity/verify/{made['id']}"), CONTEXT)

    (line,) = lines(logged, "not signed")
    assert (erased["statusCode"], gone["statusCode"], line["error_type"]) == (503, 404, "ClientError")
    assert "secret" not in logged.getvalue()
