"""Whatever fails, and whenever a process dies: no picture and no note stays that nobody will erase."""

import json
from datetime import datetime
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from cari_core.errors import EngineUnavailable
from cari_verification.aws import bucket, document_index, erasure, lifecycle, verifications, work_queue
from cari_verification.aws.engines import Engines
from functions.records import erasing
from functions.verify import app as verify
from functions.worker import app as worker
from tests.emulated_iam import as_the_test
from tests.integration.functions import api as app
from tests.integration.functions.clock import later
from tests.integration.functions.requests import CONTEXT, TENANT, event, get, multipart, post, whole_form, with_headers
from tests.unit.evidence_of_specimens import faces, reading

pytestmark = pytest.mark.usefixtures("aws", "signing_key")
NOTING = {"policy": "sandbox-duplicates"}
NO_TIME_LEFT = SimpleNamespace(**{**vars(CONTEXT), "get_remaining_time_in_millis": lambda: 4_000})


@pytest.fixture(autouse=True)
def good_answers(answers):
    answers.update(faces=faces(), mrz=reading(country="UTO"))
    return answers


def posted(context=CONTEXT, *, prefer=None, **form):
    request = post(multipart(whole_form(**{**NOTING, **form})))
    answer = app.handler(with_headers(request, Prefer=prefer) if prefer else request, context)
    return answer["statusCode"], json.loads(answer["body"])


def deleted(identifier):
    return app.handler(event("DELETE", f"/identity/verify/{identifier}"), CONTEXT)["statusCode"]


def looked_after(identifier):
    body = json.dumps({"tenant": TENANT, "mode": "dev", "id": identifier})
    return worker.handler({"Records": [{"messageId": "m", "body": body, "eventSource": "aws:sqs"}]}, CONTEXT)


def pictures():
    versions = boto3.client("s3").list_object_versions(Bucket="bucket")
    return [version["Key"] for version in (*versions.get("Versions", []), *versions.get("DeleteMarkers", []))]


@as_the_test()
def items():
    kept = boto3.resource("dynamodb").Table("verifications").scan()["Items"]
    return [item for item in kept if not item["id"].startswith("record#")]


@as_the_test()
def notes():
    kept = boto3.resource("dynamodb").Table("seen").scan()["Items"]
    return [item["id"] for item in kept if item["id"].startswith(("document", "face"))]


def left():
    return boto3.resource("dynamodb").Table("verifications").scan()["Items"], pictures(), notes()


def work_off():
    """Give the worker every message that is due."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="work")["QueueUrl"]
    while due := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in due:
            record = {"messageId": "m", "body": message["Body"], "eventSource": "aws:sqs"}
            worker.handler({"Records": [record]}, CONTEXT)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@as_the_test()
def reminders():
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="work")["QueueUrl"]
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesDelayed"])
    return int(counted["Attributes"]["ApproximateNumberOfMessagesDelayed"])


def fail(*_, **__):
    raise ClientError({"Error": {"Code": "SlowDown"}}, "PutObject")


def die(*_, **__):
    raise SystemExit  # as when Lambda ends the process


STEPS_THAT_FAIL = pytest.mark.parametrize(
    ("module", "step"),
    [
        (bucket, "put_picture"),
        (Engines, "read_mrz"),
        (document_index, "_note"),
        (lifecycle, "finish"),
    ],
    ids=["storing", "an engine", "noting", "saving"],
)


@STEPS_THAT_FAIL
def test_what_fails_leaves_nothing(monkeypatch, module, step):
    def broken(*_, **__):
        raise TimeoutError

    monkeypatch.setattr(module, step, broken)

    status, _ = posted()

    work_off()
    assert (status, left()) == (500, ([], [], []))


def test_what_failed_cannot_be_read_before_it_is_erased(monkeypatch):
    monkeypatch.setattr(lifecycle, "finish", fail)

    posted()

    assert [item["status"] for item in items()] == ["abandoned"]
    assert app.handler(get(f"/identity/verify/{items()[0]['id']}"), CONTEXT)["statusCode"] == 404


def test_a_picture_stored_beside_one_that_failed_is_erased(monkeypatch):
    real = bucket.put_picture

    def put(key, *args, **kwargs):
        if "/front." in key:
            fail()
        return real(key, *args, **kwargs)

    monkeypatch.setattr(bucket, "put_picture", put)

    status, _ = posted()

    work_off()
    assert (status, left()) == (503, ([], [], []))


@STEPS_THAT_FAIL
def test_what_a_dead_process_left_is_known_and_erased_once_its_time_is_over(monkeypatch, module, step):
    real = getattr(module, step)
    with monkeypatch.context() as dying:
        dying.setattr(module, step, (lambda *a, **k: (real(*a, **k), die())) if module is bucket else die)
        with pytest.raises(SystemExit):
            posted()
    assert (len(items()), reminders()) == (1, 1)
    later(monkeypatch, seconds=lifecycle.DEADLINE_S + 1)

    looked_after(items()[0]["id"])

    assert left() == ([], [], [])


def test_what_a_dead_process_left_cannot_be_read_once_its_time_is_over(monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(lifecycle, "finish", die)
        with pytest.raises(SystemExit):
            posted()
    later(monkeypatch, seconds=lifecycle.DEADLINE_S + 1)

    assert app.handler(get(f"/identity/verify/{items()[0]['id']}"), CONTEXT)["statusCode"] == 404


def test_one_under_way_is_left_alone_by_its_reminder(monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(lifecycle, "finish", die)
        with pytest.raises(SystemExit):
            posted()
    before = left()

    looked_after(items()[0]["id"])

    assert left() == before


def test_the_item_is_there_before_any_picture(monkeypatch):
    known = []
    monkeypatch.setattr(bucket, "put_picture", lambda *_, **__: known.append((len(items()), reminders())))

    posted()

    assert known == [(1, 1), (1, 1)]


def test_an_erasure_that_fails_too_is_made_up_for(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(lifecycle, "finish", fail)
        broken.setattr(bucket, "erase", fail)
        status, _ = posted()
        work_off()
    assert (status, len(pictures())) == (503, 2)

    looked_after(items()[0]["id"])

    assert (items(), pictures(), notes()) == ([], [], [])


def test_a_queue_that_is_out_of_reach_stops_nobody(monkeypatch):
    def refuse(*_, **__):
        raise EndpointConnectionError(endpoint_url="https://sqs")

    monkeypatch.setattr(work_queue, "send", refuse)

    assert posted()[0] == 200


def test_of_zero_days_what_times_out_keeps_no_picture(monkeypatch):
    _, verification = posted(NO_TIME_LEFT, retention_days=0)
    assert (verification["status"], len(pictures())) == ("processing", 2)
    later(monkeypatch, seconds=lifecycle.DEADLINE_S + 1)

    looked_after(verification["id"])

    assert ([item["status"] for item in items()], pictures()) == (["review"], [])


def test_of_zero_days_pictures_that_could_not_be_erased_are_erased_later(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(bucket, "erase_pictures", fail)
        _, verification = posted(retention_days=0)
    assert (verification["status"], len(pictures())) == ("approved", 2)

    looked_after(verification["id"])

    assert ([item["status"] for item in items()], pictures()) == (["approved"], [])


def test_pictures_that_are_kept_are_not_erased_by_the_reminder(monkeypatch):
    _, verification = posted()
    before = left()
    later(monkeypatch, seconds=lifecycle.DEADLINE_S + 1)

    looked_after(verification["id"])

    assert left() == before


def test_what_is_erased_while_a_worker_judges_it_leaves_no_note(monkeypatch):
    _, verification = posted(prefer="respond-async")
    real = Engines.read_mrz
    monkeypatch.setattr(Engines, "read_mrz", lambda *a, **k: (real(*a, **k), deleted(verification["id"]))[0])

    looked_after(verification["id"])

    work_off()
    assert left() == ([], [], [])


def test_what_is_erased_while_its_caller_waits_stays_erased(monkeypatch):
    real = Engines.read_mrz
    monkeypatch.setattr(Engines, "read_mrz", lambda *a, **k: (real(*a, **k), deleted(items()[0]["id"]))[0])

    status, _ = posted()

    work_off()
    assert (status, left()) == (200, ([], [], []))


def test_a_picture_that_arrives_after_its_erasure_is_erased():
    _, verification = posted()
    deleted(verification["id"])
    key = f"images/{TENANT}/dev/{verification['id']}/front.jpg"
    boto3.client("s3").put_object(Bucket="bucket", Key=key, Body=b"late")

    looked_after(verification["id"])

    assert left() == ([], [], [])


def unavailable(*_, **__):
    raise EngineUnavailable("throttled")


ENGINES = pytest.mark.parametrize(
    ("engine", "code"), [("compare_and_embed", "faces_not_compared"), ("read_mrz", "mrz_not_read")]
)
BOTH_NOTED = {"policy": "sandbox-duplicate-face"}  # asks for the selfie's embedding as well


@ENGINES
def test_an_engine_that_is_throttled_makes_a_202_and_no_review(monkeypatch, engine, code):
    with monkeypatch.context() as throttled:
        throttled.setattr(Engines, engine, unavailable)
        status, verification = posted(**BOTH_NOTED)

    looked_after(verification["id"])

    assert (status, verification["status"]) == (202, "processing")
    assert code.encode() not in verifications.body_of(items()[0])
    assert items()[0]["status"] != "processing"


@ENGINES
def test_where_nobody_goes_on_a_throttled_engine_is_a_503_that_leaves_nothing(monkeypatch, engine, code):
    def refuse(*_, **__):
        raise EndpointConnectionError(endpoint_url="https://sqs")

    monkeypatch.setattr(work_queue, "send", refuse)
    monkeypatch.setattr(Engines, engine, unavailable)

    status, problem = posted(**BOTH_NOTED)

    assert (status, problem["code"], code in json.dumps(problem)) == (503, "engine_unavailable", False)
    later(monkeypatch, seconds=lifecycle.DEADLINE_S + 1)
    looked_after(items()[0]["id"])  # its reminder
    assert left() == ([], [], [])


@ENGINES
def test_a_worker_whose_engine_is_throttled_asks_for_the_message_again(monkeypatch, engine, code):
    _, verification = posted(prefer="respond-async", **BOTH_NOTED)
    monkeypatch.setattr(Engines, engine, unavailable)

    failed = looked_after(verification["id"])

    assert failed == {"batchItemFailures": [{"itemIdentifier": "m"}]}
    assert (items()[0]["status"], code.encode() in verifications.body_of(items()[0])) == ("processing", False)


@ENGINES
def test_the_workers_last_attempt_ends_it_with_the_reason(monkeypatch, engine, code):
    _, verification = posted(prefer="respond-async", **BOTH_NOTED)
    monkeypatch.setattr(Engines, engine, unavailable)
    later(monkeypatch, seconds=lifecycle.DEADLINE_S - lifecycle.APART_S)

    failed = looked_after(verification["id"])

    reasons = [reason["code"] for reason in json.loads(verifications.body_of(items()[0]))["outcome"]["reasons"]]
    assert (failed, items()[0]["status"], code in reasons) == ({"batchItemFailures": []}, "review", True)


@pytest.mark.parametrize("fault", ["faces_not_compared", "mrz_not_read"])
def test_a_injected_failure_ends_at_once_all_the_same(fault):
    status, verification = posted(metadata=json.dumps({"cari_fault": fault}))

    assert (status, verification["status"]) == (200, "review")
    assert fault in [reason["code"] for reason in verification["reasons"]]


def test_the_time_that_reading_the_pictures_takes_is_not_the_engines(monkeypatch):
    budgets, read = [], verify.intake
    ten_seconds = SimpleNamespace(**{**vars(CONTEXT), "get_remaining_time_in_millis": lambda: 10_000})
    monkeypatch.setattr(verify, "intake", lambda *a, **k: (verify.time.sleep(0.4), read(*a, **k))[1])
    monkeypatch.setattr(
        Engines, "read_mrz", lambda _self, _picture, _side, budget_s, _extra: budgets.append(budget_s) or reading()
    )

    posted(ten_seconds)

    assert budgets[0] <= 10 - 2 - 2 * 0.4


def test_a_receipt_that_could_not_be_signed_is_given_to_who_asks_again(monkeypatch):
    _, verification = posted()
    with monkeypatch.context() as refusing:
        refusing.setattr(erasing.signing, "sign", fail)
        assert deleted(verification["id"]) == 503

    answer = app.handler(event("DELETE", f"/identity/verify/{verification['id']}"), CONTEXT)

    signing = erasing.signing
    claims = signing.verify(json.loads(answer["body"])["receipt"], signing.jwks(), type_=erasing.RECEIPT)
    assert (answer["statusCode"], claims["erased"]["objects"], left()) == (200, 2, ([], [], []))


def test_a_receipt_is_there_even_where_the_worker_ended_the_erasure(monkeypatch):
    _, verification = posted()
    with monkeypatch.context() as refusing:
        refusing.setattr(erasing.signing, "sign", fail)
        deleted(verification["id"])
    looked_after(verification["id"])

    answer = app.handler(event("DELETE", f"/identity/verify/{verification['id']}"), CONTEXT)

    assert (answer["statusCode"], left()) == (200, ([], [], []))


def test_what_is_kept_for_a_receipt_says_nothing_of_anybody_and_is_gone_after_a_week(monkeypatch):
    _, verification = posted(reference="order 17")
    monkeypatch.setattr(erasing.signing, "sign", fail)
    deleted(verification["id"])

    kept = items()[0]

    assert set(kept) == {"owner", "id", "status", "objects", "expires_at"}
    assert 0 <= int(kept["expires_at"]) - datetime.now().timestamp() <= erasure.RECEIPT_S  # noqa: DTZ005  # seconds have no zone
    assert app.handler(get(f"/identity/verify/{verification['id']}"), CONTEXT)["statusCode"] == 404


def test_a_receipt_that_was_not_given_is_listed_nowhere(monkeypatch):
    _, verification = posted()
    monkeypatch.setattr(erasing.signing, "sign", fail)
    deleted(verification["id"])

    listed = json.loads(app.handler(get("/identity/verify"), CONTEXT)["body"])

    assert (listed["verifications"], verifications.find(TENANT, "dev", verification["id"])) == (
        [],
        None,
    )
