"""The use case's outside world in AWS: one bucket, one table, two engine functions, and a queue for what is slow.

Clients are made once per process, so that a warm Lambda keeps its connections.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from cari_aws.clients import PATIENCE
from cari_aws.observability import logger
from cari_core.settings import http_settings, verification_settings
from cari_decision.evidence import FaceSearch
from cari_verification import processing
from cari_verification.aws import bucket, duplicates, engines, erasure, face_index, verifications, work_queue
from cari_verification.aws.bucket import s3_client
from cari_verification.receipt import Deployment
from cari_verification.verification import THREADS, Steps

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_sqs import SQSClient

    from cari_core.picture import Picture
    from cari_decision.evidence import EngineFailure, Evidence, Faces, Side
    from cari_verification.contract import Verification
    from cari_verification.face_embedding import FaceEmbedding
    from cari_verification.verification import Case, Request

__all__ = ["delivered_again", "handing_over", "queue_client", "s3_client", "steps", "verifications_table"]


@cache
def verifications_table() -> Table:
    """Share one handle of the verifications table."""
    return boto3.resource("dynamodb", config=PATIENCE).Table(verification_settings().verifications_table)


@cache
def queue_client() -> SQSClient:
    """Share one client of the queues."""
    return boto3.client("sqs", config=PATIENCE)


@cache
def steps() -> Steps:
    """Wire the use case to the bucket, the table and the engines that the settings name."""
    settings = verification_settings()
    s3, table, client = s3_client(), verifications_table(), engines.lambda_client()

    def store_picture(request: Request, side: Side, picture: Picture) -> engines.StoredPicture:
        key = bucket.image_key(request.tenant, request.mode, request.id, side, picture.content_type)
        bucket.put_picture(s3, settings.bucket, key, picture, retention_days=request.terms.retention_days)
        digest = sha256(picture.payload).hexdigest()
        return engines.StoredPicture(settings.bucket, key, picture, len(picture.payload), digest)

    def erase_pictures(case: Case) -> None:
        try:
            bucket.erase(s3, settings.bucket, [bucket.images_prefix(case.tenant, case.mode, case.id)])
        except (BotoCoreError, ClientError) as error:  # the bucket's lifecycle erases them within a day
            logger.error("pictures not erased", extra={"verification": case.id, "error_type": type(error).__name__})

    def seen_before(case: Case, evidence: Evidence) -> tuple[str, ...] | None:
        try:
            return duplicates.seen_before(case, evidence)
        except (BotoCoreError, ClientError) as error:
            logger.error("duplicates not sought", extra={"verification": case.id, "error_type": type(error).__name__})
            return None

    def search_face(case: Case, faces: Faces | EngineFailure, embedding: FaceEmbedding | None) -> FaceSearch:
        try:
            return face_index.search(case, faces, embedding)
        except (BotoCoreError, ClientError) as error:
            logger.error("face not sought", extra={"verification": case.id, "error_type": type(error).__name__})
            return FaceSearch(unavailable="table_out_of_reach")

    def save(case: Case, verification: Verification, evidence: bytes) -> Verification:
        kept = processing.finish(table, case, verification, evidence)
        if kept is None:  # the erasure had passed before all was there that it was to take
            _erase_what_came_late(case)
        return kept or verification

    return Steps(
        store_picture=store_picture,
        compare_faces=lambda document, selfie: engines.compare_faces(
            client, settings.face_compare_function, document=document, selfie=selfie
        ),
        read_mrz=lambda stored, side, budget_s, also: engines.read_mrz(
            client, settings.mrz_function, stored, side, budget_s=budget_s, also=also
        ),
        save=save,
        erase_pictures=erase_pictures,
        seen_before=seen_before,
        compare_and_embed=lambda document, selfie: engines.compare_and_embed(
            client, settings.face_compare_function, document=document, selfie=selfie
        ),
        search_face=search_face,
        deployment=Deployment(settings.retention_days, settings.face_backend),
    )


@cache
def handing_over() -> Steps:
    """Wire the use case for whoever waits: a worker goes on with what is slow or not waited for.

    What fails is erased at once, since nobody but the caller tries again, and then makes another.
    """
    table = verifications_table()

    def hand_over(case: Case) -> Verification | None:
        try:
            begun = processing.hand_over(table, case)
            work_queue.send(queue_client(), http_settings().work_queue_url, case.tenant, case.mode, case.id)
        except (BotoCoreError, ClientError) as error:
            logger.error("nobody to go on", extra={"verification": case.id, "error_type": type(error).__name__})
            return None
        return begun

    def give_up(request: Request) -> None:
        try:
            erasure.abandon(table, request.tenant, request.mode, request.id)
        except (BotoCoreError, ClientError) as error:  # the worker does it when it is reminded
            logger.error("not erased", extra={"verification": request.id, "error_type": type(error).__name__})

    return replace(
        steps(),
        announce=lambda request: _announce(request, None, remind_after_s=processing.DEADLINE_S + 1),
        hand_over=hand_over,
        give_up=give_up,
    )


@cache
def delivered_again() -> Steps:
    """Wire the use case for batch jobs: what fails for now stays begun until its message is delivered again."""
    return replace(
        steps(),
        announce=lambda request: _announce(
            request, processing.BATCH_DEADLINE_S, remind_after_s=processing.BATCH_DEADLINE_S + 1
        ),
    )


def _announce(request: Request, deadline_s: int | None, *, remind_after_s: int) -> None:
    """Write down that pictures are about to be stored, and have the worker look after them, both at the same time.

    A queue that is out of reach stops nobody: the item alone tells the tenant what there is.
    """
    reminding = THREADS.submit(
        work_queue.remind,
        queue_client(),
        http_settings().work_queue_url,
        request.tenant,
        request.mode,
        request.id,
        delay_s=remind_after_s,
    )
    processing.announce(verifications_table(), request, deadline_s=deadline_s)
    try:
        reminding.result()
    except (BotoCoreError, ClientError) as error:
        logger.error("nobody to look after", extra={"verification": request.id, "error_type": type(error).__name__})


def erase_unkept(tenant: str, mode: str, identifier: str) -> None:
    """Erase the pictures of a verification that has ended and is to keep none, should any be left."""
    item = verifications.find_item(verifications_table(), tenant, mode, identifier, consistent=True)
    if item and item["status"] != "processing" and item.get("retention_days") == 0:
        bucket.erase(s3_client(), verification_settings().bucket, [bucket.images_prefix(tenant, mode, identifier)])


def _erase_what_came_late(case: Case) -> None:
    prefix = bucket.images_prefix(case.tenant, case.mode, case.id)
    bucket.erase(s3_client(), verification_settings().bucket, [prefix])
    duplicates.forget(case.tenant, case.mode, case.id)
    face_index.forget(case.tenant, case.mode, case.id)
