"""What a verification was decided from, signed."""

from __future__ import annotations

from datetime import UTC, datetime

from cari_common import bundle, cloud, processing, store
from cari_common.errors import NotFound, StillProcessing
from cari_common.observability import logger
from functions.verify.posting import RETRY_AFTER_S


def signed(tenant: str, mode: str, identifier: str, issuer: str) -> str:
    """Sign the evidence of a verification. Raises NotFound, StillProcessing."""
    table, now = cloud.verifications_table(), datetime.now(UTC)
    verification = processing.find(table, tenant, mode, identifier, now)
    if verification is None:
        raise NotFound(f"No verification '{identifier}' among this key's.", field="id")
    if verification.status == "processing":
        raise StillProcessing(retry_after_s=RETRY_AFTER_S)
    packed = store.find_evidence(table, tenant, mode, identifier)
    if packed is None:
        raise NotFound(f"Verification '{identifier}' ended without evidence: nothing was decided from any.", field="id")
    jws = bundle.signed(verification, packed, issuer=issuer, now=now)
    logger.info("evidence signed", extra={"verification": identifier})
    return jws
