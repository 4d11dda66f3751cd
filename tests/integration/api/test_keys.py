from dataclasses import replace

import boto3
import pytest
from botocore.exceptions import ClientError

from cari_api.auth import keys
from cari_api.auth.keys import KeyRecord


@pytest.fixture
def table(aws):  # noqa: ARG001  # it is there as long as the test runs
    return boto3.resource("dynamodb").Table("keys")


def record(**changes: object) -> KeyRecord:
    return KeyRecord(**{"tenant": "a" * 24, "mode": "dev", "state": "active", **changes})


def test_a_registered_key_is_found_with_all_that_is_known_of_it(table):
    key = keys.new_key("dev")

    known = record(
        expires_at=1_900_000_000,
        lifetime_s=86_400,
        name="checkout",
        scopes=("read", "admin"),
        last_used_at=1_700_000_000,
        quota_id="b" * 24,
        requests_per_minute=5,
        verifications_per_month=7,
    )

    keys.register(table, key, known)

    assert keys.find(table, key) == replace(known, hint=keys.hint_of(key), key_hash=keys.key_hash(key))


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


def test_a_key_from_before_there_were_ids_and_scopes_has_the_same_id_each_time_and_the_usual_scopes(table):
    key = keys.new_key("dev")
    table.put_item(Item={"key_hash": keys.key_hash(key), "tenant": "a" * 24, "mode": "dev", "state": "active"})

    first, second = keys.find(table, key), keys.find(table, key)

    assert (first.id, first.scopes) == (second.id, ("verify", "read", "delete"))


def test_a_hint_shows_the_mode_and_the_last_four_characters():
    assert keys.hint_of("live_01234567-89ab-4cde-8f01-23456789abcd") == "live_…abcd"


def test_a_tenants_keys_of_a_mode_are_listed_the_oldest_first_and_no_others(table):
    own = [record(id=f"{number:024x}") for number in (2, 1, 3)]
    for known in (*own, record(mode="live"), record(tenant="b" * 24)):
        keys.register(table, keys.new_key(known.mode), known)

    assert [known.id for known in keys.listed(table, f"{'a' * 24}#dev")] == sorted(known.id for known in own)


def test_more_keys_than_a_page_holds_are_all_listed(table):
    names = ["x" * 90_000 + str(number) for number in range(15)]  # a page is 1 MB
    for name in names:
        keys.register(table, keys.new_key("dev"), record(name=name))

    assert {known.name for known in keys.listed(table, f"{'a' * 24}#dev")} == set(names)


def test_use_is_noted_once_an_hour(table):
    key = keys.new_key("dev")
    keys.register(table, key, record())

    noted = []
    for now in (1_000_000, 1_003_599, 1_003_600):
        keys.note_use(table, keys.find(table, key), now)
        noted.append(keys.find(table, key).last_used_at)

    assert noted == [1_000_000, 1_000_000, 1_003_600]


def test_noting_the_use_of_a_key_that_was_erased_brings_nothing_back(table):
    key = keys.new_key("dev")
    keys.register(table, key, record())
    found = keys.find(table, key)
    table.delete_item(Key={"key_hash": found.key_hash})

    keys.note_use(table, found, now=1_000_000)

    assert table.scan()["Items"] == []


def test_a_key_revoked_meanwhile_is_not_replaced_and_no_key_is_made(table):
    key, successor = keys.new_key("dev"), keys.new_key("dev")
    keys.register(table, key, record())
    old = keys.find(table, key)
    keys.revoke(table, old, now=1_000_000)

    assert keys.replace_key(table, old, successor, record(), ends_at=2_000_000) is None
    assert keys.find(table, successor) is None


def test_a_key_is_replaced_once_and_lives_no_longer_for_another_try(table):
    key = keys.new_key("dev")
    keys.register(table, key, record())
    old = keys.find(table, key)

    keys.replace_key(table, old, keys.new_key("dev"), record(), ends_at=1_000_000)
    again = keys.replace_key(table, keys.find(table, key), keys.new_key("dev"), record(), ends_at=2_000_000)
    raced = keys.replace_key(table, old, keys.new_key("dev"), record(), ends_at=2_000_000)

    assert (again, raced) == (None, None)
    assert keys.find(table, key).expires_at == 1_000_000


def test_a_failure_of_the_table_is_no_key_that_is_not_active(table):
    key = keys.new_key("dev")
    keys.register(table, key, record())
    old = keys.find(table, key)
    nowhere = boto3.resource("dynamodb").Table("nowhere")

    with pytest.raises(ClientError, match="ResourceNotFound"):
        keys.replace_key(nowhere, old, keys.new_key("dev"), record(), ends_at=1_000_000)


def test_a_key_that_ended_is_erased_ninety_days_later(table):
    expiring, revoked = keys.new_key("dev"), keys.new_key("dev")
    keys.register(table, expiring, record(expires_at=1_000_000))
    keys.register(table, revoked, record())
    keys.revoke(table, keys.find(table, revoked), now=2_000_000)

    erased = {item["hint"]: item["erase_at"] for item in table.scan()["Items"]}

    days_90 = 90 * 86_400
    assert erased == {keys.hint_of(expiring): 1_000_000 + days_90, keys.hint_of(revoked): 2_000_000 + days_90}
