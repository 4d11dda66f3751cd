import json

import pytest

from local.aws.event_source import done_with, record
from local.lambda_runtime.runtime_api import Outcome, failure

MESSAGES = [{"MessageId": "a"}, {"MessageId": "b"}]
REPORTING = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


def done(answer: object, mapping=REPORTING) -> str:
    outcome = answer if isinstance(answer, Outcome) else Outcome(json.dumps(answer).encode())
    return "".join(message["MessageId"] for message in done_with(MESSAGES, outcome, mapping))


def test_messages_that_are_not_reported_as_failed_are_done_with():
    assert done({"batchItemFailures": [{"itemIdentifier": "a"}]}) == "b"


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_a_report_of_no_failures_is_done_with_all(answer):
    assert done(answer) == "ab"


@pytest.mark.parametrize(
    "answer",
    [
        failure("Runtime.ExitError", ""),
        "all well",
        {"batchItemFailures": [{"itemIdentifier": "another"}]},
        {"batchItemFailures": [{"id": "a"}]},
    ],
)
def test_a_failed_batch_or_a_report_that_makes_no_sense_is_done_with_none(answer):
    assert done(answer) == ""


def test_a_function_that_reports_no_failures_is_done_with_all_when_it_succeeds():
    assert done({"batchItemFailures": [{"itemIdentifier": "a"}]}, mapping={}) == "ab"


def test_a_messages_attributes_reach_the_function_in_lambdas_own_spelling():
    named = {"request_id": {"DataType": "String", "StringValue": "the-request"}}
    received = {"MessageId": "a", "ReceiptHandle": "r", "Body": "", "MD5OfBody": "", "MessageAttributes": named}

    told = record(received, "arn:aws:sqs:eu-west-1:123456789012:work")

    assert told["messageAttributes"] == {"request_id": {"dataType": "String", "stringValue": "the-request"}}
