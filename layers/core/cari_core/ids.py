"""Identifiers of 24 hex digits that sort by time and cannot be guessed."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from datetime import UTC, datetime, timedelta

TIME_DIGITS = 11  # 44 bits of milliseconds since 1970: enough until the year 2527
RANDOM_DIGITS = 13  # 52 unguessable bits; a lookup is bound to its tenant besides
PATTERN = r"^[0-9a-f]{24}$"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(now_ms: int | None = None) -> str:
    """Make an id whose order is the order of creation, to the millisecond."""
    moment = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    return f"{moment:0{TIME_DIGITS}x}{secrets.randbits(RANDOM_DIGITS * 4):0{RANDOM_DIGITS}x}"


def derived_id(now_ms: int, *parts: str) -> str:
    """Make the same id from the same event every time, so that a repeated delivery finds its first result."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{now_ms:0{TIME_DIGITS}x}{digest[:RANDOM_DIGITS]}"


def is_id(text: str) -> bool:
    """Say whether a text looks like an id."""
    return re.fullmatch(PATTERN, text) is not None


def created_at(identifier: str) -> datetime:
    """Read back the moment of creation, UTC."""
    return datetime.fromtimestamp(int(identifier[:TIME_DIGITS], 16) / 1000, tz=UTC)


def first_at(moment: datetime) -> str:
    """Make the text that sorts before every id of that moment or later, and after every earlier one."""
    return _time_digits(-(-_microseconds(moment) // 1000))


def first_after(moment: datetime) -> str:
    """Make the text that sorts before every id later than that moment, and after all others."""
    return _time_digits(_microseconds(moment) // 1000 + 1)


def before(identifier: str) -> str:
    """Name the last id that sorts before this one."""
    digits = TIME_DIGITS + RANDOM_DIGITS
    return f"{max(0, int(identifier, 16) - 1):0{digits}x}"


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _time_digits(milliseconds: int) -> str:
    """Write a moment as ids begin, or as near to it as they can."""
    return f"{min(max(0, milliseconds), 16**TIME_DIGITS - 1):0{TIME_DIGITS}x}"


def owner_key(tenant: str, mode: str) -> str:
    """Name whose something is, as every table does: `<tenant>#<mode>`. The modes of a tenant share nothing."""
    return f"{tenant}#{mode}"
