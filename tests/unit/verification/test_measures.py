import pytest

from cari_core import ids
from cari_core.stopwatch import Timings
from cari_verification.aws import measures
from cari_verification.contract import public
from cari_verification.receipt import Deployment, Usage, receipt
from cari_verification.request import Submission
from cari_verification.stored import ended, timed_out, under_way

STORED = {"announce": [9.0], "store_pictures": [30.0]}
WAITED = Timings({**STORED, "faces": [400.0], "mrz": [90.0, 120.0], "decide": [2.0], "save": [8.0]}, 480.0)
BEGUN = under_way(Submission(id=ids.new_id(), tenant="a" * 24, mode="live", type="passport"))
ENDED = public(ended(BEGUN, timed_out()))


@pytest.fixture
def said(monkeypatch):
    """What is logged."""
    lines = []
    monkeypatch.setattr(measures.logger, "info", lambda message, extra: lines.append((message, extra)))
    return lines


def measured(line):
    return {each["Name"] for directive in line["_aws"]["CloudWatchMetrics"] for each in directive["Metrics"]}


def test_a_decision_is_counted_by_mode_and_each_stage_is_timed(said):
    measures.log_verified(ENDED, "live", WAITED)

    ((message, line),) = said
    assert (message, line["verification"], line["mode"], line["decision"]) == ("verified", ENDED.id, "live", "review")
    assert (line["Verifications"], line["MrzMs"], line["SaveMs"], line["TotalMs"]) == (1, 120.0, 8.0, 480.0)
    assert measured(line) == {"Verifications", "TotalMs", *measures.STAGES.values()}


@pytest.mark.parametrize(("timings", "counted"), [(WAITED, 1), (Timings(STORED, 40.0), None)], ids=["slow", "asked"])
def test_only_what_was_too_slow_is_counted_as_handed_over_and_neither_as_a_time(said, timings, counted):
    measures.log_verified(public(BEGUN), "dev", timings)

    ((_, line),) = said
    assert (line.get("HandedOver"), line["decision"], "TotalMs" in line) == (counted, "processing", False)


def test_an_estimated_cost_is_summed_where_it_is_known(said):
    cost = receipt(Usage(WAITED, [50_000], mrz_calls=1, verification_bytes=4_000), Deployment())

    measures.log_verified(ENDED.model_copy(update={"receipt": cost}), "dev", WAITED)

    assert said[0][1]["EstimatedDollars"] == cost.usd.total > 0


def test_no_tenant_is_told_apart(said):
    measures.log_verified(ENDED, "live", WAITED)

    assert BEGUN.tenant not in str(said)
