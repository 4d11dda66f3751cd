"""A posted verification, answered: made once per key, 200 with its decision or 202 where there is none yet."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from cari_api import http
from cari_api.headers import replay_header
from cari_aws import idempotency
from cari_aws.observability import logger
from cari_core import ids
from cari_core.deadline import Deadline
from cari_core.errors import NotFound
from cari_decision.options import Wishes
from cari_verification import processing
from cari_verification.aws import verifications, wiring
from cari_verification.fault_injection import rehearsed
from cari_verification.verification import Request, accept, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from cari_core.stopwatch import Stopwatch
    from cari_verification.contract import Verification
    from functions.verify.uploads import Claimed

ASYNC = "respond-async"  # RFC 7240
SYNCHRONOUS_S = 24.0  # since the handler was entered: API Gateway's 29 s begin before a cold start, ours after it
RETRY_AFTER_S = "2"


def answer(
    attempt: idempotency.Attempt,
    request: Callable[[str], Request],
    prefer: str | None,
    location: str,
    stopwatch: Stopwatch,
    *,
    admitted: Callable[[], None] = lambda: None,
    uploads: Claimed | None = None,
) -> Response[Verification]:
    """Make the request of a fresh id, verify it, and answer; tell it again where its key was used before.

    `admitted` is called before a verification that is about to be made, and may raise. `uploads` are those that the
    request is made of.
    """
    deadline = Deadline.of(attempt.context, at_most_s=SYNCHRONOUS_S - stopwatch.read().total_ms / 1000)
    identifier, waits = ids.new_id(), not prefers_async(prefer)
    made: list[Verification] = []

    def make() -> idempotency.Reference:
        step = verify if waits else accept
        with uploads or nullcontext():
            checked = request(identifier)
            steps = rehearsed(wiring.handing_over(), checked.wishes.metadata, checked.mode)
            if uploads:
                steps = replace(steps, pictures_stored=uploads.use)
            stopwatch.so_far("intake")
            admitted()
            made.append(step(checked, steps, deadline=deadline, stopwatch=stopwatch))
        logger.info("verified", extra={"verification": made[0].id, "decision": made[0].status})
        return {"id": made[0].id, "type": made[0].type, "status": made[0].status}

    reference, replayed = idempotency.once(attempt, make, verification_id=identifier)
    verification = made[0] if made else _again(attempt, reference)
    headers = replay_header(replayed=replayed)
    if verification.status != "processing":
        return Response(200, http.JSON, verification, headers=headers)
    headers |= {"Location": f"{location.rstrip('/')}/{verification.id}", "Retry-After": RETRY_AFTER_S}
    if not waits:
        headers["Preference-Applied"] = ASYNC
    return Response(202, http.JSON, verification, headers=headers)


def prefers_async(prefer: str | None) -> bool:
    """Read a Prefer header: preferences are parted by commas, their parameters by semicolons."""
    return ASYNC in {preference.partition(";")[0].strip().lower() for preference in (prefer or "").split(",")}


def _again(attempt: idempotency.Attempt, reference: idempotency.Reference) -> Verification:
    """Give the answer that was given: before a decision what was said then, after it what is stored."""
    found = verifications.find(wiring.verifications_table(), attempt.tenant, attempt.mode, reference["id"])
    if found is None:
        raise NotFound(f"Verification '{reference['id']}', which this Idempotency-Key made, has been erased.")
    if reference["status"] == "processing":
        asked = Wishes(reference=found.reference, metadata=found.metadata)
        return processing.under_way(found.id, found.type, attempt.tenant, asked)
    return found
