"""DELETE: erased at once, with a signed receipt; what is interrupted, the worker goes on with.

The item goes last, after the receipt is signed: where that fails, asking again gives the receipt.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cari_aws.clients import FAILURES
from cari_aws.observability import logger
from cari_core import ids
from cari_core.errors import ErasureUnfinished, NotFound
from cari_core.settings import RecoverySettings, settings
from cari_evidence import signing
from cari_verification.aws import erasure, verifications, work_queue
from functions.records.contract import Deleted

RECEIPT = "deletion-receipt+jwt"


def erase(tenant: str, mode: str, identifier: str) -> Deleted:
    """Erase a verification and all that belongs to it.

    Raises NotFound where there is none, ErasureUnfinished where it is unreadable from now on but not all of it is gone.
    """
    # The reminder first: a mark that nobody comes back to would be an erasure begun and forgotten.
    if not ids.is_id(identifier) or verifications.find_item(tenant, mode, identifier) is None:
        raise _unknown(identifier)
    logger.info("erasing", extra={"verification": identifier})  # tools.restore_drill leaves out what this names
    work_queue.send(tenant, mode, identifier, delay_s=erasure.RESUME_S)
    if not erasure.mark(tenant, mode, identifier):
        raise _unknown(identifier)
    try:
        erased = erasure.finish(tenant, mode, identifier)
        if erased is None:
            raise _unknown(identifier)
        receipt = _receipt(tenant, mode, identifier, erased)
        erasure.close(tenant, mode, identifier)
    except FAILURES as error:
        logger.error("erasure unfinished", extra={"verification": identifier, "error_type": type(error).__name__})
        raise ErasureUnfinished(
            "The verification can no longer be read, and what may be left of it is being erased. "
            "Ask again, within a week, for the receipt.",
            field="id",
        ) from error
    logger.info("erased", extra={"verification": identifier, "objects": erased.objects})
    return Deleted(id=identifier, receipt=receipt)


def _receipt(tenant: str, mode: str, identifier: str, erased: erasure.Erased) -> str:
    """Sign what was erased, for whom and when; it says nothing of the person.

    Until `recoverable_until` (epoch seconds) whoever may restore the tables can bring the verification back; its
    pictures have no copy.
    """
    now = datetime.now(UTC)
    recoverable_until = now + timedelta(days=settings(RecoverySettings).recovery_days)
    claims = {
        "iss": "cari",
        "iat": int(now.timestamp()),
        "recoverable_until": int(recoverable_until.timestamp()),
        "sub": identifier,
        "tenant": tenant,
        "mode": mode,
        "erased": {"objects": erased.objects, "verification": True, "idempotency": True},
    }
    return signing.sign(claims, type_=RECEIPT)


def _unknown(identifier: str) -> NotFound:
    return NotFound(f"No verification '{identifier}' among this key's.", field="id")
