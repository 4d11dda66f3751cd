"""Logs that name people never: request ids, steps, durations, decisions and reason codes.

Powertools writes them as JSON, each with the id of the request that is worked on. Events are never logged, and of an
unexpected error only its type and where it happened, because its message may quote what a person sent.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from cari_aws import correlation

if TYPE_CHECKING:
    from logging import LogRecord


def _with_request_id(record: LogRecord) -> bool:
    if request_id := correlation.current():
        record.__dict__.setdefault(correlation.FIELD, request_id)
    return True


logger = Logger()
logger.addFilter(_with_request_id)


def log_unexpected(error: BaseException, **fields: str) -> None:
    """Record an error that nobody foresaw, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    logger.error(
        "unexpected error",
        extra={
            "error_type": type(error).__qualname__,
            "error_at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-5:]],
            **fields,
        },
    )
