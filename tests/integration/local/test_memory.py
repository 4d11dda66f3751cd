"""moto in this process, with nothing listening."""

import gc
import tracemalloc

import boto3
import pytest
from moto import mock_aws
from moto.core.model_instances import model_data
from moto.s3.models import s3_backends

from local.aws import memory

PICTURE_BYTES = 500_000
KEPT = 8  # pictures of others, which an erasure must not copy
ERASURES = 30


@pytest.fixture
def s3():
    with memory.bounded(), mock_aws():
        client = boto3.client("s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        client.create_bucket(Bucket="bucket")
        client.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
        yield client
        erase(client, "")  # moto closes the newest versions alone


def put(s3, key):
    s3.put_object(Bucket="bucket", Key=key, Body=b"x" * PICTURE_BYTES, Tagging="retention-days=30")


def erase(s3, key):
    listed = s3.list_object_versions(Bucket="bucket", Prefix=key)
    versions = [
        {"Key": version["Key"], "VersionId": version["VersionId"]}
        for version in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]
    ]
    if versions:
        s3.delete_objects(Bucket="bucket", Delete={"Objects": versions})
    return len(versions)


def test_thirty_erasures_leave_less_than_one_picture_in_memory(s3):
    for number in range(KEPT):
        put(s3, f"others/{number}")
    put(s3, "mine")
    erase(s3, "mine")  # what the first one loads stays
    gc.collect()

    tracemalloc.start()
    try:
        for _ in range(ERASURES):
            put(s3, "mine")
            s3.delete_object(Bucket="bucket", Key="mine")
            assert erase(s3, "mine") == 2
        gc.collect()
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert grown < PICTURE_BYTES


def test_an_erased_object_leaves_no_tags(s3):
    put(s3, "mine")
    erase(s3, "mine")

    assert s3_backends["123456789012"]["aws"].tagger.tags == {}


def test_an_object_that_replaces_another_keeps_its_own_tags(s3):
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Suspended"})

    put(s3, "mine")
    put(s3, "mine")

    assert s3.get_object_tagging(Bucket="bucket", Key="mine")["TagSet"] == [{"Key": "retention-days", "Value": "30"}]


def test_versions_are_listed_as_before_and_keep_their_contents(s3):
    put(s3, "mine")
    put(s3, "mine")

    versions = s3.list_object_versions(Bucket="bucket", Prefix="mine")["Versions"]
    contents = [
        s3.get_object(Bucket="bucket", Key="mine", VersionId=version["VersionId"])["Body"].read()
        for version in versions
    ]

    assert [version["IsLatest"] for version in versions] == [True, False]
    assert contents == [b"x" * PICTURE_BYTES] * 2


def test_no_model_is_kept_for_motos_dashboard(s3):
    put(s3, "mine")

    assert [model for models in model_data.values() for model in models.values() if model.instances_tracked] == []
