"""The functions over an in-memory bucket and tables; the two engines answer what a test says."""

import functools
import io

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend

from cari_aws import best_effort, idempotency, observability
from cari_core import settings
from cari_evidence import signing
from cari_verification.aws import bucket, engines, policies, tenant_secrets, wiring
from functions.annotated import routes
from functions.keys import routes
from functions.verify import upload_claims
from local.dynamodb import writing_as_dynamodb
from tests.unit.common.tables import create_keys_table, create_table

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
    "RETENTION_DAYS": "30",
    "WORK_QUEUE_URL": "",  # known once it is made
    "IDEMPOTENCY_TABLE": "idempotency",
    "TENANTS_TABLE": "tenants",
    "QUOTA_TABLE": "quota",
    "REQUESTS_PER_MINUTE": "1000",
    "VERIFICATIONS_PER_MONTH": "1000",
    "USAGE_KEY_LIVE": "usage-live-0123456789",
    "USAGE_KEY_DEV": "usage-dev-0123456789",
}
CACHED = (
    settings.verification_settings,
    settings.authorizer_settings,
    settings.http_settings,
    settings.idempotency_settings,
    settings.tenant_settings,
    settings.keys_settings,
    settings.quota_settings,
    best_effort.table,
    bucket.signing_client,
    wiring.s3_client,
    settings.annotated_settings,
    routes._table,  # noqa: SLF001  # likewise
    wiring.verifications_table,
    wiring.queue_client,
    settings.signing_settings,
    signing._signer,  # noqa: SLF001  # likewise
    tenant_secrets.table,
    tenant_secrets.secret,
    wiring.steps,
    wiring.handing_over,
    wiring.delivered_again,
    upload_claims._table,  # noqa: SLF001  # likewise
    routes._table,  # noqa: SLF001  # likewise
    idempotency._client,  # noqa: SLF001  # each test has an account of its own
)


@pytest.fixture(scope="module")
def account():
    """An account with our tables, which a module's tests share: making it takes longer than most of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr(boto3, "client", functools.cache(_client))
        patch.setattr(boto3, "resource", functools.cache(_resource))
        with mock_aws(), writing_as_dynamodb():
            there = {"LocationConstraint": REGION}
            boto3.client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration=there)
            create_table("verifications", "owner", "id", index=("by-reference", "owner_reference", "id"))
            create_table("tenants", "owner", "id")
            create_keys_table("keys")
            create_table("idempotency", "owner", "id")
            create_table("quota", "owner", "window")
            yield


@pytest.fixture
def aws(account, monkeypatch):  # noqa: ARG001  # it is there as long as the test runs
    """Our bucket, tables and queue, all of them empty."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
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
    monkeypatch.setattr(engines, "compare_faces", lambda *_, **__: said["faces"])
    monkeypatch.setattr(engines, "compare_and_embed", lambda *_, **__: (said["faces"], said.get("embedding")))
    monkeypatch.setattr(engines, "read_mrz", lambda *_, **__: said["mrz"])
    return said


@pytest.fixture
def logged(monkeypatch):
    """What is logged, whatever stream the logger found when it was made."""
    written = io.StringIO()
    monkeypatch.setattr(observability.logger.handlers[0], "stream", written)
    return written


def _forget():
    policies._KNOWN.clear()  # noqa: SLF001  # each test's tenants have policies of their own
    for cached in CACHED:
        cached.cache_clear()
