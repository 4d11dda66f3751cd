"""The queue of verifications that somebody else goes on with. Its messages name them and say nothing of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def send(client: SQSClient, url: str, tenant: str, mode: str, identifier: str) -> None:
    """Ask for a verification to be worked on now."""
    client.send_message(QueueUrl=url, MessageBody=_body(tenant, mode, identifier))


def remind(client: SQSClient, url: str, tenant: str, mode: str, identifier: str, *, delay_s: int) -> None:
    """Ask for a verification to be looked after later: to be worked on, ended or erased, whatever it then needs."""
    client.send_message(QueueUrl=url, MessageBody=_body(tenant, mode, identifier), DelaySeconds=delay_s)


def _body(tenant: str, mode: str, identifier: str) -> str:
    return json.dumps({"tenant": tenant, "mode": mode, "id": identifier})


def read(body: str) -> tuple[str, str, str]:
    """Read a message's tenant, mode and verification id."""
    said: dict[str, Any] = json.loads(body)
    return said["tenant"], said["mode"], said["id"]
