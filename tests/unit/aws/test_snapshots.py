"""What the clients of AWS share, and with whom they do not."""

import random

import pytest
from snapshot_restore_py import get_after_restore, get_before_snapshot

from cari_aws import clients
from functions.authorizer import app as authorizer
from functions.mrz import app as mrz
from functions.records import app as records
from functions.verify import app as verify


def test_two_copies_of_a_snapshot_do_not_wait_alike_before_they_ask_again():
    snapshot = random.getstate()
    waits = []
    for _ in range(2):
        random.setstate(snapshot)
        for hook, arguments, named in get_after_restore():
            hook(*arguments, **named)
        waits.append(random.random())  # noqa: S311  # as botocore does

    assert waits[0] != waits[1]


@pytest.mark.parametrize("function", [authorizer, mrz, records, verify])
def test_whoever_starts_from_a_snapshot_has_made_ready_what_takes_long(function):
    assert set(READY[function]) <= {hook for hook, _, _ in get_before_snapshot()}


READY = {
    authorizer: [clients.tables, clients.tables_asked_once],
    mrz: [mrz.load],
    records: [clients.tables, clients.s3_client, clients.kms_client],
    verify: [clients.tables, clients.s3_client, verify.engines.deployed],
}


def test_two_tables_share_one_client(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    clients.forget()

    assert clients.table("one").meta.client is clients.table("other").meta.client
    clients.forget()
