from types import SimpleNamespace

import pytest

from cari_common import work_queue


def sent(**answer):
    asked = []
    queue = SimpleNamespace(send_message_batch=lambda **request: asked.append(request) or answer)
    work_queue.send(queue, "url", "a" * 24, "dev", "0" * 24, deadline_s=600)
    return asked[0]["Entries"]


def test_the_second_message_is_the_first_after_the_deadline():
    now, later = sent()

    assert now["MessageBody"] == later["MessageBody"]
    assert (now.get("DelaySeconds"), later["DelaySeconds"]) == (None, 601)


def test_a_message_is_read_back_as_it_was_sent():
    assert work_queue.read(sent()[0]["MessageBody"]) == ("a" * 24, "dev", "0" * 24)


def test_a_queue_that_takes_only_one_of_the_two_has_failed():
    with pytest.raises(OSError, match="refused"):
        sent(Failed=[{"Id": "deadline"}])
