"""A tenant's secret lies encrypted in the table, and stays what it is, whatever happens to it."""

import boto3
import pytest
from botocore.exceptions import ClientError

from cari_verification.aws import tenant_secrets
from tests.emulated_iam import acting
from tests.integration.functions.requests import TENANT

pytestmark = pytest.mark.usefixtures("aws")
KEY = {"owner": f"{TENANT}#dev", "id": "secret"}
PLAIN = bytes(range(32))


def stored():
    return tenant_secrets.table().get_item(Key=KEY)["Item"]


def cold():
    """Ask as a process does that has just begun."""
    tenant_secrets.secret.cache_clear()
    return tenant_secrets.secret(TENANT, "dev")


@pytest.fixture
def from_before(aws):  # noqa: ARG001  # the table is there
    """A secret as it was stored before secrets were encrypted."""
    tenant_secrets.table().put_item(Item={**KEY, "secret": PLAIN.hex()})


def test_the_table_has_the_secret_encrypted_and_in_no_other_form():
    secret = cold()

    item = stored()
    assert set(item) == {"owner", "id", "encrypted"}
    assert secret not in bytes(item["encrypted"])
    assert len(secret) == 32


def test_every_process_reads_the_same_secret():
    assert cold() == cold()


@pytest.mark.usefixtures("from_before")
def test_a_secret_from_before_is_encrypted_and_stays_the_same():
    assert [cold(), cold()] == [PLAIN, PLAIN]
    assert set(stored()) == {"owner", "id", "encrypted"}


@pytest.mark.usefixtures("from_before")
def test_two_that_encrypt_a_secret_from_before_at_once_agree(monkeypatch):
    encrypted = tenant_secrets._encrypted  # noqa: SLF001  # where the other comes in between

    def while_another_does(*asked):
        monkeypatch.setattr(tenant_secrets, "_encrypted", encrypted)
        cold()
        return encrypted(*asked)

    monkeypatch.setattr(tenant_secrets, "_encrypted", while_another_does)
    assert [cold(), cold()] == [PLAIN, PLAIN]


@pytest.mark.usefixtures("from_before")
def test_a_secret_from_before_is_kept_where_kms_refuses(monkeypatch):
    monkeypatch.setattr(tenant_secrets, "_encrypted", refuse)

    with pytest.raises(ClientError):
        cold()
    assert stored()["secret"] == PLAIN.hex()


def test_one_tenant_s_secret_does_not_open_as_another_s():
    cold()
    tenant_secrets.table().put_item(Item={**stored(), "owner": "b" * 24 + "#dev"})

    with pytest.raises(ClientError):
        tenant_secrets.secret("b" * 24, "dev")


def test_a_warm_process_asks_kms_no_more(monkeypatch):
    cold()
    monkeypatch.setattr(tenant_secrets, "_decrypted", refuse)

    assert tenant_secrets.secret(TENANT, "dev")


@pytest.mark.parametrize("function", ["VerifyFunction", "RecordsFunction", "WorkerFunction", "BatchFunction"])
def test_whoever_hashes_or_seals_may_make_and_read_secrets(function):
    with acting(function):
        assert cold() == cold()


def test_nobody_may_decrypt_for_another_purpose():
    encrypted = boto3.client("kms").encrypt(
        KeyId="alias/stack-secrets", Plaintext=b"x", EncryptionContext={"purpose": "another"}
    )["CiphertextBlob"]

    with acting("VerifyFunction"), pytest.raises(ClientError, match="AccessDenied"):
        boto3.client("kms").decrypt(
            KeyId="alias/stack-secrets", CiphertextBlob=encrypted, EncryptionContext={"purpose": "another"}
        )


def refuse(*_):
    raise ClientError({"Error": {"Code": "KMSInternalException", "Message": "later"}}, "Encrypt")
