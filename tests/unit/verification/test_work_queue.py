from types import SimpleNamespace

import pytest

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
