"""S3 job files, by way of SQS, to verifications. What fails for now is reported back, message by message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from cari_common import cloud
from cari_common.observability import log_unexpected, logger
from functions.batch import jobs

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Run every job of every message; name the messages to deliver again."""
    return process_partial_response(event, _run_jobs, processor, context)


def _run_jobs(record: SQSRecord) -> None:
    try:
        for file in jobs.job_files(json.loads(record.body)):
            answer = jobs.run(file, cloud.s3_client(), cloud.verifications_table(), cloud.steps())
            logger.info("job done", extra={"verification": file.id, "decision": answer.status})
    except Exception as error:
        log_unexpected(error, message_id=record.message_id)  # the processor itself would keep silent
        raise
