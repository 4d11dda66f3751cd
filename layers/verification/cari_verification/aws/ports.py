"""The use case's ports in AWS: one bucket, two tables, the engines' functions, and a queue for what is slow."""

from __future__ import annotations

import platform
from dataclasses import replace
from typing import TYPE_CHECKING

from cari_aws.clients import FAILURES
from cari_aws.observability import logger
from cari_core.errors import ServiceUnavailable
from cari_core.settings import EngineSettings, RetentionSettings, settings
from cari_verification.aws import bucket, document_index, engines, erasure, face_index, lifecycle, work_queue
from cari_verification.contract import public
from cari_verification.ports import Ports
from cari_verification.receipt import Deployment
from cari_verification.stored import under_way
from cari_verification.verification import THREADS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cari_core.picture import Picture, StoredPicture
    from cari_decision.evidence import EngineFailure, Evidence, Faces, FaceSearch, Side
    from cari_verification.contract import Verification
    from cari_verification.face_embedding import FaceEmbedding
    from cari_verification.request import Request, StoredRequest, Submission
    from cari_verification.stored import Outcome


def worker_ports() -> Ports:
    """Give those of the worker: what it cannot end now is delivered to it again."""
    asked = engines.deployed()
    return Ports(
        store_picture=_store_picture,
        compare_faces=asked.compare_faces,
        compare_and_embed=asked.compare_and_embed,
        read_mrz=asked.read_mrz,
        save=_save,
        erase_pictures=_erase_pictures,
        find_duplicates=_find_duplicates,
        search_face=_search_face,
        deployment=None,
    )


def http_ports() -> Ports:
    """Give those of whoever waits: a worker goes on with what is slow or not waited for.

    What fails is abandoned at once, since nobody but the caller tries again, and then makes another.
    """
    return replace(
        worker_ports(),
        announce=lambda submission: _announce(submission, None, remind_after_s=lifecycle.DEADLINE_S + 1),
        deployment=_deployment(),
        enqueue=_enqueue,
        abandon=_abandon,
    )


def batch_ports() -> Ports:
    """Give those of batch jobs: what fails for now stays begun until its message is delivered again."""
    return replace(
        worker_ports(),
        announce=lambda submission: _announce(
            submission, lifecycle.BATCH_DEADLINE_S, remind_after_s=lifecycle.BATCH_DEADLINE_S + 1
        ),
        deployment=_deployment(),
    )


def _deployment() -> Deployment:
    return Deployment(
        settings(RetentionSettings).retention_days,
        settings(EngineSettings).face_backend,
        "arm64" if platform.machine() == "aarch64" else "x86_64",
    )


def _announce(submission: Submission, deadline_s: int | None, *, remind_after_s: int) -> None:
    """Write down that pictures are about to be stored, and have the worker look after them, both at the same time.

    A queue that is out of reach stops nobody: the item alone tells the tenant what there is.
    """
    reminding = THREADS.submit(
        work_queue.send, submission.tenant, submission.mode, submission.id, delay_s=remind_after_s
    )
    lifecycle.announce(submission, deadline_s=deadline_s)
    try:
        reminding.result()
    except FAILURES as error:
        _log("nobody to look after", submission, error)


def _store_picture(request: Request, side: Side, picture: Picture) -> StoredPicture:
    key = bucket.image_key(request.tenant, request.mode, request.id, side, picture.content_type)
    return bucket.put_picture(key, picture, retention_days=request.retention_days)


def _save(request: StoredRequest, outcome: Outcome, record: bytes) -> Verification:
    begun = under_way(request)
    kept = lifecycle.finish(begun, outcome, record)
    if kept is None:  # the erasure had passed before all was there that it was to take: the worker takes the rest
        _look_after(request)
        return public(begun.model_copy(update={"status": outcome.status, "outcome": outcome}))
    return public(kept)


def _enqueue(request: StoredRequest) -> Verification | None:
    try:
        begun = lifecycle.enqueue(request)
        work_queue.send(request.tenant, request.mode, request.id)
    except FAILURES as error:
        _log("nobody to go on", request, error)
        return None
    return public(begun)


def _abandon(submission: Submission) -> None:
    """Let nobody read it from now on, and have it erased; the worker also does it when it is reminded."""
    try:
        erasure.mark_abandoned(submission.tenant, submission.mode, submission.id, is_untold=True)
    except FAILURES as error:
        _log("not abandoned", submission, error)
    _look_after(submission)


def _look_after(submission: Submission) -> None:
    try:
        work_queue.send(submission.tenant, submission.mode, submission.id)
    except FAILURES as error:
        _log("nobody to look after", submission, error)


def _erase_pictures(pictures: Mapping[Side, StoredPicture]) -> None:
    try:
        bucket.erase_pictures(pictures.values())
    except FAILURES as error:  # the worker erases them when it is reminded, the bucket's lifecycle within a day
        logger.error("pictures not erased", extra={"error_type": type(error).__name__})


def _find_duplicates(request: StoredRequest, evidence: Evidence) -> tuple[str, ...] | None:
    try:
        return document_index.find_duplicates(request, evidence)
    except FAILURES as error:
        _log("duplicates not sought", request, error)
        raise _index_unavailable() from error


def _search_face(request: StoredRequest, faces: Faces | EngineFailure, embedding: FaceEmbedding | None) -> FaceSearch:
    try:
        return face_index.search(request, faces, embedding)
    except FAILURES as error:
        _log("face not sought", request, error)
        raise _index_unavailable() from error


def _index_unavailable() -> ServiceUnavailable:
    return ServiceUnavailable(
        "What was seen before cannot be looked up just now, and the policy asks for it. Nothing was kept: send the "
        "request again."
    )


def _log(message: str, submission: Submission, error: BaseException) -> None:
    logger.error(message, extra={"verification": submission.id, "error_type": type(error).__name__})
