"""What a key may use: so many requests a minute, so many verifications a month (UTC), counted in DynamoDB.

A count is one conditional update, so that no two requests ever share the last of a quota. What is refused is not
counted. A table that fails refuses nobody: its failure is logged, and the answer has no RateLimit headers.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cari_aws import dynamodb
from cari_aws.clients import FAILURES, table, table_asked_once
from cari_aws.dynamodb import ConditionFailed
from cari_aws.observability import logger
from cari_core.errors import CariError, QuotaExceeded, RateLimited
from cari_core.settings import QuotaSettings, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.service_resource import Table

    from cari_api.auth.caller import Caller

MINUTE_S, HOUR_S = 60, 3600
DECEMBER = 12


@dataclass(frozen=True)
class Window:
    """A time that has a quota. Moments are seconds since 1970."""

    name: str
    ends_at: int


@dataclass(frozen=True)
class Balance:
    """What is left of a quota. More than the limit may have been used where the limit was lowered."""

    limit: int
    left: int
    reset_s: int  # until the quota begins anew

    @property
    def headers(self) -> dict[str, str]:
        """Tell it as response headers."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.reset_s),
        }


def count_request(caller: Caller, now: float) -> Balance | None:
    """Count one request of a key. None where the table fails. Raises RateLimited."""
    limit = _own_or(caller.requests_per_minute, settings(QuotaSettings).requests_per_minute)
    balance, counted = _count(caller.quota_id, minute_of(now), limit, now)
    if not counted:
        raise _refusal(
            RateLimited(f"This key may make {limit} requests a minute. Wait until the next begins."), balance
        )
    return balance


@contextmanager
def counted_verification(caller: Caller, now: float) -> Iterator[None]:
    """Count one verification of a key, and take it back where making that one raises. Raises QuotaExceeded."""
    limit, month = (
        _own_or(caller.verifications_per_month, settings(QuotaSettings).verifications_per_month),
        month_of(now),
    )
    balance, counted = _count(caller.quota_id, month, limit, now)
    if not counted:
        raise _refusal(
            QuotaExceeded(f"This key may make {limit} verifications a month. Ask the service's operator for more."),
            balance,
        )
    try:
        yield
    except Exception:
        if balance:
            _take_one_back(caller.quota_id, month)
        raise


def minute_of(now: float) -> Window:
    """Name the minute that a moment is in."""
    minute = int(now) // MINUTE_S
    return Window(f"minute#{minute}", (minute + 1) * MINUTE_S)


def month_of(now: float) -> Window:
    """Name the calendar month, UTC, that a moment is in."""
    month = datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (
        month.replace(year=month.year + 1, month=1) if month.month == DECEMBER else month.replace(month=month.month + 1)
    )
    return Window(f"month#{month:%Y-%m}", int(following.timestamp()))


def _count(quota_id: str, window: Window, limit: int, now: float) -> tuple[Balance | None, bool]:
    """Add one to a window's count where that stays within the limit; say what is left and whether it did."""
    reset_s = math.ceil(window.ends_at - now)
    try:
        used = _add_one(table_asked_once(settings(QuotaSettings).quota_table), quota_id, window, limit)
    except FAILURES as error:
        logger.error("quota not counted", extra={"error_type": type(error).__name__})
        return None, True
    if used is None:
        return Balance(limit, 0, reset_s), False
    return Balance(limit, limit - used, reset_s), True


def _add_one(table: Table, quota_id: str, window: Window, limit: int) -> int | None:
    if limit < 1:
        return None
    try:
        counted = dynamodb.update_if(
            table,
            {"owner": quota_id, "window": window.name},
            "SET expires_at = :expires_at ADD used :one",
            "attribute_not_exists(used) OR used < :limit",
            {":one": 1, ":limit": limit, ":expires_at": window.ends_at + HOUR_S},
        )
    except ConditionFailed:
        return None
    return int(counted["used"])


def _take_one_back(quota_id: str, window: Window) -> None:
    try:
        dynamodb.update_if(
            table(settings(QuotaSettings).quota_table),
            {"owner": quota_id, "window": window.name},
            "ADD used :one_less",
            "used > :none",
            {":one_less": -1, ":none": 0},
        )
    except (ConditionFailed, *FAILURES) as error:
        logger.error("quota not given back", extra={"error_type": type(error).__name__})


def _own_or(own: int | None, deployments: int) -> int:
    return deployments if own is None else own


def _refusal(error: CariError, balance: Balance | None) -> CariError:
    if balance:
        error.headers |= {"Retry-After": str(balance.reset_s), **balance.headers}
    return error
