"""The queue of verifications that the worker looks after. Its messages name them and say nothing of them."""

from __future__ import annotations

import json
from typing import Any

from cari_aws import correlation
from cari_aws.clients import sqs_client
from cari_core.settings import QueueSettings, settings


def send(tenant: str, mode: str, identifier: str, *, delay_s: int = 0) -> None:
    """Ask for a verification to be looked after: to be worked on, ended or erased, whatever it then needs.

    The message has the id of the request that sends it.
    """
    body = json.dumps({"tenant": tenant, "mode": mode, "id": identifier})
    request_id = correlation.current()
    sqs_client().send_message(
        QueueUrl=settings(QueueSettings).work_queue_url,
        MessageBody=body,
        DelaySeconds=delay_s,
        MessageAttributes={correlation.FIELD: {"DataType": "String", "StringValue": request_id}} if request_id else {},
    )


def read(body: str) -> tuple[str, str, str]:
    """Read a message's tenant, mode and verification id."""
    said: dict[str, Any] = json.loads(body)
    return said["tenant"], said["mode"], said["id"]
