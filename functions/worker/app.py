"""Goes on with verifications that nobody waits for, and ends those whose time is over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cari_common import cloud, erasure, processing, work_queue
from cari_common.messages import for_each_message
from cari_common.observability import logger
from cari_common.rehearsal import rehearsed
from cari_common.verification import conclude

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Go on with every verification of the messages; name the messages to deliver again."""
    return for_each_message(
        event, lambda body: _go_on(*work_queue.read(body), context.get_remaining_time_in_millis() / 1000)
    )


def _go_on(tenant: str, mode: str, identifier: str, time_left_s: float) -> None:
    table = cloud.verifications_table()
    erasure.finish(table, tenant, mode, identifier)  # where an erasure began and did not end
    processing.find(table, tenant, mode, identifier, datetime.now(UTC))  # ends it where its time is over
    case = processing.to_do(table, tenant, mode, identifier)
    if case:
        ended = conclude(case, rehearsed(cloud.working(), case.wishes.metadata, mode), time_left_s=time_left_s)
        logger.info("verified", extra={"verification": ended.id, "decision": ended.status})
