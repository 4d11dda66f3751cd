"""Goes on with verifications that nobody waits for, ends those whose time is over, and erases what nobody ended.

Each message names a verification and asks for whatever it needs by now. Engines that are not to be had make the message
come again; only an attempt that no other can follow ends the verification with their reasons.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cari_aws.messages import for_each_message
from cari_core.deadline import Deadline, invocation
from cari_core.stopwatch import Stopwatch
from cari_verification.aws import erasure, lifecycle, work_queue
from cari_verification.aws.measures import log_verified
from cari_verification.aws.ports import worker_ports
from cari_verification.fault_injection import with_fault
from cari_verification.verification import complete

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from cari_verification.request import StoredRequest
    from cari_verification.verification import Final


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Look after every verification of the messages; name the messages to deliver again."""
    deadline = Deadline.of(context, at_most_s=lifecycle.ATTEMPT_S)
    with invocation(context):
        return for_each_message(event, lambda message: _look_after(*work_queue.read(message.body), deadline))


def _look_after(tenant: str, mode: str, identifier: str, deadline: Deadline) -> None:
    now = datetime.now(UTC)
    if erasure.finish(tenant, mode, identifier):  # an erasure began and did not end
        return
    found = lifecycle.find(tenant, mode, identifier, now)  # it ends one whose time is over
    if found is None:
        if not erasure.abandon(tenant, mode, identifier):
            erasure.sweep(tenant, mode, identifier)  # of what arrived after the erasure had passed
        return
    request = lifecycle.pending_request(found)
    if request:
        _complete(request, deadline, now)
    else:
        erasure.erase_unkept_pictures(tenant, mode, identifier)


def _complete(request: StoredRequest, deadline: Deadline, now: datetime) -> None:
    ports = with_fault(worker_ports(), request.options.metadata, request.mode)
    final: Final = "any" if lifecycle.is_last_attempt(request, now) else "none"
    stopwatch = Stopwatch()
    ended = complete(request, ports, deadline=deadline, stopwatch=stopwatch, final=final)
    log_verified(ended, request.mode, stopwatch.read())
