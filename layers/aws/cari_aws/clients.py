"""The clients of AWS, each made once in a process, so that a warm Lambda keeps its connections.

boto3's own timeouts of a minute, and its retries, would outlast every caller: all of them are set here. Beyond that no
attempt begins once the deadline has passed (`cari_core.deadline`), and none waits for longer than is left until then.

A function that starts from a snapshot (SnapStart) finds its clients made; what no two copies of it may share is made
anew in each.
"""

from __future__ import annotations

import random
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004  # its name
from snapshot_restore_py import register_after_restore  # a part of Lambda's runtime
from urllib3 import Timeout

from cari_core import deadline

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

Client = TypeVar("Client")

CONNECT_S, READ_S, ATTEMPTS = 1, 3, 3
PAUSES_S = 3  # between the attempts at most: standard retries wait up to 1 s, then up to 2 s
LONGEST_S = ATTEMPTS * (CONNECT_S + READ_S) + PAUSES_S  # of one call; a test compares it with what a caller has
ENGINE_READ_S = 60  # no engine runs for so long; a deadline comes before it
REKOGNITION_READ_S = 8  # it answers within a second or two
LEAST_S = 0.05  # that an attempt waits, should its time end while it begins

RETRYING = Config(
    connect_timeout=CONNECT_S,
    read_timeout=READ_S,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
)
ASKING_ONCE = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
# Waits as long as an engine may take and never asks twice: a retry would outlive the caller.
ASKING_ENGINES = Config(
    connect_timeout=3, read_timeout=ENGINE_READ_S, retries={"total_max_attempts": 1}, max_pool_connections=20
)
ASKING_REKOGNITION = Config(
    connect_timeout=CONNECT_S,
    read_timeout=REKOGNITION_READ_S,
    retries={"mode": "standard", "total_max_attempts": 2},
)
_MAKING = Lock()  # boto3 shares a session, which makes one client at a time; threads ask for theirs at once
FAILURES = (BotoCoreError, ClientError)  # whatever a call can fail with
OUT_OF_REACH = (ConnectionError, HTTPClientError)
SERVER_ERROR = 500
THROTTLED_CODES = frozenset(
    {
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ProvisionedThroughputExceededException",
        "SlowDown",
    }
)
PASSING_CODES = THROTTLED_CODES | {  # what AWS says when the same call may succeed a moment later, and is no 5xx
    "TransactionConflictException",
    "TransactionInProgressException",
    "TransactionCanceledException",  # where no condition failed, which is ConditionFailed
    "RequestTimeout",
    "RequestTimeoutException",
    "PriorRequestNotComplete",
}


class Passing(BotoCoreError):
    """What no service said and is over in a moment; each kind of it says what."""


class OutOfTime(Passing):
    """The caller's deadline had passed before an attempt could begin."""

    fmt = "The deadline had passed before this could be asked."


def is_passing(error: BaseException) -> bool:
    """Say whether a call failed for now: throttled, out of reach, out of time, or a fault of AWS's own."""
    if isinstance(error, ClientError):
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        return status >= SERVER_ERROR or error.response.get("Error", {}).get("Code") in PASSING_CODES
    return isinstance(error, (Passing, *OUT_OF_REACH))


def is_throttled(error: BaseException) -> bool:
    """Say whether a call was refused because too many came at once."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in THROTTLED_CODES


@cache
def tables() -> DynamoDBServiceResource:
    """Share what makes handles of tables."""
    return _dynamodb(RETRYING)


@cache
def tables_asked_once() -> DynamoDBServiceResource:
    """Share what makes handles of tables whose failure nobody waits for."""
    return _dynamodb(ASKING_ONCE)


@cache
def table(name: str) -> Table:
    """Share one handle of a table."""
    return tables().Table(name)


@cache
def table_asked_once(name: str) -> Table:
    """Share one handle of a table whose failure nobody waits for."""
    return tables_asked_once().Table(name)


@cache
def dynamodb_client() -> DynamoDBClient:
    """Share one client of DynamoDB that speaks of types ({"S": …}), as Powertools does."""
    with _MAKING:
        return _ending_in_time(boto3.client("dynamodb", config=RETRYING))


@cache
def s3_client() -> S3Client:
    """Share one client of S3."""
    with _MAKING:
        return _ending_in_time(boto3.client("s3", config=RETRYING))


@cache
def presigning_s3_client() -> S3Client:
    """Share a client whose signed addresses name the bucket's own region: S3's default form redirects."""
    with _MAKING:
        return boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


@cache
def sqs_client() -> SQSClient:
    """Share one client of SQS."""
    with _MAKING:
        return _ending_in_time(boto3.client("sqs", config=RETRYING))


@cache
def kms_client() -> KMSClient:
    """Share one client of KMS."""
    with _MAKING:
        return _ending_in_time(boto3.client("kms", config=RETRYING))


@cache
def engines_client() -> LambdaClient:
    """Share one client of Lambda, to ask the engines by."""
    with _MAKING:
        return _ending_in_time(boto3.client("lambda", config=ASKING_ENGINES))


@cache
def rekognition_client() -> RekognitionClient:
    """Share one client of Rekognition."""
    with _MAKING:
        return _ending_in_time(boto3.client("rekognition", config=ASKING_REKOGNITION))


def part_from_the_snapshot() -> None:
    """Share with no other copy of a snapshot how long a retry waits (botocore asks `random`)."""
    random.seed()


register_after_restore(part_from_the_snapshot)


def forget() -> None:
    """Make every client anew from now on; tests change the account."""
    for made in (
        tables,
        tables_asked_once,
        table,
        table_asked_once,
        dynamodb_client,
        s3_client,
        presigning_s3_client,
        sqs_client,
        kms_client,
        engines_client,
        rekognition_client,
    ):
        made.cache_clear()


class UntilDeadline(Timeout):
    """A timeout that is no longer than what is left. urllib3 clones it for every request."""

    def __init__(self, connect_s: float, read_s: float) -> None:
        super().__init__(connect=connect_s, read=read_s)
        self._connect_s, self._read_s = connect_s, read_s

    def clone(self) -> Timeout:
        """Make the timeout of a request that begins now."""
        left_s = max(deadline.current().left_s, LEAST_S)
        return Timeout(connect=min(self._connect_s, left_s), read=min(self._read_s, left_s), total=left_s)


def _dynamodb(config: Config) -> DynamoDBServiceResource:
    with _MAKING:
        resource = boto3.resource("dynamodb", config=config)
        _ending_in_time(resource.meta.client)
        return resource


def _ending_in_time(client: Client) -> Client:
    """Let no attempt of a client's begin after the deadline, or wait until after it.

    botocore has one timeout for all requests of a client, so that its sessions get one that looks at the clock.
    """
    made: Any = client  # the stubs' clients share no class
    service = made.meta.service_model.service_id.hyphenize()
    made.meta.events.register(f"before-send.{service}", _begin_in_time, unique_id="deadline")
    config, session = made.meta.config, made._endpoint.http_session  # noqa: SLF001  # botocore has no door to it
    timeout = UntilDeadline(config.connect_timeout, config.read_timeout)
    session._timeout = session._manager.connection_pool_kw["timeout"] = timeout  # noqa: SLF001  # the former is a proxy's
    return client


def _begin_in_time(**_: Any) -> None:
    if deadline.current().left_s <= 0:
        raise OutOfTime
