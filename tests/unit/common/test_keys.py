import boto3
import pytest
from moto import mock_aws

from cari_common import keys
from cari_common.keys import KeyRecord


@pytest.fixture
def table(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield boto3.resource("dynamodb", region_name="eu-west-1").create_table(
            TableName="keys",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "key_hash", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "key_hash", "KeyType": "HASH"}],
        )


def record(**changes: object) -> KeyRecord:
    return KeyRecord(**{"tenant": "a" * 24, "mode": "dev", "state": "active", **changes})


def test_a_registered_key_is_found_with_all_that_is_known_of_it(table):
    key = keys.new_key("dev")

    keys.register(table, key, record(expires_at=1_900_000_000))

    assert keys.find(table, key) == record(expires_at=1_900_000_000)


def test_the_table_never_holds_the_key(table):
    key = keys.new_key("dev")

    keys.register(table, key, record())

    assert key.partition("_")[2] not in str(table.scan()["Items"])


def test_an_unknown_key_is_not_found(table):
    assert keys.find(table, keys.new_key("dev")) is None


@pytest.mark.parametrize("malformed", ["", "dev_", "dev_123", "Bearer dev_x", "live_" + "g" * 36])
def test_a_malformed_key_is_not_found(table, malformed):
    assert keys.find(table, malformed) is None


def test_a_key_registered_for_another_mode_than_its_name_says_is_not_found(table):
    key = keys.new_key("dev")

    keys.register(table, key, record(mode="live"))

    assert keys.find(table, key) is None


def test_a_revoked_key_is_not_usable():
    assert not record(state="revoked").is_usable(now=0)


def test_a_key_is_usable_until_the_second_it_expires():
    expiring = record(expires_at=100)

    assert (expiring.is_usable(now=99), expiring.is_usable(now=100)) == (True, False)
