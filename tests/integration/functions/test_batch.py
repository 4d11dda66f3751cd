import json
import re
from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import ClientError

from cari_aws import clients, objects
from cari_core import settings
from cari_core.errors import EngineUnavailable
from cari_decision.policy import Policy
from cari_verification.aws import erasure, policies, verifications
from cari_verification.aws.engines import Engines
from cari_verification.uploads import MAX_UPLOAD_BYTES
from functions.batch import app, jobs
from functions.worker import app as worker
from tests.integration.functions.requests import CONTEXT
from tests.unit.intake.pictures import encoded

pytestmark = pytest.mark.usefixtures("aws", "good_answers")
FOLDER = f"batch/{'a' * 24}/live/monday list"
EVENT_TIME = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
JOB_KEY_AS_S3_WRITES_IT = f"{FOLDER}/one%2Btwo.json".replace(" ", "+")


def put(name, content):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    boto3.client("s3").put_object(Bucket="bucket", Key=f"{FOLDER}/{name}", Body=body)


def put_job(**changes):
    put("selfie.jpg", encoded())
    put("front.jpg", encoded(size=(300, 200)))
    put("one+two.json", {"type": "passport", "selfie": "selfie.jpg", "front": "front.jpg", **changes})


def message(key=JOB_KEY_AS_S3_WRITES_IT, sequencer="0A", *, delivery=1):
    record = {
        "eventTime": EVENT_TIME,
        "s3": {"bucket": {"name": "bucket"}, "object": {"key": key, "sequencer": sequencer}},
    }
    attributes = {"ApproximateReceiveCount": str(delivery)}
    body = json.dumps({"Records": [record]})
    return {"messageId": f"m-{sequencer}", "body": body, "attributes": attributes, "eventSource": "aws:sqs"}


def run(*messages):
    return app.handler({"Records": list(messages)}, CONTEXT)


def result(name="one+two.json"):
    key = f"{FOLDER}/{name}".replace("batch/", "results/", 1)
    return json.loads(boto3.client("s3").get_object(Bucket="bucket", Key=key)["Body"].read())


def stored():
    kept = boto3.resource("dynamodb").Table("verifications").scan()["Items"]
    return [item for item in kept if not item["id"].startswith("record#")]


def kept_days():
    (item,) = stored()
    return (int(item["expires_at"]) - int(item["id"][:11], 16) // 1000) / 86_400


def test_a_job_is_answered_under_the_results_prefix():
    put_job()

    assert run(message()) == {"batchItemFailures": []}
    assert (result()["status"], result()["type"]) == ("approved", "passport")


def test_a_jobs_receipt_has_no_api_gateway_on_it():
    put_job()

    run(message())

    assert (result()["receipt"]["usd"]["api_gateway"], result()["receipt"]["usd"]["total"] > 0) == (0, True)


def test_the_jobs_prefix_says_whose_it_is():
    put_job()

    run(message())

    assert stored()[0]["owner"] == f"{'a' * 24}#live"


def test_an_event_delivered_twice_makes_one_verification():
    put_job()

    run(message())
    first = result()
    run(message())

    assert (len(stored()), result()) == (1, first)


def test_a_job_file_replaced_makes_another_verification():
    put_job()

    run(message(sequencer="0A"), message(sequencer="0B"))

    assert len(stored()) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"front": "nowhere.jpg"}, "front"),
        ({"front": "../other/front.jpg"}, "front"),
        ({"type": "library_card"}, "job"),
        ({"surplus": 1}, "job"),
    ],
)
def test_a_job_that_can_never_succeed_is_answered_with_its_problem(change, field):
    put_job(**change)

    assert run(message()) == {"batchItemFailures": []}
    assert (result()["code"], result()["field"]) == ("validation_failed", field)


def test_a_picture_that_s3_will_not_tell_of_is_as_good_as_missing(monkeypatch):
    put_job()
    real = clients.s3_client()

    class Forbidding:
        put_object = real.put_object

        def get_object(self, Bucket, Key):  # noqa: N803  # boto3's names
            if Key.endswith("front.jpg"):
                raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")
            return real.get_object(Bucket=Bucket, Key=Key)

    monkeypatch.setattr(objects, "s3_client", Forbidding)

    assert run(message()) == {"batchItemFailures": []}
    assert (result()["code"], result()["field"]) == ("validation_failed", "front")


def test_a_job_file_that_is_not_json_is_answered_with_its_problem():
    put("one+two.json", b"\xff\xfe not json")

    run(message())

    assert result()["code"] == "validation_failed"


def test_a_picture_that_is_none_is_answered_with_its_problem():
    put_job()
    put("front.jpg", b"I am a picture, honestly")

    run(message())

    assert (result()["code"], result()["field"]) == ("unsupported_image", "front")


def test_only_the_message_that_failed_for_now_is_delivered_again(monkeypatch):
    put_job()
    table, looked_up = verifications.table(), []

    class Refusing:
        name, meta, put_item = table.name, table.meta, table.put_item

        def get_item(self, **request):
            looked_up.append(request)
            if len(looked_up) > 1:
                raise TimeoutError  # as DynamoDB does under load
            return table.get_item(**request)

    monkeypatch.setattr(verifications, "table", Refusing)

    failed = run(message(sequencer="0A"), message(sequencer="0B"))

    assert failed == {"batchItemFailures": [{"itemIdentifier": "m-0B"}]}


def test_s3s_own_test_event_is_no_job():
    hello = {"messageId": "m", "body": json.dumps({"Event": "s3:TestEvent"}), "eventSource": "aws:sqs"}

    assert run(hello) == {"batchItemFailures": []}


OWNER = ("a" * 24, "live")


def test_the_tenants_default_policy_decides():
    put_job()
    policies.put(*OWNER, "default", Policy(accepted_types=["card"], shadow="strict", retention_days=7))
    policies.put(*OWNER, "strict", Policy(minimum_age=99))

    run(message())

    assert (result()["status"], result()["policy"]) == ("declined", {"name": "default", "version": 1})
    assert result()["shadow"]["policy"] == {"name": "strict", "version": 1}
    assert kept_days() == 7


def test_a_job_says_what_a_request_may_say():
    policies.put(*OWNER, "adults", Policy(minimum_age=99))
    put_job(reference="order 17", metadata={"desk": "Zürich"}, retention_days=3, policy="adults")

    run(message())

    answer = result()
    assert (answer["reference"], answer["metadata"], answer["policy"]["name"]) == (
        "order 17",
        {"desk": "Zürich"},
        "adults",
    )
    assert (kept_days(), stored()[0]["owner_reference"]) == (3, f"{'a' * 24}#live#order 17")


def test_a_job_of_zero_days_leaves_no_picture_of_ours():
    put_job(retention_days=0)

    run(message())

    keys = [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="bucket")["Contents"]]
    assert (result()["status"], [key for key in keys if key.startswith("images/")]) == ("approved", [])


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"policy": "nobodys"}, 404, "policy"),
        ({"retention_days": 365}, 422, "retention_days"),
        ({"retention_days": 2}, 422, "job"),
        ({"reference": ""}, 422, "job"),
        ({"metadata": {"a": 1}}, 422, "job"),
    ],
)
def test_what_cannot_be_had_is_answered_with_its_problem_and_nothing_is_stored(change, status, field):
    put_job(**change)

    assert run(message()) == {"batchItemFailures": []}
    assert (result()["status"], result()["field"], stored()) == (status, field, [])


def test_a_duplicate_is_found_where_the_policy_asks():
    policies.put(*OWNER, "default", Policy(duplicates={"document": True}))
    put_job()

    run(message(sequencer="0A"), message(sequencer="0B"))

    assert [reason["code"] for reason in result()["reasons"]] == ["duplicate_document"]


def used():
    counts = boto3.resource("dynamodb").Table("quota").scan()["Items"]
    return {item["owner"]: int(item["used"]) for item in counts if item["window"].startswith("month#")}


def test_a_job_counts_among_the_tenants_verifications():
    put_job()

    run(message(sequencer="0A"), message(sequencer="0B"))

    assert used() == {f"{'a' * 24}#live": 2}


def test_a_job_delivered_twice_counts_once(monkeypatch):
    put_job()
    with monkeypatch.context() as throttled:
        throttled.setattr(Engines, "read_mrz", unavailable)
        run(message())

    run(message(delivery=2))
    run(message(delivery=3))

    assert (used(), result()["status"]) == ({f"{'a' * 24}#live": 1}, "approved")


def test_a_job_that_could_not_even_be_announced_counts_once_when_it_is_delivered_again(monkeypatch):
    def throttled(*_, **__):
        raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "PutItem")

    put_job()
    with monkeypatch.context() as failing:
        failing.setattr(verifications, "put_under_way", throttled)
        assert run(message())["batchItemFailures"]

    run(message(delivery=2))

    assert (used(), result()["status"]) == ({f"{'a' * 24}#live": 1}, "approved")


class Killed(BaseException):
    """Nothing runs after it, as after the end of a process."""


@pytest.mark.parametrize("most", ["1", "9"], ids=["the last of a quota", "of a quota with room"])
def test_a_job_that_was_killed_before_it_was_announced_counts_once(monkeypatch, most):
    monkeypatch.setenv("VERIFICATIONS_PER_MONTH", most)
    settings.forget()

    def killed(*_, **__):
        raise Killed

    put_job()
    with monkeypatch.context() as dying:
        dying.setattr(verifications, "put_under_way", killed)
        with pytest.raises(Killed):
            run(message())

    run(message(delivery=2))

    assert (used(), result()["status"]) == ({f"{'a' * 24}#live": 1}, "approved")


def test_over_the_quota_a_job_is_answered_with_its_problem_and_nothing_is_stored(monkeypatch):
    monkeypatch.setenv("VERIFICATIONS_PER_MONTH", "1")
    settings.forget()
    put_job()

    run(message(sequencer="0A"))
    over = run(message(sequencer="0B"))

    assert (over, result()["code"], len(stored())) == ({"batchItemFailures": []}, "quota_exceeded", 1)


def test_a_job_that_could_not_be_counted_comes_again(monkeypatch):
    put_job()
    with monkeypatch.context() as away:
        away.setenv("QUOTA_TABLE", "nowhere")
        settings.forget()
        failed = run(message())
    settings.forget()

    assert (failed, stored()) == ({"batchItemFailures": [{"itemIdentifier": "m-0A"}]}, [])
    assert (run(message(delivery=2)), result()["status"]) == ({"batchItemFailures": []}, "approved")


def test_what_is_no_job_is_not_counted():
    put_job(front="nowhere.jpg")

    run(message())

    assert used() == {}


def test_a_picture_that_no_engine_takes_is_answered_with_its_problem():
    put_job()
    put("front.jpg", encoded() + bytes(MAX_UPLOAD_BYTES))

    run(message())

    assert (result()["code"], result()["field"], str(MAX_UPLOAD_BYTES) in result()["detail"]) == (
        "validation_failed",
        "front",
        True,
    )


def unavailable(*_, **__):
    raise EngineUnavailable("throttled")


ENGINES = pytest.mark.parametrize(
    ("engine", "code"), [("compare_faces", "faces_not_compared"), ("read_mrz", "mrz_not_read")]
)


@ENGINES
def test_a_throttled_engine_makes_the_message_come_again(monkeypatch, engine, code):
    put_job()
    with monkeypatch.context() as throttled:
        throttled.setattr(Engines, engine, unavailable)
        failed = run(message())
    before = [item["status"] for item in stored()]

    again = run(message(delivery=2))

    assert (failed, before, again) == ({"batchItemFailures": [{"itemIdentifier": "m-0A"}]}, ["processing"], OK)
    assert (result()["status"], code in json.dumps(result()["reasons"])) == ("approved", False)


OK = {"batchItemFailures": []}


@ENGINES
def test_the_last_delivery_ends_the_job_with_the_reason(monkeypatch, engine, code):
    put_job()
    monkeypatch.setattr(Engines, engine, unavailable)

    assert run(message(delivery=jobs.DELIVERIES)) == OK
    assert (result()["status"], code in [reason["code"] for reason in result()["reasons"]]) == ("review", True)


def test_a_job_whose_pictures_were_replaced_between_two_deliveries_is_of_the_new_ones(monkeypatch):
    put_job()
    with monkeypatch.context() as throttled:
        throttled.setattr(Engines, "read_mrz", unavailable)
        run(message())
    put("front.jpg", encoded("PNG"))

    run(message(delivery=2))

    keys = [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="bucket", Prefix="images/")["Contents"]]
    assert [key.rpartition("/")[2] for key in keys] == ["front.png", "selfie.jpg"]


def test_a_job_that_died_for_the_last_time_is_erased_and_its_files_stay(monkeypatch):
    put_job()
    monkeypatch.setattr(Engines, "read_mrz", unavailable)
    run(message())
    identifier = stored()[0]["id"]
    body = verifications.body_of(stored()[0]).decode()
    boto3.resource("dynamodb").Table("verifications").update_item(
        Key={"owner": "#".join(OWNER), "id": identifier},
        UpdateExpression="SET body = :past",
        ExpressionAttributeValues={":past": re.sub(r'"deadline_s":\d+', '"deadline_s":1', body)},
    )

    body = json.dumps({"tenant": OWNER[0], "mode": OWNER[1], "id": identifier})
    worker.handler({"Records": [{"messageId": "m", "body": body}]}, CONTEXT)

    keys = [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="bucket")["Contents"]]
    assert (stored(), sorted(key.rpartition("/")[2] for key in keys)) == (
        [],
        ["front.jpg", "one+two.json", "selfie.jpg"],
    )


def test_a_reminder_in_between_leaves_a_job_alone(monkeypatch):
    put_job()
    monkeypatch.setattr(Engines, "read_mrz", unavailable)
    run(message())
    before = stored()

    body = json.dumps({"tenant": OWNER[0], "mode": OWNER[1], "id": before[0]["id"]})
    worker.handler({"Records": [{"messageId": "m", "body": body}]}, CONTEXT)

    assert stored() == before


def test_a_failure_can_be_asked_for_in_dev_mode():
    key = JOB_KEY_AS_S3_WRITES_IT.replace("/live/", "/dev/")
    for name, content in (
        ("selfie.jpg", encoded()),
        ("front.jpg", encoded(size=(300, 200))),
        (
            "one+two.json",
            json.dumps(
                {"selfie": "selfie.jpg", "front": "front.jpg", "metadata": {"cari_fault": "mrz_not_read"}}
            ).encode(),
        ),
    ):
        boto3.client("s3").put_object(Bucket="bucket", Key=f"{FOLDER.replace('/live/', '/dev/')}/{name}", Body=content)

    run(message(key))

    assert b"mrz_not_read" in verifications.body_of(stored()[0])


def test_a_deletion_erases_what_the_job_was_made_from_and_its_result_too():
    put_job()
    run(message())
    verification = result()

    erasure.mark("a" * 24, "live", verification["id"])
    erasure.finish("a" * 24, "live", verification["id"])
    erasure.close("a" * 24, "live", verification["id"])

    assert boto3.client("s3").list_objects_v2(Bucket="bucket")["KeyCount"] == 0
