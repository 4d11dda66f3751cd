"""The event source mapping of a queue: messages in, the function's batch answer understood.

moto's own mapping runs inside SendMessage and knows no partial failures.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from local.lambda_runtime.runtime_api import Outcome

    Invoke = Callable[[bytes], Outcome]
    Deliver = Callable[
        [str, bytes, Invoke], Outcome
    ]  # the function, as the template calls it; the event; how it is run

POLL_S = 0.3

Message = dict[str, Any]


def once(_function: str, event: bytes, invoke: Invoke) -> Outcome:
    """Deliver a batch as SQS does as a rule."""
    return invoke(event)


def poll(sqs: Any, queue: str, invoke: Invoke, mapping: dict[str, Any], stopping: threading.Event) -> None:
    """Feed a queue's messages to a function, batch by batch, and delete those that it is done with."""
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    while not stopping.is_set():
        received = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=mapping["BatchSize"],
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not received:
            stopping.wait(POLL_S)
            continue
        outcome = invoke(json.dumps({"Records": [record(message, arn) for message in received]}).encode())
        for message in done_with(received, outcome, mapping):
            with contextlib.suppress(sqs.exceptions.ReceiptHandleIsInvalid):  # moto's word for one that is gone already
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def done_with(messages: list[Message], outcome: Outcome, mapping: dict[str, Any]) -> list[Message]:
    """Choose the messages not to deliver again, as the Lambda developer guide has it.

    A failed batch is done with none; so is a report that names a message not in the batch, or cannot be understood.
    """
    if outcome.failed:
        return []
    if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
        return messages
    try:
        report = json.loads(outcome.payload) or {}
        failed = {failure["itemIdentifier"] for failure in report.get("batchItemFailures") or []}
    except (AttributeError, KeyError, TypeError, ValueError):
        return []
    if failed - {message["MessageId"] for message in messages}:
        return []
    return [message for message in messages if message["MessageId"] not in failed]


def record(message: Message, queue_arn: str) -> dict[str, Any]:
    """Write a message that was received as the record that a function gets of it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {"stringValue": told["StringValue"], "dataType": told["DataType"]}
            for name, told in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }
