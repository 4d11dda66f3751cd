import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from moto.dynamodb.models import DynamoDBBackend

from cari_api.auth import quota
from cari_api.auth.caller import Caller
from cari_core import settings
from cari_core.errors import QuotaExceeded, QuotaUnavailable, RateLimited

NOW = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC, a minute's beginning


@pytest.fixture(autouse=True)
def table(aws, monkeypatch):  # noqa: ARG001  # it is there as long as the test runs
    monkeypatch.setenv("REQUESTS_PER_MINUTE", "3")
    monkeypatch.setenv("VERIFICATIONS_PER_MONTH", "2")
    settings.forget()
    quota.forget()
    return boto3.resource("dynamodb").Table("quota")


def caller(quota_id="a" * 24, **changes):
    return Caller("b" * 24, "dev", ("verify",), quota_id, **changes)


def count_verification(whose, now):
    with quota.counted_verification(whose, now):
        pass


def moment(*date):
    return datetime(*date, tzinfo=UTC).timestamp()


def test_each_request_leaves_one_less_until_the_minute_ends():
    balances = [quota.count_request(caller(), NOW + 15.5) for _ in range(2)]

    assert balances == [quota.Balance(3, 2, 45), quota.Balance(3, 1, 45)]


def test_a_request_too_many_is_told_how_long_to_wait():
    for _ in range(3):
        quota.count_request(caller(), NOW)

    with pytest.raises(RateLimited) as refused:
        quota.count_request(caller(), NOW + 20)

    assert refused.value.headers == {
        "Retry-After": "40",
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "40",
    }


def test_a_new_minute_is_a_new_quota():
    for _ in range(3):
        quota.count_request(caller(), NOW + 59.9)

    assert quota.count_request(caller(), NOW + 60).left == 2


def test_what_is_refused_is_not_counted(table):
    for _ in range(2):
        count_verification(caller(), NOW)
    for _ in range(3):
        with pytest.raises(QuotaExceeded):
            count_verification(caller(), NOW)

    assert [item["used"] for item in table.scan()["Items"]] == [2]


def test_a_verification_that_is_not_made_is_not_counted(table):
    count_verification(caller(), NOW)

    with pytest.raises(ZeroDivisionError), quota.counted_verification(caller(), NOW):
        1 / 0  # noqa: B018  # it raises

    assert [item["used"] for item in table.scan()["Items"]] == [1]


def test_a_verification_too_many_waits_for_the_next_month():
    for _ in range(2):
        count_verification(caller(), moment(2027, 1, 31, 23))

    with pytest.raises(QuotaExceeded) as refused:
        count_verification(caller(), moment(2027, 1, 31, 23, 59, 30))
    count_verification(caller(), moment(2027, 2, 1))

    assert refused.value.headers["Retry-After"] == "30"


def test_a_month_ends_where_the_next_one_begins_also_at_the_years_end():
    assert quota.month_of(moment(2026, 12, 31, 23, 59, 59)) == quota.Window("month#2026-12", int(moment(2027, 1, 1)))
    assert quota.month_of(moment(2028, 2, 29)) == quota.Window("month#2028-02", int(moment(2028, 3, 1)))


def test_keys_do_not_share_a_quota():
    for _ in range(3):
        quota.count_request(caller(), NOW)

    assert quota.count_request(caller("c" * 24), NOW).left == 2


@pytest.mark.parametrize("own", [0, 1, 5])
def test_a_keys_own_limit_stands_in_place_of_the_deployments(own):
    limited = caller(requests_per_minute=own, verifications_per_month=own)

    for _ in range(own):
        quota.count_request(limited, NOW)
        count_verification(limited, NOW)

    with pytest.raises(RateLimited):
        quota.count_request(limited, NOW)
    with pytest.raises(QuotaExceeded):
        count_verification(limited, NOW)


def test_a_limit_that_was_lowered_below_what_is_used_refuses():
    for _ in range(3):
        quota.count_request(caller(), NOW)

    with pytest.raises(RateLimited) as refused:
        quota.count_request(caller(requests_per_minute=1), NOW)

    assert refused.value.headers["RateLimit-Remaining"] == "0"


def test_counts_expire_an_hour_after_their_window(table):
    quota.count_request(caller(), NOW)

    assert [item["expires_at"] for item in table.scan()["Items"]] == [NOW + 60 + 3600]


@pytest.fixture
def atomic(monkeypatch):
    """Let an update be atomic, as DynamoDB's are and moto's are not."""
    one_at_a_time, update = threading.Lock(), DynamoDBBackend.update_item

    def update_alone(*arguments, **named):
        with one_at_a_time:
            return update(*arguments, **named)

    monkeypatch.setattr(DynamoDBBackend, "update_item", update_alone)


@pytest.fixture
def calls(monkeypatch):
    """Each call of the table, by the counter that it is for."""
    made, update = [], DynamoDBBackend.update_item

    def noted(backend, table_name, key, *arguments, **named):
        made.append(key["owner"]["S"])
        return update(backend, table_name, key, *arguments, **named)

    monkeypatch.setattr(DynamoDBBackend, "update_item", noted)
    return made


def tried(limited, times):
    """Count so many requests at once; None for each that is refused."""

    def left(_):
        try:
            return quota.count_request(limited, NOW).left
        except RateLimited:
            return None

    with ThreadPoolExecutor(16) as threads:
        return list(threads.map(left, range(times)))


@pytest.mark.usefixtures("atomic")
def test_requests_at_the_same_moment_never_share_the_last_of_a_quota():
    seen = tried(caller(requests_per_minute=20), 60)

    assert seen.count(None) == 40  # what each is told is left may be moto's later count: it is read after the update


@pytest.mark.usefixtures("atomic")
@pytest.mark.parametrize("limit", [20, 22])
def test_a_limit_over_several_counters_is_exact_under_concurrency(monkeypatch, table, limit):
    monkeypatch.setattr(quota, "COUNTED_A_MINUTE", 5)

    seen = tried(caller(requests_per_minute=limit), 60)

    used = [int(item["used"]) for item in table.scan()["Items"]]
    assert (len(seen) - seen.count(None), sum(used), len(used)) == (limit, limit, -(-limit // 5))


def test_no_partition_of_a_key_that_makes_500_verifications_a_second_is_written_to_more_than_dynamodb_takes(calls):
    a_second, most = 500, 1_000  # write units a second under one partition key, by DynamoDB's documentation
    each = 300
    busy = caller(requests_per_minute=a_second * 60, verifications_per_month=10**9)

    for _ in range(each):
        quota.count_request(busy, NOW)
        count_verification(busy, NOW)

    busiest = max(calls.count(counter) for counter in set(calls)) / each * a_second
    assert busiest <= most / 2
    assert len(calls) == 2 * each


def test_what_is_left_over_several_counters_is_told_of_all(monkeypatch):
    monkeypatch.setattr(quota, "COUNTED_A_MINUTE", 50)

    assert quota.count_request(caller(requests_per_minute=100), NOW).left == 98  # 49 of this one's 50, twice


def test_a_count_is_one_call_of_the_table_refused_or_not(calls, table):
    for _ in range(3):
        quota.count_request(caller(), NOW)
    with pytest.raises(RateLimited):
        quota.count_request(caller(), NOW)

    assert len(calls) == 4
    assert len(table.scan()["Items"]) == 1


def test_a_counter_that_was_full_is_not_asked_again_before_its_window_ends(calls):
    for _ in range(3):
        quota.count_request(caller(), NOW)
    for _ in range(5):
        with pytest.raises(RateLimited):
            quota.count_request(caller(), NOW + 59)

    assert len(calls) == 4
    assert quota.count_request(caller(), NOW + 60).left == 2


def test_a_limit_that_was_raised_holds_at_once():
    for _ in range(3):
        quota.count_request(caller(), NOW)
    with pytest.raises(RateLimited):
        quota.count_request(caller(), NOW)

    assert quota.count_request(caller(requests_per_minute=5), NOW).left == 1


def failing_with(monkeypatch, error):
    class Failing:
        def update_item(self, **_):
            raise error

    monkeypatch.setattr(quota, "table_asked_once", lambda _: Failing())


def throttled(code):
    return ClientError({"Error": {"Code": code}}, "UpdateItem")


@pytest.mark.parametrize(
    "error",
    [ConnectTimeoutError(endpoint_url="https://dynamodb"), throttled("InternalServerError")],
)
def test_a_table_out_of_reach_refuses_no_request_and_every_verification(monkeypatch, error):
    failing_with(monkeypatch, error)

    assert quota.count_request(caller(), NOW) is None
    with pytest.raises(QuotaUnavailable) as refused:
        count_verification(caller(), NOW)

    assert refused.value.headers == {"Retry-After": "5"}


@pytest.mark.parametrize("code", ["ProvisionedThroughputExceededException", "ThrottlingException"])
def test_whoever_is_too_fast_to_be_counted_is_refused_for_a_second(monkeypatch, logged, code):
    failing_with(monkeypatch, throttled(code))

    with pytest.raises(RateLimited) as refused:
        quota.count_request(caller(), NOW)
    with pytest.raises(QuotaUnavailable):
        count_verification(caller(), NOW)

    assert refused.value.headers["Retry-After"] == "1"
    assert "quota not counted" in logged.getvalue()


def test_a_table_that_is_not_there_makes_no_verification(monkeypatch):
    monkeypatch.setenv("QUOTA_TABLE", "nowhere")
    settings.forget()

    assert quota.count_request(caller(requests_per_minute=1), NOW) is None
    with pytest.raises(QuotaUnavailable), quota.counted_verification(caller(verifications_per_month=1), NOW):
        pass


def test_a_table_that_does_not_answer_refuses_no_request(monkeypatch):
    class Silent:
        def update_item(self, **_):
            raise ConnectTimeoutError(endpoint_url="https://dynamodb")

    with monkeypatch.context() as patched:
        patched.setattr(quota, "table_asked_once", lambda _: Silent())

        assert quota.count_request(caller(), NOW) is None
