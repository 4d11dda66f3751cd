import re
from datetime import UTC, datetime

from cari_core import ids


def test_an_id_is_24_hex_digits():
    assert re.fullmatch(ids.PATTERN, ids.new_id())


def test_ids_sort_by_the_moment_they_were_made():
    earlier, later = ids.new_id(1_700_000_000_000), ids.new_id(1_700_000_000_001)

    assert earlier < later


def test_two_ids_of_one_millisecond_differ():
    assert len({ids.new_id(1_700_000_000_000) for _ in range(100)}) == 100


def test_an_id_tells_when_it_was_made():
    assert ids.created_at(ids.new_id(1_700_000_000_000)) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_one_event_always_makes_one_id():
    assert ids.derived_id(1, "bucket", "key", "", "0A") == ids.derived_id(1, "bucket", "key", "", "0A")


def test_parts_that_merely_join_alike_make_different_ids():
    assert ids.derived_id(1, "ab", "c") != ids.derived_id(1, "a", "bc")
