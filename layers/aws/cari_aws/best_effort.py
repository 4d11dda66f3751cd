"""DynamoDB for what may as well fail: asked once, for a second, so that a request waits for it no longer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

FAILURES = (BotoCoreError, ClientError)
ONCE = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})


@cache
def table(name: str) -> Table:
    """Share one handle of a table."""
    return boto3.resource("dynamodb", config=ONCE).Table(name)
