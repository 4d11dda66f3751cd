import json
from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import ClientError

from cari_common import cloud, erasure
from functions.batch import app
from tests.unit.common.specimens import faces, reading
from tests.unit.intake.pictures import encoded

pytestmark = pytest.mark.usefixtures("aws")
FOLDER = f"batch/{'a' * 24}/live/monday list"
EVENT_TIME = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
JOB_KEY_AS_S3_WRITES_IT = f"{FOLDER}/one%2Btwo.json".replace(" ", "+")


@pytest.fixture(autouse=True)
def good_answers(answers):
    answers.update(faces=faces(), mrz=reading())
    return answers


def put(name, content):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    boto3.client("s3").put_object(Bucket="bucket", Key=f"{FOLDER}/{name}", Body=body)


def put_job(**changes):
    put("selfie.jpg", encoded())
    put("front.jpg", encoded())
    put("one+two.json", {"type": "passport", "selfie": "selfie.jpg", "front": "front.jpg", **changes})


def message(key=JOB_KEY_AS_S3_WRITES_IT, sequencer="0A"):
    record = {
        "eventTime": EVENT_TIME,
        "s3": {"bucket": {"name": "bucket"}, "object": {"key": key, "sequencer": sequencer}},
    }
    return {"messageId": f"m-{sequencer}", "body": json.dumps({"Records": [record]}), "eventSource": "aws:sqs"}


def run(*messages):
    return app.handler({"Records": list(messages)}, None)


def result(name="one+two.json"):
    key = f"{FOLDER}/{name}".replace("batch/", "results/", 1)
    return json.loads(boto3.client("s3").get_object(Bucket="bucket", Key=key)["Body"].read())


def stored():
    return boto3.resource("dynamodb").Table("verifications").scan()["Items"]


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
    real = cloud.s3_client()

    class Forbidding:
        put_object = real.put_object

        def get_object(self, Bucket, Key):  # noqa: N803  # boto3's names
            if Key.endswith("front.jpg"):
                raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")
            return real.get_object(Bucket=Bucket, Key=Key)

    monkeypatch.setattr(cloud, "s3_client", Forbidding)

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
    table, looked_up = cloud.verifications_table(), []

    class Refusing:
        put_item = table.put_item

        def get_item(self, **request):
            looked_up.append(request)
            if len(looked_up) > 1:
                raise TimeoutError  # as DynamoDB does under load
            return table.get_item(**request)

    monkeypatch.setattr(cloud, "verifications_table", Refusing)

    failed = run(message(sequencer="0A"), message(sequencer="0B"))

    assert failed == {"batchItemFailures": [{"itemIdentifier": "m-0B"}]}


def test_s3s_own_test_event_is_no_job():
    hello = {"messageId": "m", "body": json.dumps({"Event": "s3:TestEvent"}), "eventSource": "aws:sqs"}

    assert run(hello) == {"batchItemFailures": []}


def test_a_deletion_erases_what_the_job_was_made_from_and_its_result_too():
    put_job()
    run(message())
    verification = result()

    erasure.mark(cloud.verifications_table(), "a" * 24, "live", verification["id"])
    erasure.finish(cloud.verifications_table(), "a" * 24, "live", verification["id"])

    assert boto3.client("s3").list_objects_v2(Bucket="bucket")["KeyCount"] == 0
