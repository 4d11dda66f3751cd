"""For how long a verification is kept: as the deployment says, shorter where the caller asks, pictures down to none."""

import json

import boto3
import pytest

from cari_core.deadline import Deadline
from cari_decision.options import RETENTION_DAYS
from cari_verification.aws import bucket, lifecycle, verifications
from cari_verification.aws.ports import worker_ports
from functions.worker import app as worker
from local import template
from tests.integration.functions import api as app
from tests.integration.functions.requests import CONTEXT, TENANT, get, multipart, post, whole_form, with_headers
from tests.unit.intake.pictures import encoded

pytestmark = pytest.mark.usefixtures("aws", "good_answers")
DAY_S = 86_400
TEMPLATE = template.read()


def posted(headers=None, **form):
    answer = app.handler(with_headers(post(multipart(whole_form(**form))), **(headers or {})), CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def pictures():
    return [one["Key"] for one in boto3.client("s3").list_objects_v2(Bucket="bucket").get("Contents", [])]


def tags():
    return {
        tag["Value"]
        for key in pictures()
        for tag in boto3.client("s3").get_object_tagging(Bucket="bucket", Key=key)["TagSet"]
        if tag["Key"] == bucket.RETENTION_TAG
    }


def days_kept(verification):
    item = verifications.table().get_item(Key={"owner": f"{TENANT}#dev", "id": verification["id"]})["Item"]
    created_s = int(verification["id"][:11], 16) // 1000
    return (int(item["expires_at"]) - created_s) / DAY_S


def test_nothing_said_is_the_deployments_days():
    _, verification = posted()

    assert (days_kept(verification), tags()) == (30, {"30"})


@pytest.mark.parametrize("days", [1, 7, 30])
def test_item_and_pictures_are_kept_for_the_days_asked(days):
    _, verification = posted(retention_days=days)

    assert (days_kept(verification), tags()) == (days, {str(days)})


def test_of_zero_no_picture_outlives_the_call():
    status, verification = posted(retention_days=0, back=encoded(size=(320, 200)))

    assert (status, verification["status"], pictures()) == (200, "approved", [])


def test_of_zero_the_result_can_be_read_for_a_day():
    _, verification = posted(retention_days=0)

    assert days_kept(verification) == 1
    assert app.handler(get(f"/identity/verify/{verification['id']}"), CONTEXT)["statusCode"] == 200


def test_of_zero_the_worker_erases_what_it_has_judged():
    status, verification = posted({"Prefer": "respond-async"}, retention_days=0)
    kept_for_the_worker = pictures()
    request = lifecycle.pending_request(verifications.find(TENANT, "dev", verification["id"]))

    ended = worker.complete(request, worker_ports(), deadline=Deadline.after(20))

    assert (status, len(kept_for_the_worker), ended.status, pictures()) == (202, 2, "approved", [])


def test_days_survive_the_way_to_the_worker():
    _, verification = posted({"Prefer": "respond-async"}, retention_days=7, reference="order 17", metadata='{"a": "b"}')
    request = lifecycle.pending_request(verifications.find(TENANT, "dev", verification["id"]))

    ended = worker.complete(request, worker_ports(), deadline=Deadline.after(20))

    assert (days_kept(verification), ended.reference, ended.metadata) == (7, "order 17", {"a": "b"})


def test_pictures_that_cannot_be_erased_lose_no_answer(monkeypatch):
    def refuse(*_, **__):
        raise bucket.ClientError({"Error": {"Code": "SlowDown"}}, "DeleteObjects")

    monkeypatch.setattr(bucket, "erase", refuse)

    assert posted(retention_days=0)[0] == 200


@pytest.mark.parametrize("days", [-1, 2, 31, 60, 365, 100_000, "many", "1.5"])
def test_days_that_cannot_be_had_are_refused_by_name(days):
    status, problem = posted(retention_days=days)

    assert (status, problem["code"], problem["field"], pictures()) == (422, "validation_failed", "retention_days", [])


@pytest.mark.parametrize("days", [days for days in RETENTION_DAYS if days])
def test_the_bucket_has_a_rule_for_every_number_of_days(days):
    rules = TEMPLATE["Resources"]["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]

    assert [
        rule["ExpirationInDays"]
        for rule in rules
        if rule.get("TagFilters") == [{"Key": bucket.RETENTION_TAG, "Value": str(days)}]
    ] == [days]
