"""No call of AWS outlasts the invocation that makes it."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ParamValidationError, ReadTimeoutError

from cari_aws import clients
from cari_aws.clients import OutOfTime, UntilDeadline, is_passing
from cari_core import deadline
from cari_core.deadline import Deadline, invocation, within

MADE = {
    "dynamodb": lambda: clients.table("any").meta.client,
    "dynamodb, asked once": lambda: clients.table_asked_once("any").meta.client,
    "dynamodb of idempotency": clients.dynamodb_client,
    "s3": clients.s3_client,
    "sqs": clients.sqs_client,
    "kms": clients.kms_client,
    "lambda": clients.engines_client,
    "rekognition": clients.rekognition_client,
}
ASK = {
    "dynamodb": lambda client: client.get_item(TableName="any", Key={"id": {"S": "1"}}),
    "s3": lambda client: client.get_object(Bucket="bucket", Key="key"),
    "sqs": lambda client: client.send_message(QueueUrl="https://queue", MessageBody="body"),
    "kms": lambda client: client.get_public_key(KeyId="key"),
    "lambda": lambda client: client.invoke(FunctionName="engine"),
    "rekognition": lambda client: client.detect_faces(Image={"Bytes": b"picture"}),
}
EVERY_CLIENT = pytest.mark.parametrize("name", MADE)


@pytest.fixture(autouse=True)
def made(monkeypatch):
    """Clients of an endpoint of this machine that nobody listens at, on a clock that stands still."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: 100.0))
    clients.forget()
    yield
    clients.forget()


def ending_in(seconds):
    return SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1000)


def timeout_of(client):
    """Read what a connection pool of a client's would give a request that begins now."""
    session = client._endpoint.http_session  # noqa: SLF001  # as botocore sends
    return session._manager.connection_from_url("http://127.0.0.1:9").timeout.clone()  # noqa: SLF001


@EVERY_CLIENT
def test_no_attempt_begins_once_the_time_is_over(name):
    client = MADE[name]()
    ask = ASK[client.meta.service_model.service_name]

    with invocation(ending_in(deadline.ENDING_S)), pytest.raises(OutOfTime):
        ask(client)


@EVERY_CLIENT
def test_no_attempt_waits_for_longer_than_is_left(name):
    client = MADE[name]()

    with invocation(ending_in(deadline.ENDING_S + 0.5)):
        waits = timeout_of(client)

    assert (waits.connect_timeout, waits.total) == (0.5, 0.5)
    assert waits.read_timeout <= 0.5


@EVERY_CLIENT
def test_with_time_enough_a_client_has_its_own_patience(name):
    client = MADE[name]()

    with invocation(ending_in(900)):
        waits = timeout_of(client)

    own = client.meta.config
    assert (waits.connect_timeout, waits.read_timeout) == (own.connect_timeout, own.read_timeout)


def test_what_a_thread_may_take_bounds_its_calls_more():
    with invocation(ending_in(900)):
        waits = within(Deadline(102.0), timeout_of, clients.engines_client())

    assert waits.total == 2


def test_connecting_and_waiting_share_what_is_left():
    bound = UntilDeadline(1, 3)

    waits = within(Deadline(102.0), bound.clone)

    assert (waits.connect_timeout, waits.total) == (1, 2)


def said(code, status=400):
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Ask")


@pytest.mark.parametrize(
    "error",
    [
        said("ProvisionedThroughputExceededException"),
        said("SlowDown", 503),
        said("KMSInternalException", 500),
        said("TransactionConflictException"),
        ReadTimeoutError(endpoint_url="https://s3"),
        ConnectTimeoutError(endpoint_url="https://s3"),
        OutOfTime(),
    ],
)
def test_what_may_be_over_in_a_moment_is_passing(error):
    assert is_passing(error)


@pytest.mark.parametrize(
    "error",
    [said("AccessDeniedException"), said("ValidationException"), ParamValidationError(report="wrong"), OSError()],
)
def test_what_will_fail_again_is_not(error):
    assert not is_passing(error)
