import pytest

from cari_aws.messages import for_each_message

EVENT = {"Records": [{"messageId": name, "body": name} for name in ("one", "two", "three")]}


def test_every_message_is_done_though_one_fails_and_that_one_is_named():
    done = []

    def work(message):
        done.append(message.body)
        if message.body == "two":
            raise ValueError(message.body)

    assert for_each_message(EVENT, work) == {"batchItemFailures": [{"itemIdentifier": "two"}]}
    assert done == ["one", "two", "three"]


def test_a_message_says_how_many_times_it_was_delivered():
    delivered = []
    records = [{"messageId": "one", "body": "", "attributes": {"ApproximateReceiveCount": "3"}}, EVENT["Records"][0]]

    for_each_message({"Records": records}, lambda message: delivered.append(message.delivery))

    assert delivered == [3, 1]


def test_where_all_fail_all_are_named_and_nothing_is_raised():
    failed = for_each_message(EVENT, lambda _: 1 / 0)

    assert [each["itemIdentifier"] for each in failed["batchItemFailures"]] == ["one", "two", "three"]


def test_what_ends_the_process_is_no_failed_message():
    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        for_each_message(EVENT, stop)
