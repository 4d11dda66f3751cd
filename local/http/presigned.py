"""Presigned POST forms, checked as S3 does: moto takes any form, signed or not.

Source: the S3 API reference, "Browser-based uploads using POST (Signature Version 4)". The file's length is left to the
function that reads it.
"""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

UNCONDITIONED = frozenset({"policy", "x-amz-signature", "file"})


def is_presigned(form: Mapping[str, list[str]], bucket: str, secret: str, now: datetime | None = None) -> bool:
    """Whether a form, names to values, was signed with the secret for this bucket, unchanged since, and in time."""
    said = {name.lower(): values for name, values in form.items()}
    if len(said) < len(form) or any(len(values) != 1 for values in said.values()):
        return False
    fields = {name: values[0] for name, values in said.items()}
    try:
        signature = _signature(fields["policy"], fields["x-amz-credential"], secret)
        is_signed = hmac.compare_digest(signature, fields["x-amz-signature"])
        return is_signed and _allows(json.loads(base64.b64decode(fields["policy"])), fields, bucket, now)
    except (KeyError, TypeError, ValueError):
        return False


def _signature(policy: str, credential: str, secret: str) -> str:
    key = f"AWS4{secret}".encode()
    for part in credential.split("/")[1:]:
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, policy.encode(), "sha256").hex()


def _allows(policy: dict[str, Any], fields: dict[str, str], bucket: str, now: datetime | None) -> bool:
    expires = datetime.fromisoformat(policy["expiration"])
    conditions = [condition for condition in policy["conditions"] if isinstance(condition, dict)]
    wanted = {name.lower(): value for condition in conditions for name, value in condition.items()}
    told = {name: value for name, value in fields.items() if name not in UNCONDITIONED} | {"bucket": bucket}
    return (now or datetime.now(UTC)) < expires and wanted == told
