"""S3 job files, by way of SQS, to verifications. What fails for now is reported back, message by message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cari_aws.messages import for_each_message
from cari_aws.observability import logger
from cari_core.deadline import Deadline, invocation
from cari_verification.aws.ports import batch_ports
from functions.batch import jobs

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from cari_aws.messages import Message


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Run every job of every message; name the messages to deliver again."""
    with invocation(context):
        return for_each_message(event, lambda message: _run_jobs(message, context))


def _run_jobs(message: Message, context: LambdaContext) -> None:
    for file in jobs.job_files(json.loads(message.body)):
        answer = jobs.run(
            file,
            batch_ports(),
            deadline=Deadline.of(context, at_most_s=jobs.JOB_TIME_S),
            is_last=message.delivery >= jobs.DELIVERIES,
        )
        logger.info("job done", extra={"verification": file.id, "decision": answer.status})
