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

from cari_common import bucket, duplicates, engines, face_notes, processing, store, work_queue
from cari_common.bucket import s3_client
from cari_common.evidence import FaceSearch
from cari_common.observability import logger
from cari_common.receipt import Deployment
from cari_common.settings import http_settings, verification_settings
from cari_common.verification import Steps

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_sqs import SQSClient

    from cari_common.contract import Verification
    from cari_common.evidence import EngineFailure, Evidence, Faces, Side
    from cari_common.face_embedding import FaceEmbedding
    from cari_common.picture import Picture
    from cari_common.verification import Case, Request

__all__ = ["handing_over", "queue_client", "s3_client", "steps", "verifications_table", "working"]


@cache
def verifications_table() -> Table:
    """Share one handle of the verifications table."""
    return boto3.resource("dynamodb").Table(verification_settings().verifications_table)


@cache
def queue_client() -> SQSClient:
    """Share one client of the queues."""
    return boto3.client("sqs")


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
            return face_notes.search(case, faces, embedding)
        except (BotoCoreError, ClientError) as error:
            logger.error("face not sought", extra={"verification": case.id, "error_type": type(error).__name__})
            return FaceSearch(unavailable="table_out_of_reach")

    return Steps(
        store_picture=store_picture,
        compare_faces=lambda document, selfie: engines.compare_faces(
            client, settings.face_compare_function, document=document, selfie=selfie
        ),
        read_mrz=lambda stored, side, budget_s, also: engines.read_mrz(
            client, settings.mrz_function, stored, side, budget_s=budget_s, also=also
        ),
        save=lambda case, verification, evidence: store.save(table, case, verification, evidence),
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
    """Wire the use case so that a worker goes on with what is slow or not waited for."""
    table = verifications_table()

    def hand_over(case: Case) -> Verification | None:
        try:
            begun = processing.begin(table, case)
            work_queue.send(
                queue_client(),
                http_settings().work_queue_url,
                case.tenant,
                case.mode,
                case.id,
                deadline_s=processing.DEADLINE_S,
            )
        except (BotoCoreError, ClientError, OSError) as error:
            logger.error("nobody to go on", extra={"verification": case.id, "error_type": type(error).__name__})
            return None
        return begun

    return replace(steps(), hand_over=hand_over)


@cache
def working() -> Steps:
    """Wire the use case for the worker: it only ends what was begun, and lets nobody else go on."""
    table = verifications_table()

    def save(case: Case, verification: Verification, evidence: bytes) -> Verification:
        kept = processing.finish(table, case, verification, evidence)
        if case.terms.policy.rules.duplicates.face and not _is_there(table, case):
            face_notes.forget(case.tenant, case.mode, case.id)  # noted after the erasure had taken what was noted
        return kept

    return replace(steps(), save=save)


def _is_there(table: Table, case: Case) -> bool:
    return store.find_item(table, case.tenant, case.mode, case.id, consistent=True) is not None
