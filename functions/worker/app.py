"""Goes on with verifications that nobody waits for, ends those whose time is over, and erases what nobody ended.

Each message names a verification and asks for whatever it needs by now. Engines that are not to be had make the message
come again; only an attempt that no other can follow ends the verification with their reasons.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cari_aws.messages import for_each_message
from cari_aws.observability import logger
from cari_core.deadline import Deadline
from cari_verification import processing
from cari_verification.aws import erasure, wiring, work_queue
from cari_verification.fault_injection import rehearsed
from cari_verification.verification import conclude

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from cari_verification.verification import Case, Final


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Look after every verification of the messages; name the messages to deliver again."""
    deadline = Deadline.of(context, at_most_s=processing.ATTEMPT_S)
    return for_each_message(event, lambda message: _look_after(*work_queue.read(message.body), deadline))


def _look_after(tenant: str, mode: str, identifier: str, deadline: Deadline) -> None:
    table, now = wiring.verifications_table(), datetime.now(UTC)
    if erasure.finish(table, tenant, mode, identifier):  # an erasure began and did not end
        return
    if processing.find(table, tenant, mode, identifier, now) is None:  # it ends one whose time is over
        if not erasure.abandon(table, tenant, mode, identifier):
            erasure.sweep(tenant, mode, identifier)  # of what arrived after the erasure had passed
        return
    case = processing.to_do(table, tenant, mode, identifier)
    if case:
        _go_on(case, deadline, now)
    else:
        wiring.erase_unkept(tenant, mode, identifier)


def _go_on(case: Case, deadline: Deadline, now: datetime) -> None:
    steps = rehearsed(wiring.steps(), case.wishes.metadata, case.mode)
    final: Final = "any" if processing.is_last_attempt(case, now) else "none"
    ended = conclude(case, steps, deadline=deadline, final=final)
    logger.info("verified", extra={"verification": ended.id, "decision": ended.status})
