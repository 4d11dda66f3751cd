"""The environment, read in one place and checked once.

Each function sees only the settings it was given: a missing variable fails at the first call, by name.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path  # pydantic reads it at run time
from typing import Literal

from pydantic import BaseModel, ConfigDict


class VerificationSettings(BaseModel):
    """What whoever verifies needs: where pictures and results go, and which engines to ask."""

    model_config = ConfigDict(frozen=True)

    bucket: str
    verifications_table: str
    face_compare_function: str
    mrz_function: str
    retention_days: int
    face_backend: Literal["bundled", "rekognition"] = "bundled"  # only a receipt asks


class HttpSettings(BaseModel):
    """What the HTTP API needs besides: the queue for what takes longer."""

    model_config = ConfigDict(frozen=True)

    work_queue_url: str


class IdempotencySettings(BaseModel):
    """Where it is remembered which verification an Idempotency-Key made."""

    model_config = ConfigDict(frozen=True)

    idempotency_table: str


class TenantSettings(BaseModel):
    """Where it lies what is kept for a tenant as a whole."""

    model_config = ConfigDict(frozen=True)

    tenants_table: str


class AuthorizerSettings(BaseModel):
    """What checking a key needs. The usage keys only name a usage plan to API Gateway."""

    model_config = ConfigDict(frozen=True)

    api_keys_table: str
    usage_key_live: str
    usage_key_dev: str


class KeysSettings(BaseModel):
    """What managing keys needs."""

    model_config = ConfigDict(frozen=True)

    api_keys_table: str


class AnnotatedSettings(BaseModel):
    """Where stored verifications and their pictures are read."""

    model_config = ConfigDict(frozen=True)

    bucket: str
    verifications_table: str


class QuotaSettings(BaseModel):
    """How much a key may use whose record does not say otherwise, and where that is counted."""

    model_config = ConfigDict(frozen=True)

    quota_table: str
    requests_per_minute: int
    verifications_per_month: int


class FaceSettings(BaseModel):
    """Which engine compares faces: the model in the face layer, which is to be `face_model`, or Amazon Rekognition."""

    model_config = ConfigDict(frozen=True)

    face_backend: Literal["bundled", "rekognition"] = "bundled"
    face_model: str | None = None


class SigningSettings(BaseModel):
    """Which key signs: one in KMS, by its id, or a file's where there is no AWS, made on first use."""

    model_config = ConfigDict(frozen=True)

    signing_key_id: str = ""
    signing_key_file: Path = Path("~/.cari/signing-key.json")


@cache
def verification_settings() -> VerificationSettings:
    """Read the settings of the verify, worker and batch functions."""
    return VerificationSettings.model_validate(_environment())


@cache
def http_settings() -> HttpSettings:
    """Read the further settings of the verify function."""
    return HttpSettings.model_validate(_environment())


@cache
def idempotency_settings() -> IdempotencySettings:
    """Read the settings of whoever uses, or forgets, idempotency keys."""
    return IdempotencySettings.model_validate(_environment())


@cache
def tenant_settings() -> TenantSettings:
    """Read the settings of whoever asks for a tenant's own."""
    return TenantSettings.model_validate(_environment())


@cache
def authorizer_settings() -> AuthorizerSettings:
    """Read the settings of the authorizer."""
    return AuthorizerSettings.model_validate(_environment())


@cache
def keys_settings() -> KeysSettings:
    """Read the settings of the keys function."""
    return KeysSettings.model_validate(_environment())


@cache
def annotated_settings() -> AnnotatedSettings:
    """Read the settings of the annotated function."""
    return AnnotatedSettings.model_validate(_environment())


@cache
def quota_settings() -> QuotaSettings:
    """Read the settings of whoever counts."""
    return QuotaSettings.model_validate(_environment())


@cache
def face_settings() -> FaceSettings:
    """Read the settings of the face_compare function."""
    return FaceSettings.model_validate(_environment())


@cache
def signing_settings() -> SigningSettings:
    """Read the settings of whoever signs."""
    return SigningSettings.model_validate(_environment())


def _environment() -> dict[str, str]:
    return {name.lower(): value for name, value in os.environ.items()}
