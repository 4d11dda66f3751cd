"""What a key may use: so many requests a minute, so many verifications a month (UTC), counted in DynamoDB.

A count is a conditional update, so that no two requests ever share the last of a quota. What is refused is not
counted. DynamoDB takes 1,000 writes a second under one partition key: minutes and months have keys of their own, and a
key that may make many requests a minute has several counters, each with its share of the limit.

No verification passes uncounted, and no request for want of speed. A request passes where the table is out of reach:
that is logged, and the answer has no RateLimit headers.
"""

from __future__ import annotations

import math
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cari_aws import dynamodb, metrics
from cari_aws.clients import FAILURES, is_throttled, table, table_asked_once
from cari_aws.dynamodb import ConditionFailed
from cari_aws.metrics import Metrics
from cari_aws.observability import logger
from cari_core.errors import CariError, QuotaExceeded, QuotaUnavailable, RateLimited
from cari_core.settings import QuotaSettings, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb.service_resource import Table

    from cari_api.auth.caller import Caller

Change = tuple[str, str, dict[str, Any]]  # an update, the condition that it asks, and the values of both

MINUTE_S, HOUR_S = 60, 3600
DECEMBER = 12
COUNTED_A_MINUTE = 12_000  # by one counter at most: 200 a second, and all of them in 12 seconds are still 1,000
BELIEVED_S = 60  # how long a month's counter that was full is not asked again: an operator may raise a limit
NOTE = 1  # of the two writes that count once, the one that says so
NOTED_S = 15 * 24 * 3600  # longer than a queue keeps what asks for a verification
MAX_BELIEVED = 1_000  # full counters that a process remembers
_FULL: dict[tuple[str, str, int], float] = {}  # counter, window and limit of those found full, and until when


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
    """Count one request of a key. None where the table is out of reach. Raises RateLimited.

    With more than COUNTED_A_MINUTE the balance is estimated from one of the counters; the limit is exact still.
    """
    limit = _own_or(caller.requests_per_minute, settings(QuotaSettings).requests_per_minute)
    window = minute_of(now)
    reset_s = math.ceil(window.ends_at - now)
    try:
        left = _left_of_minute(caller.quota_id, window, limit, now)
    except FAILURES as error:
        _log_uncounted(error)
        if is_throttled(error):
            raise _refusal(
                RateLimited("This key's requests come faster than they can be counted. Wait a second."),
                Balance(limit, 0, 1),
            ) from error
        return None
    if left is None:
        raise _refusal(
            RateLimited(f"This key may make {limit} requests a minute. Wait until the next begins."),
            Balance(limit, 0, reset_s),
        )
    return Balance(limit, left, reset_s)


@contextmanager
def counted_verification(caller: Caller, now: float, *, once_as: str | None = None) -> Iterator[None]:
    """Count one verification of a key, and take it back where making that one raises.

    `once_as`: the id of one that is made anew after a crash, which is then not counted anew. Raises QuotaExceeded, and
    QuotaUnavailable where the table does not take it.
    """
    limit = _own_or(caller.verifications_per_month, settings(QuotaSettings).verifications_per_month)
    month = month_of(now)
    try:
        is_counted = _is_counted(caller.quota_id, month, limit, now, once_as)
    except FAILURES as error:
        _log_uncounted(error)
        raise QuotaUnavailable("The verification could not be counted, and was not made. Try again.") from error
    if not is_counted:
        raise _refusal(
            QuotaExceeded(f"This key may make {limit} verifications a month. Ask the service's operator for more."),
            Balance(limit, 0, math.ceil(month.ends_at - now)),
        )
    try:
        yield
    except Exception:
        _take_one_back(caller.quota_id, month, once_as)
        raise


def counters(requests_per_minute: int) -> int:
    """Say over how many counters a minute's requests are spread."""
    return max(1, math.ceil(requests_per_minute / COUNTED_A_MINUTE))


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


def forget() -> None:
    """Ask every counter from now on; tests empty the table."""
    _FULL.clear()


def _left_of_minute(quota_id: str, window: Window, limit: int, now: float) -> int | None:
    """Count in one of the minute's counters, any that has room; say about how much all have. None: none has."""
    count = counters(limit)
    first = secrets.randbelow(count)
    for tried in range(count):
        counter = (first + tried) % count
        share = limit // count + (counter < limit % count)  # all shares together are the limit
        used = _add_one(f"{quota_id}#minute#{counter}", window, share, now)
        if used is not None:
            return (share - used) * (count - tried)
    return None


def _is_counted(counter: str, window: Window, limit: int, now: float, once_as: str | None) -> bool:
    """Count a verification where that stays within the limit."""
    if once_as is None:
        return _add_one(counter, window, limit, now) is not None
    if limit < 1:
        return False
    noted = (
        "SET counted = :yes, expires_at = :expires_at",
        "attribute_not_exists(counted) OR counted = :no",
        {":yes": True, ":no": False, ":expires_at": int(now) + NOTED_S},
    )
    try:
        _write_with_note(table_asked_once, counter, window, _one_more(window, limit), once_as, noted)
    except ConditionFailed as failed:
        return NOTE in failed.writes
    return True


def _add_one(counter: str, window: Window, limit: int, now: float) -> int | None:
    """Add one to a counter where that stays within the limit; None where it is full, as it stays in its window."""
    believed = (counter, window.name, limit)
    if limit < 1 or now < _FULL.get(believed, 0):
        return None
    try:
        counted = dynamodb.update_if(
            table_asked_once(settings(QuotaSettings).quota_table),
            {"owner": counter, "window": window.name},
            *_one_more(window, limit),
        )
    except ConditionFailed:
        if len(_FULL) >= MAX_BELIEVED:
            _FULL.clear()
        _FULL[believed] = min(window.ends_at, now + BELIEVED_S)
        return None
    return int(counted["used"])


def _one_more(window: Window, limit: int) -> Change:
    return (
        "SET expires_at = :expires_at ADD used :one",
        "attribute_not_exists(used) OR used < :limit",
        {":one": 1, ":limit": limit, ":expires_at": window.ends_at + HOUR_S},
    )


def _take_one_back(quota_id: str, window: Window, once_as: str | None) -> None:
    less: Change = ("ADD used :one_less", "used > :none", {":one_less": -1, ":none": 0})
    try:
        if once_as is None:
            key = {"owner": quota_id, "window": window.name}
            dynamodb.update_if(table(settings(QuotaSettings).quota_table), key, *less)
        else:
            unnoted = ("SET counted = :no", "counted = :yes", {":yes": True, ":no": False})
            _write_with_note(table, quota_id, window, less, once_as, unnoted)
    except (ConditionFailed, *FAILURES) as error:
        logger.error("quota not given back", extra={"error_type": type(error).__name__})


def _write_with_note(
    handle: Callable[[str], Table], counter: str, window: Window, count: Change, once_as: str, note: Change
) -> None:
    """Change a counter and the note that one verification is counted, both or neither. Raises ConditionFailed."""
    quotas = handle(settings(QuotaSettings).quota_table)
    changes = {window.name: count, f"verification#{once_as}": note}  # the note is the second: see NOTE
    dynamodb.transact(
        quotas,
        [dynamodb.update_of(quotas, {"owner": counter, "window": name}, *each) for name, each in changes.items()],
    )


def _log_uncounted(error: Exception) -> None:
    logger.error("quota not counted", extra={"error_type": type(error).__name__})


def _own_or(own: int | None, deployments: int) -> int:
    return deployments if own is None else own


def _refusal(error: CariError, balance: Balance) -> CariError:
    logger.info("quota refused", extra=metrics.fields(Metrics({"QuotaRefusals": 1}, by={"code": error.code})))
    error.headers |= {"Retry-After": str(balance.reset_s), **balance.headers}
    return error
