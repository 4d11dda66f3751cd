"""An evidence bundle: one verification, as it was answered, and all that anyone needs to decide it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from cari_decision import evidence_record
from cari_decision.policy_context import NamedPolicy  # noqa: TC001  # pydantic reads it at run time
from cari_evidence import signing

if TYPE_CHECKING:
    from datetime import datetime

    from cari_verification.contract import Verification

TYPE = "cari-evidence+jwt"
MEDIA_TYPE = "application/jose"


class Digest(BaseModel):
    """A stored picture."""

    sha256: str
    size_bytes: int
    content_type: str


class Package(BaseModel):
    """What decided."""

    name: str
    version: str


class Claims(BaseModel):
    """So much of a bundle's form as whoever replays it relies on."""

    format: Literal[1]
    package: Package
    verification: dict[str, Any]
    evidence: dict[str, Any] | None
    digests: dict[str, Digest]
    engines: dict[Literal["faces", "front", "back"], Any]
    decision: dict[str, Any]
    policy: NamedPolicy


def signed(verification: Verification, packed: bytes, *, issuer: str, now: datetime) -> str:
    """Sign the bundle as a compact JWS. Its claims are those of the record, and `verification` beside them."""
    claims: dict[str, Any] = {
        "iss": issuer,
        "iat": int(now.timestamp()),
        "sub": verification.id,
        "verification": verification.model_dump(mode="json"),
        **evidence_record.unpacked(packed),
    }
    return signing.sign(claims, type_=TYPE)
