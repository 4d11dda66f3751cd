"""Batch: a job file dropped into the bucket comes back as an answer."""

import json
import time

import pytest

PATIENCE_S = 90


@pytest.fixture
def bucket(stack):
    return stack.cloud.client("s3"), stack.cloud.outputs["Bucket"]


def result(bucket, key):
    s3, name = bucket
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = s3.list_objects_v2(Bucket=name, Prefix=key).get("Contents", [])
        if found:
            return json.loads(s3.get_object(Bucket=name, Key=key)["Body"].read())
        time.sleep(0.3)
    raise AssertionError(f"no {key} within {PATIENCE_S} s")


def drop(bucket, folder, specimens, job, **parts):
    s3, name = bucket
    for part, payload in {**specimens, **parts}.items():
        s3.put_object(Bucket=name, Key=f"{folder}/{part}.jpg", Body=payload)
    s3.put_object(Bucket=name, Key=f"{folder}/one of+two.json", Body=json.dumps(job).encode())


JOB = {"type": "passport", "selfie": "selfie.jpg", "front": "front.jpg"}


@pytest.mark.parametrize(("mode", "status"), [("dev", "approved"), ("live", "declined")])
def test_a_job_in_the_bucket_is_answered_under_results(bucket, specimens, tenant, mode, status):
    drop(bucket, f"batch/{tenant}/{mode}/monday", specimens, JOB)

    answer = result(bucket, f"results/{tenant}/{mode}/monday/one of+two.json")

    assert (answer["status"], answer["user"]) == (status, tenant)


def test_a_job_whose_picture_is_none_is_answered_with_its_problem(bucket, specimens, tenant):
    drop(bucket, f"batch/{tenant}/live/tuesday", specimens, JOB, front=b"I am a picture, honestly.\n")

    answer = result(bucket, f"results/{tenant}/live/tuesday/one of+two.json")

    assert (answer["code"], answer["field"]) == ("unsupported_image", "front")
