"""The queue of verifications that somebody else goes on with. Its messages name them and say nothing of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def send(client: SQSClient, url: str, tenant: str, mode: str, identifier: str, *, deadline_s: int) -> None:
    """Ask for a verification to be worked on now, and to be looked after again once its time is over.

    The second message is the first, delayed: who gets it finds the verification ended, or ends it. Raises OSError
    where the queue did not take both.
    """
    body = json.dumps({"tenant": tenant, "mode": mode, "id": identifier})
    answer = client.send_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "work", "MessageBody": body},
            {"Id": "deadline", "MessageBody": body, "DelaySeconds": deadline_s + 1},
        ],
    )
    if answer.get("Failed"):
        raise OSError("the queue refused a message")


def remind(client: SQSClient, url: str, tenant: str, mode: str, identifier: str, *, delay_s: int) -> None:
    """Ask for a verification to be looked after later."""
    body = json.dumps({"tenant": tenant, "mode": mode, "id": identifier})
    client.send_message(QueueUrl=url, MessageBody=body, DelaySeconds=delay_s)


def read(body: str) -> tuple[str, str, str]:
    """Read a message's tenant, mode and verification id."""
    said: dict[str, Any] = json.loads(body)
    return said["tenant"], said["mode"], said["id"]
