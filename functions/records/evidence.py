"""What a verification was decided from, signed."""

from __future__ import annotations

from datetime import UTC, datetime

from cari_aws.observability import logger
from cari_core.errors import NotFound
from cari_evidence import bundle
from cari_verification.aws import verifications
from cari_verification.contract import public
from functions.records.reviewing import ended


def signed(tenant: str, mode: str, identifier: str, issuer: str) -> str:
    """Sign the evidence of a verification. Raises NotFound, StillProcessing."""
    found = ended(tenant, mode, identifier)
    packed = verifications.find_evidence(tenant, mode, identifier)
    if packed is None:
        raise NotFound(f"Verification '{identifier}' ended without evidence: nothing was decided from any.", field="id")
    jws = bundle.signed(public(found), packed, issuer=issuer, now=datetime.now(UTC))
    logger.info("evidence signed", extra={"verification": identifier})
    return jws
