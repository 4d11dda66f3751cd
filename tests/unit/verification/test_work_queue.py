from types import SimpleNamespace

import pytest

from cari_aws import correlation
from cari_core import settings
from cari_verification.aws import work_queue

NAMED = ("a" * 24, "dev", "0" * 24)


@pytest.fixture
def sent(monkeypatch):
    """What the queue is sent."""
    monkeypatch.setenv("WORK_QUEUE_URL", "https://queue")
    settings.forget()
    asked = []
    client = SimpleNamespace(send_message=lambda **request: asked.append(request))
    monkeypatch.setattr(work_queue, "sqs_client", lambda: client)
    yield asked
    settings.forget()


def test_a_reminder_is_the_message_later(sent):
    work_queue.send(*NAMED)
    work_queue.send(*NAMED, delay_s=601)

    assert sent[1] == {**sent[0], "DelaySeconds": 601}


def test_a_message_is_read_back_as_it_was_sent(sent):
    work_queue.send(*NAMED)

    assert work_queue.read(sent[0]["MessageBody"]) == NAMED


def test_a_message_names_the_request_that_it_is_sent_for(sent):
    correlation.begin("the-request")
    work_queue.send(*NAMED)
    correlation.begin(None)
    work_queue.send(*NAMED)

    named = {"request_id": {"DataType": "String", "StringValue": "the-request"}}
    assert [each["MessageAttributes"] for each in sent] == [named, {}]
