"""The environment, read in one place and checked once.

Each function sees only the settings it was given: a missing variable fails at the first call, by name.
"""

from __future__ import annotations

import os
from pathlib import Path  # pydantic reads it at run time
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Some variables of the environment, by their names in lower case."""

    model_config = ConfigDict(frozen=True, defer_build=True)  # no function reads all of these


Read = TypeVar("Read", bound=Settings)
_READ: dict[type[Settings], Settings] = {}


def settings(model: type[Read]) -> Read:
    """Read these settings, once in a process. Raises pydantic's ValidationError, which names what is missing."""
    if model not in _READ:
        _READ[model] = model.model_validate({name.lower(): value for name, value in os.environ.items()})
    known = _READ[model]
    assert isinstance(known, model)  # noqa: S101  # for the type checker: they are stored by their own class
    return known


def forget() -> None:
    """Read the environment anew from now on; tests change it."""
    _READ.clear()


class StorageSettings(Settings):
    """Where pictures and verifications lie."""

    bucket: str
    verifications_table: str


class ShardSettings(Settings):
    """Over how many keys a tenant's verifications are spread, and since when; `aws.shards` of the use case reads it."""

    owner_shards: str = "1"


class PictureSettings(Settings):
    """From where an engine fetches pictures: the bucket, at another place than AWS's own where one is named."""

    bucket: str
    aws_endpoint_url: str = ""


class RetentionSettings(Settings):
    """For how many days anything is kept at most."""

    retention_days: int


class MetricsSettings(Settings):
    """Under which name CloudWatch keeps the metrics: the stack's, so that two never mix."""

    metrics_namespace: str = "cari"


class RecoverySettings(Settings):
    """For how many days the tables can be taken back to what they were; the longest that DynamoDB has, if unsaid."""

    recovery_days: int = 35


class EngineSettings(Settings):
    """Which functions read pictures."""

    face_compare_function: str
    mrz_function: str
    mrz_fallback_function: str
    face_backend: Literal["bundled", "rekognition"] = "bundled"  # only a receipt asks


class QueueSettings(Settings):
    """The queue of verifications that the worker goes on with."""

    work_queue_url: str


class IdempotencySettings(Settings):
    """Where it is remembered what an Idempotency-Key made, and which uploads are used."""

    idempotency_table: str


class PolicySettings(Settings):
    """Where the tenants' policies lie."""

    tenants_table: str


class SeenSettings(Settings):
    """Where each tenant's secret lies, and what it has seen: documents as keyed hashes, faces as vectors.

    A key in KMS, by its alias, encrypts the secrets.
    """

    seen_table: str
    secrets_key_id: str


class KeySettings(Settings):
    """Where keys are registered."""

    api_keys_table: str


class UsagePlanSettings(Settings):
    """The keys that name a usage plan to API Gateway."""

    usage_key_live: str
    usage_key_dev: str


class QuotaSettings(Settings):
    """How much a key may use whose record does not say otherwise, and where that is counted."""

    quota_table: str
    requests_per_minute: int
    verifications_per_month: int


class FaceSettings(Settings):
    """Which engine compares faces: the model in the face layer, which is to be `face_model`, or Amazon Rekognition."""

    face_backend: Literal["bundled", "rekognition"] = "bundled"
    face_model: str | None = None


class PreTrafficSettings(Settings):
    """The versions of a release that are about to get traffic, and who gives out specimens."""

    verify_version: str
    records_version: str
    sandbox_function: str


class SigningSettings(Settings):
    """Which key signs: one in KMS, by its alias, or a file's where there is no AWS, made on first use.

    The table has the public half of every key in KMS that ever signed.
    """

    signing_key_id: str = ""
    signing_keys_table: str = ""
    signing_key_file: Path = Path("~/.cari/signing-key.json")
