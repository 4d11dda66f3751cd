"""An in-memory bucket, tables and queue for whoever asks for them; the engines answer what a test says."""

import functools
import io

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend

from cari_api.auth import quota
from cari_aws import clients, observability
from cari_core import settings
from cari_evidence import signing
from cari_verification.aws import engines, policies, tenant_secrets
from cari_verification.aws.engines import Engines
from local.aws.dynamodb import serving_as_dynamodb
from tests import emulated_iam
from tests.tables import create_keys_table, create_table, create_verifications_table

ACCOUNT, REGION = "123456789012", "eu-west-1"
_client, _resource = boto3.client, boto3.resource  # a client takes 30 ms to make, so that each is made once
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "BUCKET": "bucket",
    "VERIFICATIONS_TABLE": "verifications",
    "API_KEYS_TABLE": "keys",
    "FACE_COMPARE_FUNCTION": "face_compare",
    "MRZ_FUNCTION": "mrz",
    "MRZ_FALLBACK_FUNCTION": "mrz_fallback",
    "RETENTION_DAYS": "30",
    "WORK_QUEUE_URL": "",  # known once it is made
    "IDEMPOTENCY_TABLE": "idempotency",
    "TENANTS_TABLE": "tenants",
    "SEEN_TABLE": "seen",
    "SECRETS_KEY_ID": "alias/stack-secrets",
    "SIGNING_KEYS_TABLE": "signing-keys",
    "QUOTA_TABLE": "quota",
    "REQUESTS_PER_MINUTE": "1000",
    "VERIFICATIONS_PER_MONTH": "1000",
    "USAGE_KEY_LIVE": "usage-live-0123456789",
    "USAGE_KEY_DEV": "usage-dev-0123456789",
}


@pytest.fixture(scope="module")
def account():
    """An account with our tables, which a module's tests share: making it takes longer than most of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr(boto3, "client", functools.cache(_client))
        patch.setattr(boto3, "resource", functools.cache(_resource))
        clients.forget()
        engines.deployed.cache_clear()
        with mock_aws(), serving_as_dynamodb():
            there = {"LocationConstraint": REGION}
            boto3.client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration=there)
            create_verifications_table("verifications")
            create_table("tenants", "owner", "id")
            create_table("seen", "owner", "id")
            create_keys_table("keys")
            create_table("idempotency", "owner", "id")
            create_table("quota", "owner", "window")
            create_table("signing-keys", "purpose", "kid")
            kms = boto3.client("kms")
            kms.create_alias(
                AliasName=ENVIRONMENT["SECRETS_KEY_ID"], TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"]
            )
            yield
        clients.forget()


@pytest.fixture
def aws(account, monkeypatch):  # noqa: ARG001  # it is there as long as the test runs
    """Our bucket, tables and queue, all of them empty."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    emulated_iam.enforce(monkeypatch)
    _forget()
    for table in get_backend("dynamodb")[ACCOUNT][REGION].tables.values():
        table.items.clear()
    bucket_of_tests = get_backend("s3")[ACCOUNT]["aws"].buckets["bucket"]
    bucket_of_tests.__init__(bucket_of_tests.name, ACCOUNT, REGION)
    get_backend("sqs")[ACCOUNT][REGION].queues.clear()
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
    """Let a test set what the engines answer: `answers["faces"]`, `answers["mrz"]`, perhaps `answers["embedding"]`."""
    said = {}
    monkeypatch.setattr(Engines, "compare_faces", lambda *_, **__: said["faces"])
    monkeypatch.setattr(Engines, "compare_and_embed", lambda *_, **__: (said["faces"], said.get("embedding")))
    monkeypatch.setattr(Engines, "read_mrz", lambda *_, **__: said["mrz"])
    return said


@pytest.fixture
def logged(monkeypatch):
    """What is logged, whatever stream the logger found when it was made."""
    written = io.StringIO()
    monkeypatch.setattr(observability.logger.handlers[0], "stream", written)
    return written


def _forget():
    settings.forget()
    policies.forget()
    quota.forget()
    tenant_secrets.secret.cache_clear()
    signing._signer.cache_clear()  # noqa: SLF001  # each test has a key of its own
