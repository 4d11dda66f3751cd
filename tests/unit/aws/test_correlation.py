import io
import json
import sys
from types import SimpleNamespace

import pytest

from cari_aws import correlation, observability
from cari_aws.engine_requests import Refusal, as_engine
from cari_aws.messages import for_each_message

CONTEXT = SimpleNamespace(function_name="mrz", aws_request_id="52fdfc07")


@pytest.fixture(autouse=True)
def forget():
    yield
    correlation.begin(None)


@pytest.fixture
def logged(monkeypatch):
    """What is logged."""
    written = io.StringIO()
    monkeypatch.setattr(observability.logger.handlers[0], "stream", written)
    return written


def message(request_id=None):
    attributes = {"request_id": {"stringValue": request_id, "dataType": "String"}} if request_id else {}
    return {"messageId": "the-message", "body": "", "messageAttributes": attributes}


def test_every_line_names_the_request_that_is_worked_on(logged):
    correlation.begin("the-request")

    observability.logger.info("something")

    assert json.loads(logged.getvalue())["request_id"] == "the-request"


@pytest.mark.parametrize("told", [None, "", 7, "a b", "x" * 65, 'quote"', "line\nline", {"a": 1}])
def test_what_is_no_id_is_repeated_nowhere(logged, told):
    correlation.begin(told)

    observability.logger.info("something")

    assert (correlation.current(), "request_id" in json.loads(logged.getvalue())) == (None, False)


def test_a_request_without_an_id_does_not_go_by_the_one_before():
    correlation.begin("the-request")
    correlation.begin(None)

    assert correlation.current() is None


@pytest.mark.parametrize(("sent", "expected"), [(message("the-request"), "the-request"), (message(), "the-message")])
def test_a_message_is_worked_on_for_the_request_that_sent_it_or_for_itself(sent, expected):
    seen = []

    for_each_message({"Records": [sent]}, lambda _: seen.append(correlation.current()))

    assert seen == [expected]


def test_an_engine_works_for_the_request_that_asks_and_says_so_first(capsys):
    @as_engine
    def handler(event, _):
        raise Refusal(f"{event}, {correlation.current()}")

    answer = handler({"Image": 1, "RequestId": "the-request"}, CONTEXT)

    line = json.loads(capsys.readouterr().out)
    assert answer["Message"] == "{'Image': 1}, the-request"
    assert (line["message"], line["request_id"]) == ("engine asked", "the-request")
    assert (line["function_name"], line["function_request_id"]) == ("mrz", "52fdfc07")


def test_an_engine_writes_its_line_at_once_so_that_no_other_process_writes_into_it(monkeypatch):
    written = []
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(write=written.append, flush=lambda: None))

    as_engine(lambda event, _: event)({"RequestId": "the-request"}, CONTEXT)

    assert [line[-2:] for line in written] == ["}\n"]


def test_an_engine_that_is_told_no_request_says_nothing(capsys):
    as_engine(lambda event, _: event)({"Image": 1}, None)

    assert capsys.readouterr().out == ""
