"""Which request is worked on: API Gateway's id of it, for every log line and for whoever goes on with it.

An environment works on one request at a time, and so do all of its threads: one place holds the id. The engines import
this, so it imports nothing heavy.
"""

from __future__ import annotations

import re

ID = re.compile(r"[\w-]{1,64}", re.ASCII)  # API Gateway's and SQS's are UUIDs
FIELD = "request_id"  # in log lines, and as a message's attribute
MEMBER = "RequestId"  # of an engine's request
_CURRENT: dict[str, str] = {}


def begin(request_id: object) -> None:
    """Work on this request from now on; on one without an id where that is none."""
    _CURRENT.clear()
    if isinstance(request_id, str) and ID.fullmatch(request_id):
        _CURRENT[FIELD] = request_id


def current() -> str | None:
    """Give the id of the request that is worked on, None where it has none."""
    return _CURRENT.get(FIELD)
