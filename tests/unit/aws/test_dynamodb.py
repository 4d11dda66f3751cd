from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from cari_aws import dynamodb
from cari_aws.dynamodb import ConditionFailed, put_together


def cancelled(*reasons):
    told = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": [{"Code": r} for r in reasons]}
    return ClientError(told, "TransactWriteItems")


class Table:
    """So much of a table as a transaction asks: each time the next answer, an exception or none."""

    name = "table"

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0
        self.meta = SimpleNamespace(client=self)

    def transact_write_items(self, **_):
        self.asked += 1
        if answer := self.answers.pop(0):
            raise answer


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(dynamodb, "CONFLICT_PAUSES_S", (0, 0))


def put(table):
    put_together(table, {"one": {"id": "1"}, "other": {"id": "2"}}, "attribute_not_exists(id)", {})


def test_a_condition_that_does_not_hold_is_told_and_not_asked_again():
    table = Table(cancelled("ConditionalCheckFailed", "None"))

    with pytest.raises(ConditionFailed):
        put(table)

    assert table.asked == 1


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_met_another_is_tried_again(reason):
    table = Table(cancelled("None", reason), None)

    put(table)

    assert table.asked == 2


def test_one_that_meets_others_every_time_has_not_failed_for_its_condition():
    table = Table(*[cancelled("TransactionConflict", "None")] * 3)

    with pytest.raises(ClientError, match="TransactionCanceled"):
        put(table)


def test_one_that_cannot_be_is_not_tried_again():
    table = Table(cancelled("ValidationError", "None"))

    with pytest.raises(ClientError):
        put(table)

    assert table.asked == 1
