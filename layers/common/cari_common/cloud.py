"""The use case's outside world in AWS: one bucket, one table, two engine functions.

Clients are made once per process, so that a warm Lambda keeps its connections.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3

from cari_common import bucket, engines, store
from cari_common.bucket import s3_client
from cari_common.receipt import Deployment
from cari_common.settings import verification_settings
from cari_common.verification import Steps

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from cari_common.evidence import Side
    from cari_common.picture import Picture
    from cari_common.verification import Request

__all__ = ["s3_client", "steps", "verifications_table"]


@cache
def verifications_table() -> Table:
    """Share one handle of the verifications table."""
    return boto3.resource("dynamodb").Table(verification_settings().verifications_table)


@cache
def steps() -> Steps:
    """Wire the use case to the bucket, the table and the engines that the settings name."""
    settings = verification_settings()
    s3, table, client = s3_client(), verifications_table(), engines.lambda_client()

    def store_picture(request: Request, side: Side, picture: Picture) -> engines.StoredPicture:
        key = bucket.image_key(request.tenant, request.mode, request.id, side, picture.content_type)
        bucket.put_picture(s3, settings.bucket, key, picture)
        return engines.StoredPicture(settings.bucket, key, picture)

    return Steps(
        store_picture=store_picture,
        compare_faces=lambda document, selfie: engines.compare_faces(
            client, settings.face_compare_function, document=document, selfie=selfie
        ),
        read_mrz=lambda stored, side, budget_s: engines.read_mrz(
            client, settings.mrz_function, stored, side, budget_s=budget_s
        ),
        save=lambda request, verification: store.save(
            table, request.tenant, request.mode, verification, settings.retention_days
        ),
        deployment=Deployment(settings.retention_days, settings.face_backend),
    )
