"""The clients of AWS, each made once in a process, so that a warm Lambda keeps its connections.

boto3's own timeouts of a minute, and its retries, would outlast every caller. What may as well fail is asked once and
briefly. The engines' client is in `cari_verification.aws.engines`: it waits as long as an engine may take.

A function that starts from a snapshot (SnapStart) finds its clients made; what no two copies of it may share is made
anew in each.
"""

from __future__ import annotations

import random
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from snapshot_restore_py import register_after_restore  # a part of Lambda's runtime

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

CONNECT_S, READ_S, ATTEMPTS = 1, 5, 3
PAUSES_S = 3  # between the attempts at most: standard retries wait up to 1 s, then up to 2 s
LONGEST_S = ATTEMPTS * (CONNECT_S + READ_S) + PAUSES_S  # of one call; a test compares it with what a caller has

RETRYING = Config(
    connect_timeout=CONNECT_S,
    read_timeout=READ_S,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
)
ASKING_ONCE = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
_MAKING = Lock()  # boto3 shares a session, which makes one client at a time; threads ask for theirs at once
FAILURES = (BotoCoreError, ClientError)  # whatever a call can fail with


@cache
def tables() -> DynamoDBServiceResource:
    """Share what makes handles of tables."""
    with _MAKING:
        return boto3.resource("dynamodb", config=RETRYING)


@cache
def tables_asked_once() -> DynamoDBServiceResource:
    """Share what makes handles of tables whose failure nobody waits for."""
    with _MAKING:
        return boto3.resource("dynamodb", config=ASKING_ONCE)


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
        return boto3.client("dynamodb", config=RETRYING)


@cache
def s3_client() -> S3Client:
    """Share one client of S3."""
    with _MAKING:
        return boto3.client("s3", config=RETRYING)


@cache
def presigning_s3_client() -> S3Client:
    """Share a client whose signed addresses name the bucket's own region: S3's default form redirects."""
    with _MAKING:
        return boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


@cache
def sqs_client() -> SQSClient:
    """Share one client of SQS."""
    with _MAKING:
        return boto3.client("sqs", config=RETRYING)


@cache
def kms_client() -> KMSClient:
    """Share one client of KMS."""
    with _MAKING:
        return boto3.client("kms", config=RETRYING)


def part_from_the_snapshot() -> None:
    """Share with no other copy of a snapshot how long a retry waits (botocore asks `random`)."""
    random.seed()


register_after_restore(part_from_the_snapshot)


def forget() -> None:
    """Make every client anew from now on; tests change the account."""
    made = (tables, tables_asked_once, table, table_asked_once, dynamodb_client, s3_client, presigning_s3_client)
    for each in (*made, sqs_client, kms_client):
        each.cache_clear()
