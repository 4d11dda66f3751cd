"""moto's DynamoDB, made to serve as DynamoDB does: what a condition was checked against is what is written.

moto 5.2.5 checks and writes in two steps, and of two requests at once may let both pass; it reads an item while another
request changes it, and fails.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from typing import TYPE_CHECKING, Any
from unittest import mock

from moto.dynamodb.responses import DynamoHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ONE_AT_A_TIME = threading.RLock()


@contextlib.contextmanager
def serving_as_dynamodb() -> Iterator[None]:
    """Let moto serve one request at a time, until the block ends."""
    with mock.patch.object(DynamoHandler, "call_action", _alone(DynamoHandler.call_action)):
        yield


def _alone(serve: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(serve)
    def one_at_a_time(*args: Any, **kwargs: Any) -> Any:
        with _ONE_AT_A_TIME:
            return serve(*args, **kwargs)

    return one_at_a_time
