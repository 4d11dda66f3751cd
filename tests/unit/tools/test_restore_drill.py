"""What comes back when a table is taken back: what was lost, and nothing that somebody had erased."""

import time

import pytest

from tools.restore_drill import comparison
from tools.restore_drill.comparison import Known, TableForm

NOW = time.time()
LATER, EARLIER = {"N": str(int(NOW) + 1000)}, {"N": str(int(NOW) - 1)}
ONE, OTHER = "1" * 24, "2" * 24
FORM = TableForm(["owner", "id"], "expires_at")
KEYS = TableForm(["key_hash"], "erase_at")


def item(identifier, **more):
    return {"owner": {"S": "t#dev"}, "id": {"S": identifier}, "expires_at": LATER, **more}


def ended(identifier, **more):
    return item(identifier, status={"S": "approved"}, body={"S": "{}"}, **more)


def compared(live, restored, *, erased=(), kept=(ONE, OTHER), form=FORM):
    return comparison.compare(form, live, restored, Known(frozenset(erased), kept and frozenset(kept), NOW))


def test_what_is_there_still_is_the_same_or_changed_and_what_came_since_is_counted():
    found = compared([ended(ONE), ended(OTHER), item("policy#new")], [ended(ONE), ended(OTHER, revision={"N": "1"})])

    assert (found.same, found.changed, found.since, found.absent) == (1, [("t#dev", OTHER)], 1, {})


@pytest.mark.parametrize(
    ("absent", "why"),
    [
        (ended(ONE), "lost"),
        (item(f"record#{ONE}"), "lost"),
        (item(f"face#{ONE}"), "lost"),
        (item("policy#default"), "lost"),
        (item("secret"), "lost"),
        (ended(ONE, expires_at=EARLIER), "expired"),
        *((item(ONE, status={"S": status}), "unfinished") for status in comparison.UNDER_WAY),
    ],
)
def test_what_is_absent_is_lost_unless_its_time_is_over_or_it_never_ended(absent, why):
    assert compared([], [absent]).absent == {why: [absent]}


@pytest.mark.parametrize(
    "identifier", [ONE, f"record#{ONE}", f"face#{ONE}", f"document-of#{ONE}", f"document#ab#{ONE}"]
)
def test_nothing_of_what_was_erased_since_comes_back(identifier):
    assert compared([], [ended(identifier)], erased=[ONE]).absent == {"erased": [ended(identifier)]}


@pytest.mark.parametrize("identifier", [f"record#{ONE}", f"face#{ONE}", f"document#ab#{ONE}"])
def test_what_belongs_to_no_verification_that_there_will_be_does_not_come_back(identifier):
    assert list(compared([], [item(identifier)], kept=[OTHER]).absent) == ["orphan"]


@pytest.mark.parametrize("status", ["erasing", "erased"])
def test_what_is_marked_in_the_live_table_is_being_erased(status):
    marked = item(ONE, status={"S": status})

    assert comparison.being_erased([marked, ended(OTHER)]) == {ONE}


def test_verifications_that_can_be_read_and_those_that_come_back_are_kept_and_no_others():
    live = [ended(ONE), item(OTHER, status={"S": "erasing"}), item(f"record#{'3' * 24}")]

    assert comparison.kept(live, [ended("4" * 24)]) == {ONE, "4" * 24}


def test_a_key_is_of_no_verification_and_expires_by_its_own_attribute():
    key = {"key_hash": {"S": "a"}, "id": {"S": ONE}, "expires_at": EARLIER}

    assert list(compared([], [key], erased=[ONE], kept=[], form=KEYS).absent) == ["lost"]
    assert list(compared([], [{**key, "erase_at": EARLIER}], form=KEYS).absent) == ["expired"]


def test_the_report_counts_each_table_and_names_what_was_lost_and_what_changed():
    found = compared([ended(OTHER)], [ended(ONE), ended(OTHER, revision={"N": "1"})])

    report = comparison.report({"VerificationsTable": found}).splitlines()

    assert report[1].split() == ["VerificationsTable", "0", "1", "0", "1", "0", "0", "0", "0"]
    assert report[2:] == [f"VerificationsTable lost {ONE}", f"VerificationsTable changed {OTHER}"]
