"""moto's DynamoDB, made to write as DynamoDB does: what a condition was checked against is what is written.

moto 5.2.5 checks and writes in two steps, and of two requests at once may let both pass.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from typing import TYPE_CHECKING, Any
from unittest import mock

from moto.dynamodb.models import DynamoDBBackend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRITES = ("put_item", "update_item", "delete_item", "transact_write_items")
_ONE_AT_A_TIME = threading.RLock()


@contextlib.contextmanager
def writing_as_dynamodb() -> Iterator[None]:
    """Let moto write one item at a time, until the block ends."""
    alone: dict[str, Any] = {name: _alone(getattr(DynamoDBBackend, name)) for name in WRITES}
    with mock.patch.multiple(DynamoDBBackend, **alone):
        yield


def _alone(write: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(write)
    def one_at_a_time(*args: Any, **kwargs: Any) -> Any:
        with _ONE_AT_A_TIME:
            return write(*args, **kwargs)

    return one_at_a_time
