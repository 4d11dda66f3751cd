from types import SimpleNamespace

from cari_verification.aws import work_queue

NAMED = ("a" * 24, "dev", "0" * 24)


def sent(send, **how):
    asked = []
    send(SimpleNamespace(send_message=lambda **request: asked.append(request)), "url", *NAMED, **how)
    return asked[0]


def test_a_reminder_is_the_message_later():
    now, later = sent(work_queue.send), sent(work_queue.remind, delay_s=601)

    assert later == {**now, "DelaySeconds": 601}


def test_a_message_is_read_back_as_it_was_sent():
    assert work_queue.read(sent(work_queue.send)["MessageBody"]) == NAMED
