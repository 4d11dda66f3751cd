"""An evidence bundle: one verification, as it was answered, and all that anyone needs to decide it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_common import evidence_record, signing

if TYPE_CHECKING:
    from datetime import datetime

    from cari_common.contract import Verification

TYPE = "cari-evidence+jwt"
MEDIA_TYPE = "application/jose"


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
