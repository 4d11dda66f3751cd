"""A batch of SQS messages, done one by one: those that fail are named, and only they are delivered again.

Powertools has a processor for this, for every kind of stream; importing it takes 120 ms of every cold start, most of it
for the models of a parser that nobody asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cari_aws import correlation
from cari_aws.observability import log_unexpected

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Message:
    """One message, and how many times it has been delivered by now."""

    body: str
    delivery: int


def for_each_message(event: dict[str, Any], work: Callable[[Message], None]) -> dict[str, list[dict[str, str]]]:
    """Give every message to `work`; whatever it raises is logged, and the message is reported as failed.

    A message belongs to the request that its attribute names; one that no request sent has its own id for that.
    """
    failed = []
    for record in event["Records"]:
        sent_for = record.get("messageAttributes", {}).get(correlation.FIELD, {}).get("stringValue")
        correlation.begin(sent_for or record["messageId"])
        try:
            work(Message(record["body"], int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))))
        except Exception as error:  # noqa: BLE001  # whatever it is, the other messages go on
            log_unexpected(error, message_id=record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
