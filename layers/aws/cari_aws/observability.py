"""Logs that name people never: request ids, steps, durations, decisions and reason codes.

Powertools writes them as JSON. Events are never logged, and of an unexpected error only its type and
where it happened, because its message may quote what a person sent.
"""

from __future__ import annotations

import traceback

from aws_lambda_powertools import Logger

logger = Logger()


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
