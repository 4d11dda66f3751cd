"""What a verification was decided from, signed."""

from __future__ import annotations

from datetime import UTC, datetime

from cari_aws.observability import logger
from cari_core.errors import NotFound, StillProcessing
from cari_evidence import bundle
from cari_verification import processing
from cari_verification.aws import verifications, wiring
from functions.verify.posting import RETRY_AFTER_S


def signed(tenant: str, mode: str, identifier: str, issuer: str) -> str:
    """Sign the evidence of a verification. Raises NotFound, StillProcessing."""
    table, now = wiring.verifications_table(), datetime.now(UTC)
    verification = processing.find(table, tenant, mode, identifier, now)
    if verification is None:
        raise NotFound(f"No verification '{identifier}' among this key's.", field="id")
    if verification.status == "processing":
        raise StillProcessing(retry_after_s=RETRY_AFTER_S)
    packed = verifications.find_evidence(table, tenant, mode, identifier)
    if packed is None:
        raise NotFound(f"Verification '{identifier}' ended without evidence: nothing was decided from any.", field="id")
    jws = bundle.signed(verification, packed, issuer=issuer, now=now)
    logger.info("evidence signed", extra={"verification": identifier})
    return jws
