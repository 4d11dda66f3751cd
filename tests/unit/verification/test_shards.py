from collections import Counter

import pytest

from cari_core import ids, settings
from cari_verification.aws import shards

TENANT = "a" * 24
SINCE_S = 1_796_083_200


@pytest.fixture
def spread(monkeypatch):
    def spell(text):
        monkeypatch.setenv("OWNER_SHARDS", text)
        settings.forget()

    yield spell
    settings.forget()


def made_at(seconds):
    return ids.new_id(int(seconds * 1000))


def owner(identifier):
    return shards.owner_of(TENANT, "live", identifier)


def test_without_a_word_there_is_one_key_named_as_in_the_other_tables(monkeypatch):
    monkeypatch.delenv("OWNER_SHARDS", raising=False)
    settings.forget()

    assert owner(made_at(SINCE_S)) == ids.owner_key(TENANT, "live")
    assert shards.owners(TENANT, "live") == [ids.owner_key(TENANT, "live")]


def test_what_was_made_before_a_change_keeps_its_key(spread):
    identifiers = [made_at(SINCE_S - 0.001) for _ in range(20)]
    before = [owner(each) for each in identifiers]

    spread(f"1,4@{SINCE_S}")

    assert [owner(each) for each in identifiers] == before


def test_a_further_change_moves_nothing_that_an_earlier_one_spread(spread):
    spread(f"1,4@{SINCE_S}")
    identifiers = [made_at(SINCE_S + second) for second in range(50)]
    before = [owner(each) for each in identifiers]

    spread(f"1,4@{SINCE_S},16@{SINCE_S + 100}")

    assert [owner(each) for each in identifiers] == before
    assert len({owner(made_at(SINCE_S + 100 + second)) for second in range(500)}) == 16


@pytest.mark.parametrize("count", [2, 4, 8, 16])
def test_ids_fall_to_all_keys_alike(spread, count):
    spread(f"1,{count}@{SINCE_S}")
    each = 1000

    fallen = Counter(owner(made_at(SINCE_S + number)) for number in range(count * each))

    assert set(fallen) == set(shards.owners(TENANT, "live"))
    assert max(fallen.values()) < each * 1.3


def test_the_keys_of_two_tenants_and_of_two_modes_are_apart(spread):
    spread(f"1,16@{SINCE_S}")
    owners = [set(shards.owners(tenant, mode)) for tenant in ("a" * 24, "b" * 24) for mode in ("dev", "live")]

    assert len(set.union(*owners)) == 4 * 16
