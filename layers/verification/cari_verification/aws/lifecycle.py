"""Verifications under way: announced before their pictures are stored, and ended by whoever judges them.

Most end within the call that made them. One that was enqueued ends later, by a worker, or by its deadline where no
worker did: its item then holds what is still to be done, never a picture. One whose call died before that has nobody
to go on with it: once its deadline has passed there is no such verification, and the worker erases what it left.
The end replaces the item as a whole.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cari_aws.dynamodb import ConditionFailed
from cari_core import ids
from cari_verification.aws import verifications
from cari_verification.request import StoredRequest
from cari_verification.stored import Pending, ended, timed_out, under_way

if TYPE_CHECKING:
    from cari_verification.request import Submission
    from cari_verification.stored import Outcome, StoredVerification

DEADLINE_S = 600  # all attempts of the worker's, two minutes apart; SQS delays 900 s at most
BATCH_DEADLINE_S = 899  # longer than until a job is delivered again; a test compares
ATTEMPT_S, APART_S = 60, 120  # the worker's timeout, and after how long it is asked again; a test compares


def find(tenant: str, mode: str, identifier: str, now: datetime) -> StoredVerification | None:
    """Read a verification back, and end it first where its time is over.

    None also where its time is over and its pictures may never have been stored.
    """
    found = verifications.find(tenant, mode, identifier)
    if found is None or found.status != "processing" or now < _deadline(found):
        return found
    return finish(found, timed_out()) if found.pending else None


def announce(submission: Submission, *, deadline_s: int | None = None) -> None:
    """Store that a verification is about to be made; nothing happens where its id is taken by one that has ended.

    `deadline_s` is counted from now; without it the deadline is DEADLINE_S after the verification's creation.
    """
    at_s = None if deadline_s is None else int(datetime.now(UTC).timestamp()) + deadline_s
    try:
        verifications.put_under_way(under_way(submission, deadline_s=at_s), is_new=True)
    except ConditionFailed:
        return


def enqueue(request: StoredRequest) -> StoredVerification:
    """Store what is still to be done of a verification that was announced. The first end, and an erasure, stay."""
    pending = Pending(pictures=dict(request.pictures), options=request.options, policy_context=request.policy_context)
    begun = under_way(request, pending=pending)
    try:
        verifications.put_under_way(begun, is_new=False)
    except ConditionFailed:
        return verifications.find(request.tenant, request.mode, request.id) or begun
    return begun


def finish(begun: StoredVerification, outcome: Outcome, evidence: bytes | None = None) -> StoredVerification | None:
    """Put the end of a verification in the place of its beginning: the first end stays and is returned.

    None where it was erased in the meantime: it stays erased.
    """
    end = ended(begun, outcome)
    try:
        verifications.put_end(end, evidence)
    except ConditionFailed:
        return verifications.find(begun.tenant, begun.mode, begun.id)
    return end


def pending_request(found: StoredVerification) -> StoredRequest | None:
    """Read what is still to be done of a verification; None where it has ended, or nothing was enqueued."""
    if found.pending is None or found.status != "processing":
        return None
    return StoredRequest(
        id=found.id,
        tenant=found.tenant,
        mode=found.mode,
        type=found.type,
        options=found.pending.options,
        policy_context=found.pending.policy_context,
        origins=found.origins,
        pictures=found.pending.pictures,
    )


def is_last_attempt(request: StoredRequest, now: datetime) -> bool:
    """Say whether a further attempt of the worker's could not end before the deadline."""
    return _usual_deadline(request.id) - now < timedelta(seconds=APART_S + ATTEMPT_S)


def _deadline(found: StoredVerification) -> datetime:
    if found.deadline_s is not None:
        return datetime.fromtimestamp(found.deadline_s, UTC)
    return _usual_deadline(found.id)


def _usual_deadline(identifier: str) -> datetime:
    return ids.created_at(identifier) + timedelta(seconds=DEADLINE_S)
