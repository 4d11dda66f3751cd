import json

import pytest
from aws_lambda_powertools.metrics import EphemeralMetrics

from cari_aws import metrics
from cari_aws.metrics import Metrics
from cari_core import settings


@pytest.fixture(autouse=True)
def namespace(monkeypatch):
    """The stack's name."""
    monkeypatch.setenv("METRICS_NAMESPACE", "a-stack")
    settings.forget()
    yield
    settings.forget()


def test_a_line_has_the_form_that_powertools_gives_it(monkeypatch):
    monkeypatch.delenv("POWERTOOLS_SERVICE_NAME", raising=False)
    theirs = EphemeralMetrics(namespace="a-stack")
    theirs.add_dimension("mode", "dev")
    theirs.add_metric("Verifications", "Count", 1)
    written = theirs.serialize_metric_set()
    written["_aws"].pop("Timestamp")

    ours = metrics.fields(Metrics({"Verifications": 1}, by={"mode": "dev"}))

    assert ours["_aws"].pop("Timestamp") > 0
    assert ours == {**written, "Verifications": 1}


def test_metrics_of_other_dimensions_share_a_line():
    line = metrics.fields(Metrics({"One": 1}, by={"mode": "dev"}), Metrics({"Two": 2.5}, unit="Milliseconds"))

    assert [each["Dimensions"] for each in line["_aws"]["CloudWatchMetrics"]] == [[["mode"]], [[]]]
    assert (line["mode"], line["One"], line["Two"]) == ("dev", 1, 2.5)
    assert json.loads(json.dumps(line)) == line
