"""After a deletion nothing is left of a person: not in the bucket, not in a table, not in a log."""

import json

import pytest
import requests

from cari_common import keys

TIMEOUT_S = 60
TENANT = keys.new_tenant()  # nobody else's: neighbours in the same stack leave versions of their own
SAID = {"reference": "REFERENCE-7", "metadata": '{"note": "METADATA-7"}', "policy": "sandbox-duplicates"}


@pytest.fixture
def versioned(stack):
    """A bucket whose owner keeps every version."""
    s3, bucket = stack.cloud.client("s3"), stack.cloud.outputs["Bucket"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    yield
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def versions_of_the_tenant(stack):
    listed = stack.cloud.client("s3").list_object_versions(Bucket=stack.cloud.outputs["Bucket"])
    every = [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]
    return [version["Key"] for version in every if TENANT in version["Key"]]


def items_of_the_tenant(stack):
    tables = stack.cloud.client("dynamodb").list_tables()["TableNames"]
    items = [item for table in tables for item in stack.cloud.table(table).scan()["Items"]]
    return [told for told in (json.dumps(item, default=repr) for item in items) if TENANT in told]


@pytest.mark.usefixtures("versioned")
def test_delete_leaves_nothing_of_the_person(stack, stack_state, specimens):
    key = {"Authorization": stack.add_key(tenant=TENANT)}
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
    pictures, items = versions_of_the_tenant(stack), items_of_the_tenant(stack)
    requests.get(f"{address}/evidence", headers=key, timeout=TIMEOUT_S)

    answer = requests.delete(address, headers=key, timeout=TIMEOUT_S)

    left, logged = items_of_the_tenant(stack), (stack_state / "functions.log").read_text()
    assert [secret for secret in secrets if not any(secret in item for item in items)] == []  # it was there
    assert (answer.status_code, len(pictures)) == (200, 2)
    assert versions_of_the_tenant(stack) == []
    assert [item for item in left if verification["id"] in item] == []
    assert [secret for secret in secrets if secret in logged or any(secret in item for item in left)] == []
    assert requests.get(address, headers=key, timeout=TIMEOUT_S).status_code == 404
