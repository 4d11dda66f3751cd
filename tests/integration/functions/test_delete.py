"""DELETE /identity/verify/{id}: everything goes, once begun it ends, and what is left is a signed receipt."""

import json
import os
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError

from cari_core import settings
from cari_evidence import signing
from cari_verification.aws import bucket, erasure, lifecycle, verifications, work_queue
from cari_verification.aws.ports import worker_ports
from cari_verification.stored import Outcome
from functions.worker import app as worker
from tests.integration.functions import api as app
from tests.integration.functions.requests import CONTEXT, TENANT, event, get, multipart, post, whole_form, with_headers

COUNTED = {"owner", "id", "status", "objects", "expires_at"}  # all that is kept until the receipt is given
pytestmark = pytest.mark.usefixtures("aws", "signing_key", "good_answers")


def made(*, key=None, **form):
    request = post(multipart(whole_form(**form)))
    answer = app.handler(with_headers(request, Idempotency_Key=key) if key else request, CONTEXT)
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])["id"]


def deleted(identifier, **changes):
    answer = app.handler(event("DELETE", f"/identity/verify/{identifier}", **changes), CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def status_of(identifier):
    return app.handler(get(f"/identity/verify/{identifier}"), CONTEXT)["statusCode"]


def everything_stored():
    """Every table's items and every version of every object."""
    tables = [boto3.resource("dynamodb").Table(name).scan()["Items"] for name in ("verifications", "idempotency")]
    versions = boto3.client("s3").list_object_versions(Bucket="bucket")
    return [*tables[0], *tables[1], *versions.get("Versions", []), *versions.get("DeleteMarkers", [])]


def messages():
    received = boto3.client("sqs").receive_message(QueueUrl=os.environ["WORK_QUEUE_URL"], MaxNumberOfMessages=10)
    return received.get("Messages", [])


def looked_after(identifier):
    """The worker gets the reminder."""
    body = json.dumps({"tenant": TENANT, "mode": "dev", "id": identifier})
    record = {"messageId": "1", "body": body, "eventSource": "aws:sqs", "receiptHandle": "x"}
    context = SimpleNamespace(**{**vars(CONTEXT), "function_name": "worker"})
    return worker.handler({"Records": [record]}, context)


@pytest.fixture
def refusing_s3(monkeypatch):
    """S3 erases nothing until the test lets it."""

    def refuse(*_, **__):
        raise ClientError({"Error": {"Code": "SlowDown"}}, "DeleteObjects")

    with monkeypatch.context() as context:
        context.setattr(bucket, "erase", refuse)
        yield context


def test_delete_leaves_nothing():
    boto3.client("s3").put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    identifier = made(key="the-key", back=whole_form()["front"], reference="order 17")
    boto3.client("s3").put_object(Bucket="bucket", Key=f"images/{TENANT}/dev/{identifier}/front.jpg", Body=b"again")

    status, body = deleted(identifier)

    assert (status, body["id"], body["deleted"], everything_stored()) == (200, identifier, True, [])


def test_the_receipt_is_signed_and_says_what_went():
    identifier = made()

    claims = signing.verify(deleted(identifier)[1]["receipt"], signing.jwks(), type_="deletion-receipt+jwt")

    assert (claims["sub"], claims["tenant"], claims["mode"], claims["erased"]["objects"]) == (
        identifier,
        TENANT,
        "dev",
        2,
    )


def test_the_receipt_says_for_how_long_the_tables_can_be_taken_back(monkeypatch):
    monkeypatch.setenv("RECOVERY_DAYS", "7")
    settings.forget()

    claims = signing.verify(deleted(made())[1]["receipt"], signing.jwks(), type_="deletion-receipt+jwt")

    assert claims["recoverable_until"] - claims["iat"] == 7 * 86_400


def test_the_receipt_says_nothing_of_the_person(answers):
    identifier = made(reference="order 17")

    claims = signing.verify(deleted(identifier)[1]["receipt"], signing.jwks(), type_="deletion-receipt+jwt")

    said = json.dumps(claims)
    assert [
        secret for secret in (*map(str, answers["mrz"].reading.values()), "order 17") if f'"{secret}"' in said
    ] == []


@pytest.mark.usefixtures("refusing_s3")
def test_an_erasure_is_logged_as_it_begins_however_it_ends(logged):
    identifier = made()

    assert deleted(identifier)[0] == 503

    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [line["verification"] for line in lines if line["message"] == "erasing"] == [identifier]


def test_what_is_deleted_is_unknown_afterwards():
    identifier = made()

    deleted(identifier)

    assert (status_of(identifier), deleted(identifier)[0]) == (404, 404)


def test_others_stay():
    identifier, other = made(), made()
    before = len(everything_stored())

    deleted(identifier)

    assert (status_of(other), len(everything_stored())) == (200, before // 2)


@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_nobody_deletes_anothers(other):
    identifier = made()

    assert (deleted(identifier, **other)[0], status_of(identifier)) == (404, 200)


@pytest.mark.parametrize("identifier", ["0" * 24, "x", "..", "%00", "f" * 2000])
def test_what_there_is_not_is_not_found(identifier):
    assert deleted(identifier)[0] == 404


def test_an_interrupted_erasure_is_unreadable_at_once(refusing_s3):
    identifier = made()

    status, problem = deleted(identifier)

    assert (status, problem["code"], status_of(identifier)) == (503, "erasure_unfinished", 404)
    assert refusing_s3


def test_an_interrupted_erasure_keeps_nothing_of_the_person_in_the_table(refusing_s3):
    identifier = made(reference="order 17")

    deleted(identifier)

    item = verifications.table().get_item(Key={"owner": f"{TENANT}#dev", "id": identifier})["Item"]
    assert set(item) == {"owner", "id", "status", "expires_at", "origins"}
    assert refusing_s3


def test_an_interrupted_erasure_is_not_listed(refusing_s3):
    deleted(made())

    assert json.loads(app.handler(get("/identity/verify"), CONTEXT)["body"])["verifications"] == []
    assert refusing_s3


def test_the_worker_ends_an_interrupted_erasure(refusing_s3):
    identifier = made(key="the-key")
    deleted(identifier)
    refusing_s3.undo()

    assert looked_after(identifier) == {"batchItemFailures": []}
    assert [set(item) for item in everything_stored()] == [COUNTED]


def test_a_worker_that_cannot_erase_yet_asks_for_the_message_again(refusing_s3):
    identifier = made()
    deleted(identifier)

    assert looked_after(identifier)["batchItemFailures"] == [{"itemIdentifier": "1"}]
    assert refusing_s3


def test_the_caller_ends_an_interrupted_erasure_and_gets_the_receipt(refusing_s3):
    identifier = made()
    deleted(identifier)
    refusing_s3.undo()

    assert (deleted(identifier)[0], everything_stored()) == (200, [])


def test_a_process_that_dies_after_the_mark_is_looked_after(monkeypatch):
    identifier = made()
    with monkeypatch.context() as dying:
        dying.setattr(erasure, "finish", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            deleted(identifier)

    looked_after(identifier)

    assert [set(item) for item in everything_stored()] == [COUNTED]


def test_the_reminder_is_sent_before_anything_is_lost(monkeypatch):
    identifier = made()

    def refuse(*_, **__):
        raise ClientError({"Error": {"Code": "Throttling"}}, "SendMessage")

    with monkeypatch.context() as refusing:
        refusing.setattr(work_queue, "send", refuse)
        status, _ = deleted(identifier)

    assert (status, status_of(identifier)) == (503, 200)


def test_a_verification_under_way_can_be_deleted_and_stays_so():
    accepted = app.handler(with_headers(post(multipart(whole_form())), Prefer="respond-async"), CONTEXT)
    identifier = json.loads(accepted["body"])["id"]
    request = lifecycle.pending_request(verifications.find(TENANT, "dev", identifier))

    status, _ = deleted(identifier)
    worker_ports().save(request, Outcome(), b"evidence")

    assert (status, status_of(identifier), everything_stored()) == (200, 404, [])


def test_deleting_frees_the_idempotency_key():
    first = made(key="the-key")
    deleted(first)

    assert made(key="the-key") != first


def test_a_reminder_about_what_is_alive_changes_nothing():
    identifier = made()

    looked_after(identifier)

    assert status_of(identifier) == 200


def test_another_method_is_no_deletion():
    identifier = made()

    answer = app.handler(event("PUT", f"/identity/verify/{identifier}"), CONTEXT)

    assert (answer["statusCode"], status_of(identifier)) == (404, 200)
    assert status_of(identifier) == 200
