"""Ten minutes later: the worker is given what waits in its queue, on a clock that says that the time is over.

The worker runs in this process for it, by its own role, so that nobody has to wait.
"""

from __future__ import annotations

import json
import os
import time
from datetime import datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self, cast
from unittest import mock

from moto.backends import get_backend

from cari_aws import clients, observability
from cari_core import settings
from cari_verification.aws import lifecycle
from functions.worker import app as worker

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from local.stack import Stack

QUEUE = "cari-local-WorkQueue"
ACCOUNT, REGION = "123456789012", "eu-west-1"
ROUNDS = 4  # of deliveries: what one leaves, another ends
PATIENCE_S, POLL_S = 30.0, 0.2
CONTEXT = cast("LambdaContext", SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000))


class Later(datetime):
    """A clock that is ahead by more than any verification may take."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Say what time it is by then."""
        return super().now(tz) + timedelta(seconds=lifecycle.BATCH_DEADLINE_S + 2)


class TheLastTime(datetime):
    """A clock by which the worker's last attempt is due."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Say what time it is by then."""
        return super().now(tz) + timedelta(seconds=lifecycle.DEADLINE_S - lifecycle.APART_S)


def be_the_worker(stack: Stack) -> None:
    """Give this process what the worker was deployed with."""
    os.environ.update(stack.cloud.environment("WorkerFunction"))
    settings.forget()
    clients.forget()
    observability.logger.setLevel("CRITICAL")


def deliver_all(tenant: str, clock: type[datetime] = Later) -> int:
    """Deliver what waits of a tenant's, visible or delayed; say how many messages are left that the worker refused."""
    queue = get_backend("sqs")[ACCOUNT][REGION].queues[QUEUE]
    left, until = list[Any](), time.monotonic() + PATIENCE_S
    for _ in range(ROUNDS):
        waiting = _of(queue, tenant)
        while not all(message.delayed or message.visible for message in waiting) and time.monotonic() < until:
            time.sleep(POLL_S)  # one is with the stack's own worker
            waiting = _of(queue, tenant)
        left = [message for message in waiting if not _done(message.body, clock)]
        with queue._messages_lock:  # noqa: SLF001  # moto's own way in
            done = {id(message) for message in waiting} - {id(message) for message in left}
            queue._messages = [message for message in queue._messages if id(message) not in done]  # noqa: SLF001
        if not waiting:
            break
    return len(left)


def _of(queue: Any, tenant: str) -> list[Any]:
    with queue._messages_lock:  # noqa: SLF001  # likewise
        return [message for message in queue._messages if tenant in message.body]  # noqa: SLF001


def _done(body: str, clock: type[datetime]) -> bool:
    record = {"messageId": "later", "body": body, "attributes": {"ApproximateReceiveCount": "1"}}
    with mock.patch.object(worker, "datetime", clock):
        return not worker.handler(json.loads(json.dumps({"Records": [record]})), CONTEXT)["batchItemFailures"]
