"""Goes on with verifications that nobody waits for, and ends those whose time is over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from cari_common import cloud, erasure, processing, work_queue
from cari_common.observability import log_unexpected, logger
from cari_common.rehearsal import rehearsed
from cari_common.verification import conclude

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Go on with every verification of the messages; name the messages to deliver again."""

    def go_on(record: SQSRecord) -> None:
        try:
            _go_on(*work_queue.read(record.body), context.get_remaining_time_in_millis() / 1000)
        except Exception as error:
            log_unexpected(error, message_id=record.message_id)  # the processor itself would keep silent
            raise

    return process_partial_response(event, go_on, processor, context)


def _go_on(tenant: str, mode: str, identifier: str, time_left_s: float) -> None:
    table = cloud.verifications_table()
    erasure.finish(table, tenant, mode, identifier)  # where an erasure began and did not end
    processing.find(table, tenant, mode, identifier, datetime.now(UTC))  # ends it where its time is over
    case = processing.to_do(table, tenant, mode, identifier)
    if case:
        ended = conclude(case, rehearsed(cloud.working(), case.wishes.metadata, mode), time_left_s=time_left_s)
        logger.info("verified", extra={"verification": ended.id, "decision": ended.status})
