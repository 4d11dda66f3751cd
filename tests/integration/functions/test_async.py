"""202 and what follows: enqueued, completed, and ended whatever happens."""

import json
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from cari_decision.evidence import EngineFailure
from cari_verification.aws import lifecycle, verifications, work_queue
from cari_verification.aws.ports import worker_ports
from cari_verification.stored import Outcome
from functions.verify import app as verify
from functions.worker import app as worker
from tests.integration.functions import api as app
from tests.integration.functions.clock import later
from tests.integration.functions.requests import CONTEXT, TENANT, get, multipart, post, whole_form, with_headers

pytestmark = pytest.mark.usefixtures("aws", "good_answers")
NO_TIME_LEFT = SimpleNamespace(**{**vars(CONTEXT), "get_remaining_time_in_millis": lambda: 4_000})


@pytest.fixture
def refusing_queue(monkeypatch):
    def refuse(*_, **__):
        raise EndpointConnectionError(endpoint_url="https://sqs")

    monkeypatch.setattr(work_queue, "send", refuse)


def posted(prefer="respond-async", context=CONTEXT, **changes):
    request = post(multipart(whole_form(**changes)))
    return app.handler(with_headers(request, Prefer=prefer) if prefer else request, context)


def body_of(answer):
    return json.loads(answer["body"])


def read_back(identifier, **caller):
    return body_of(app.handler(get(f"/identity/verify/{identifier}", **caller), CONTEXT))


def delivered(identifier, tenant=TENANT):
    body = json.dumps({"tenant": tenant, "mode": "dev", "id": identifier})
    return worker.handler({"Records": [{"messageId": "m", "body": body, "eventSource": "aws:sqs"}]}, CONTEXT)


def messages():
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="work")["QueueUrl"]
    counted = sqs.get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    )["Attributes"]
    return int(counted["ApproximateNumberOfMessages"]), int(counted["ApproximateNumberOfMessagesDelayed"])


def items():
    kept = boto3.resource("dynamodb").Table("verifications").scan()["Items"]
    return [item for item in kept if not item["id"].startswith("record#")]


def test_who_prefers_not_to_wait_gets_a_202_and_where_to_look():
    answer = posted()
    body, headers = body_of(answer), answer["multiValueHeaders"]

    assert (answer["statusCode"], body["status"]) == (202, "processing")
    assert headers["Location"] == [f"/identity/verify/{body['id']}"]
    assert headers["Preference-Applied"] == ["respond-async"]
    assert headers["Retry-After"] == ["2"]


def test_the_location_keeps_the_stage_that_was_posted_to():
    request = with_headers(post(multipart(whole_form())), Prefer="respond-async")
    request["requestContext"] = {**request["requestContext"], "path": "/dev/identity/verify/"}

    answer = app.handler(request, CONTEXT)

    assert answer["multiValueHeaders"]["Location"] == [f"/dev/identity/verify/{body_of(answer)['id']}"]


@pytest.mark.parametrize(
    ("prefer", "wanted"),
    [
        ("respond-async", True),
        ("wait=10, Respond-Async", True),
        ("respond-async; x=y", True),
        ("return=minimal", False),
        ("no-respond-async", False),
        ("", False),
        (None, False),
    ],
)
def test_a_preference_is_read_as_the_rfc_has_it(prefer, wanted):
    assert verify._prefers_async(prefer) is wanted  # noqa: SLF001  # a header is one line of a request


def test_a_verification_under_way_is_read_back_as_it_was_answered():
    body = body_of(posted())

    assert read_back(body["id"]) == body


def test_one_under_way_has_the_shape_of_one_that_ended():
    under_way, ended = body_of(posted()), body_of(posted(prefer=None))

    assert set(under_way) == set(ended)


def test_what_a_worker_ends_equals_what_a_synchronous_call_answers():
    begun, synchronous = body_of(posted()), body_of(posted(prefer=None))
    delivered(begun["id"])
    ended = read_back(begun["id"])

    own = ("id", "created_at", "selfie", "receipt")  # faces have ids made of the verification's; times differ
    assert ended["status"] == "approved"
    assert (ended["receipt"]["usd"], synchronous["receipt"]["usd"]["total"] > 0) == (None, True)
    assert {n: v for n, v in ended.items() if n not in own} == {n: v for n, v in synchronous.items() if n not in own}


@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_anothers_verification_under_way_is_not_found(other):
    assert read_back(body_of(posted())["id"], **other)["code"] == "not_found"


def test_bad_pictures_are_refused_at_once_however_the_caller_prefers():
    answer = posted(front=b"I am a picture, honestly\n")

    assert (answer["statusCode"], items(), messages()) == (415, [], (0, 0))


def test_messages_name_the_verification_and_say_nothing_of_it():
    identifier = body_of(posted())["id"]

    sqs = boto3.client("sqs")
    message = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="work")["QueueUrl"])["Messages"][0]
    assert json.loads(message["Body"]) == {"tenant": TENANT, "mode": "dev", "id": identifier}


def test_a_second_message_comes_when_the_time_is_over():
    posted()

    assert messages() == (1, 1)


def test_a_slow_synchronous_call_becomes_a_202_by_itself():
    answer = posted(prefer=None, context=NO_TIME_LEFT)
    body = body_of(answer)
    delivered(body["id"])

    assert (answer["statusCode"], body["status"]) == (202, "processing")
    assert "Preference-Applied" not in answer["multiValueHeaders"]
    assert read_back(body["id"])["status"] == "approved"


@pytest.mark.usefixtures("refusing_queue")
def test_where_the_queue_is_out_of_reach_the_caller_gets_the_decision_itself():
    answer = posted()

    assert (answer["statusCode"], body_of(answer)["status"]) == (200, "approved")
    assert read_back(body_of(answer)["id"]) == body_of(answer)


@pytest.mark.usefixtures("refusing_queue")
def test_where_the_queue_is_out_of_reach_a_slow_call_says_what_is_known():
    answer = posted(prefer=None, context=NO_TIME_LEFT)

    assert (answer["statusCode"], body_of(answer)["status"]) == (200, "review")


@pytest.mark.parametrize(
    ("failing", "code"),
    [
        ({"faces": EngineFailure("faces_not_compared")}, "faces_not_compared"),
        ({"mrz": EngineFailure("mrz_not_read", "front")}, "mrz_not_read"),
    ],
)
def test_an_engine_that_fails_the_worker_ends_the_verification_with_its_reason(good_answers, failing, code):
    good_answers.update(failing)
    identifier = body_of(posted())["id"]

    delivered(identifier)

    ended = read_back(identifier)
    assert (ended["status"], [reason["code"] for reason in ended["reasons"]]) == ("review", [code])


def test_a_worker_that_dies_is_tried_again_and_nothing_is_lost(monkeypatch):
    identifier = body_of(posted())["id"]
    with monkeypatch.context() as broken:
        broken.setattr(worker, "complete", lambda *_, **__: 1 / 0)
        first = delivered(identifier)

    second = delivered(identifier)

    assert first == {"batchItemFailures": [{"itemIdentifier": "m"}]}
    assert second == {"batchItemFailures": []}
    assert read_back(identifier)["status"] == "approved"


def test_what_no_worker_ended_is_ended_by_whoever_reads_it_too_late(monkeypatch):
    begun = body_of(posted())
    later(monkeypatch, seconds=lifecycle.DEADLINE_S)

    ended = read_back(begun["id"])

    assert (ended["status"], [reason["code"] for reason in ended["reasons"]]) == ("review", ["processing_timed_out"])
    assert ended["reasons"][0]["retryable"]
    assert items()[0]["status"] == "review"


def test_what_no_worker_ended_is_ended_by_the_second_message(monkeypatch):
    identifier = body_of(posted())["id"]
    later(monkeypatch, seconds=lifecycle.DEADLINE_S + 1)

    delivered(identifier)

    assert (items()[0]["status"], b"processing_timed_out" in verifications.body_of(items()[0])) == ("review", True)


def test_the_second_message_changes_nothing_of_what_ended():
    identifier = body_of(posted())["id"]
    delivered(identifier)
    ended = items()

    delivered(identifier)

    assert items() == ended


def test_of_two_ends_the_first_stays():
    identifier = body_of(posted())["id"]
    begun = verifications.find(TENANT, "dev", identifier)

    first = lifecycle.finish(begun, Outcome(status="declined"))
    second = lifecycle.finish(begun, Outcome(status="approved"))

    assert (first.status, second.status, items()[0]["status"]) == ("declined", "declined", "declined")


def test_a_beginning_does_not_replace_an_end():
    identifier = body_of(posted())["id"]
    request = lifecycle.pending_request(verifications.find(TENANT, "dev", identifier))
    delivered(identifier)

    assert lifecycle.enqueue(request).status == "approved"
    assert items()[0]["status"] == "approved"


def test_what_was_erased_under_way_stays_erased():
    identifier = body_of(posted())["id"]
    request = lifecycle.pending_request(verifications.find(TENANT, "dev", identifier))
    verifications.table().delete_item(Key={"owner": f"{TENANT}#dev", "id": identifier})

    worker_ports().save(request, Outcome(), b"evidence")

    assert items() == []


def test_a_message_of_what_is_unknown_is_done_with():
    assert delivered("0" * 24) == {"batchItemFailures": []}


def test_an_end_is_kept_as_long_as_a_synchronous_one():
    identifier = body_of(posted())["id"]
    kept_until = items()[0]["expires_at"]

    delivered(identifier)

    assert items()[0]["expires_at"] == kept_until
    assert json.loads(verifications.body_of(items()[0])).get("pending") is None


def test_a_throttled_table_is_a_503_and_no_202(monkeypatch):
    def refuse(*_, **__):
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")

    monkeypatch.setattr(verifications, "put_under_way", refuse)

    answer = posted()

    assert (answer["statusCode"], body_of(answer)["code"]) == (503, "service_unavailable")
    assert answer["multiValueHeaders"]["Retry-After"] == ["5"]


def test_the_worker_logs_the_decision_and_no_name(logged):
    identifier = body_of(posted())["id"]

    delivered(identifier)

    said = logged.getvalue()
    assert (identifier in said, "approved" in said) == (True, True)
    assert ("L898902C3" in said, "front.jpg" in said, TENANT in said) == (False, False, False)
