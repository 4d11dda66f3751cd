"""After a deletion nothing is left of a person: not in the bucket, not in a table, not in a log."""

import json

import pytest
import requests

from cari_verification.aws.verifications import body_of

TIMEOUT_S = 60
SAID = {"reference": "REFERENCE-7", "metadata": '{"note": "METADATA-7"}', "policy": "sandbox-duplicates"}


@pytest.fixture
def versioned(stack):
    """A bucket whose owner keeps every version."""
    s3, bucket = stack.cloud.client("s3"), stack.cloud.outputs["Bucket"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    yield
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def versions_of(tenant, stack):
    pages = (
        stack.cloud.client("s3").get_paginator("list_object_versions").paginate(Bucket=stack.cloud.outputs["Bucket"])
    )
    every = [version for page in pages for version in (*page.get("Versions", []), *page.get("DeleteMarkers", []))]
    return [version["Key"] for version in every if tenant in version["Key"]]


def items_of(tenant, stack):
    tables = stack.cloud.client("dynamodb").list_tables()["TableNames"]
    items = [item for table in tables for item in stack.cloud.table(table).scan()["Items"]]
    told = (json.dumps(item, default=repr) + (body_of(item).decode() if "body" in item else "") for item in items)
    return [each for each in told if tenant in each]


@pytest.mark.usefixtures("versioned")
def test_delete_leaves_nothing_of_the_person(stack, stack_state, specimens, tenant):
    key = {"Authorization": stack.add_key(tenant=tenant)}
    verification = requests.post(
        f"{stack.url}/identity/verify",
        headers={**key, "Idempotency-Key": "delete-me"},
        data={"type": "passport", **SAID},
        files={name: (f"PRIVATE-{name}.jpg", payload) for name, payload in specimens.items()},
        timeout=TIMEOUT_S,
    ).json()
    address = f"{stack.url}/identity/verify/{verification['id']}"
    front = verification["front"]
    secrets = (front["number"], front["surname"], "REFERENCE-7", "METADATA-7", "PRIVATE-")
    pictures, items = versions_of(tenant, stack), items_of(tenant, stack)
    requests.get(f"{address}/evidence", headers=key, timeout=TIMEOUT_S)

    answer = requests.delete(address, headers=key, timeout=TIMEOUT_S)

    left, logged = items_of(tenant, stack), (stack_state / "functions.log").read_text()
    assert [secret for secret in secrets if not any(secret in item for item in items)] == []  # it was there
    assert (answer.status_code, len(pictures)) == (200, 2)
    assert versions_of(tenant, stack) == []
    assert [item for item in left if verification["id"] in item] == []
    assert [secret for secret in secrets if secret in logged or any(secret in item for item in left)] == []
    assert requests.get(address, headers=key, timeout=TIMEOUT_S).status_code == 404
