"""The functions over an in-memory bucket and tables; the two engines answer what a test says."""

import io

import boto3
import pytest
from moto import mock_aws

from cari_common import bucket, cloud, engines, idempotency, observability, settings, signing, tenants

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "BUCKET": "bucket",
    "VERIFICATIONS_TABLE": "verifications",
    "API_KEYS_TABLE": "keys",
    "FACE_COMPARE_FUNCTION": "face_compare",
    "MRZ_FUNCTION": "mrz",
    "RETENTION_DAYS": "30",
    "WORK_QUEUE_URL": "",  # known once it is made
    "IDEMPOTENCY_TABLE": "idempotency",
    "TENANTS_TABLE": "tenants",
    "USAGE_KEY_LIVE": "usage-live-0123456789",
    "USAGE_KEY_DEV": "usage-dev-0123456789",
}
CACHED = (
    settings.verification_settings,
    settings.authorizer_settings,
    settings.http_settings,
    settings.idempotency_settings,
    settings.tenant_settings,
    bucket.signing_client,
    cloud.s3_client,
    cloud.verifications_table,
    cloud.queue_client,
    settings.signing_settings,
    signing._signer,  # noqa: SLF001  # likewise
    tenants.table,
    tenants.secret,
    cloud.steps,
    cloud.handing_over,
    cloud.working,
    idempotency._client,  # noqa: SLF001  # each test has an account of its own
)


@pytest.fixture
def aws(monkeypatch):
    """An empty account with our bucket and tables."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    _forget()
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        _create_table("verifications", "owner", "id", index=("by-reference", "owner_reference", "id"))
        _create_table("tenants", "owner", "id")
        _create_table("keys", "key_hash")
        _create_table("idempotency", "owner", "id")
        monkeypatch.setenv("WORK_QUEUE_URL", boto3.client("sqs").create_queue(QueueName="work")["QueueUrl"])
        yield
    _forget()


@pytest.fixture
def signing_key(tmp_path, monkeypatch):
    """A key to sign with, in a file of the test's own."""
    monkeypatch.setenv("SIGNING_KEY_FILE", str(tmp_path / "signing-key.json"))
    monkeypatch.delenv("SIGNING_KEY_ID", raising=False)
    _forget()


@pytest.fixture
def answers(monkeypatch):
    """Let a test set what the engines answer: `answers["faces"]`, `answers["mrz"]`."""
    said = {}
    monkeypatch.setattr(engines, "compare_faces", lambda *_, **__: said["faces"])
    monkeypatch.setattr(engines, "read_mrz", lambda *_, **__: said["mrz"])
    return said


@pytest.fixture
def logged(monkeypatch):
    """What is logged, whatever stream the logger found when it was made."""
    written = io.StringIO()
    monkeypatch.setattr(observability.logger.handlers[0], "stream", written)
    return written


def _forget():
    for cached in CACHED:
        cached.cache_clear()


def _create_table(name: str, *key: str, index: tuple[str, ...] = ()):
    boto3.resource("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": part, "AttributeType": "S"} for part in dict.fromkeys((*key, *index[1:]))
        ],
        KeySchema=_key_schema(key),
        **(_indexes(*index) if index else {}),
    )


def _indexes(name, *key):
    return {
        "GlobalSecondaryIndexes": [
            {"IndexName": name, "KeySchema": _key_schema(key), "Projection": {"ProjectionType": "ALL"}}
        ]
    }


def _key_schema(key):
    return [{"AttributeName": part, "KeyType": kind} for part, kind in zip(key, ("HASH", "RANGE"), strict=False)]
