"""DELETE: erased at once, with a signed receipt; what is interrupted, the worker goes on with.

The item goes last, after the receipt is signed: where that fails, asking again gives the receipt.
"""

from __future__ import annotations

from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from cari_aws.observability import logger
from cari_core import ids
from cari_core.errors import ErasureUnfinished, NotFound
from cari_core.settings import http_settings
from cari_evidence import signing
from cari_verification.aws import erasure, verifications, wiring, work_queue
from cari_verification.contract import Deleted

RECEIPT = "deletion-receipt+jwt"


def erase(tenant: str, mode: str, identifier: str) -> Deleted:
    """Erase a verification and all that belongs to it.

    Raises NotFound where there is none, ErasureUnfinished where it is unreadable from now on but not all of it is gone.
    """
    table = wiring.verifications_table()
    key = verifications.key_of(tenant, mode, identifier)
    if not ids.is_id(identifier) or "Item" not in table.get_item(Key=key, ConsistentRead=True):
        raise _unknown(identifier)
    # The reminder first: a mark that nobody comes back to would be an erasure begun and forgotten.
    url = http_settings().work_queue_url
    work_queue.remind(wiring.queue_client(), url, tenant, mode, identifier, delay_s=erasure.RESUME_S)
    if not erasure.mark(table, tenant, mode, identifier):
        raise _unknown(identifier)
    try:
        erased = erasure.finish(table, tenant, mode, identifier)
        if erased is None:
            raise _unknown(identifier)
        receipt = _receipt(tenant, mode, identifier, erased)
        erasure.close(table, tenant, mode, identifier)
    except (BotoCoreError, ClientError) as error:
        logger.error("erasure unfinished", extra={"verification": identifier, "error_type": type(error).__name__})
        raise ErasureUnfinished(
            "The verification can no longer be read, and what may be left of it is being erased. "
            "Ask again, within a week, for the receipt.",
            field="id",
        ) from error
    logger.info("erased", extra={"verification": identifier, "objects": erased.objects})
    return Deleted(id=identifier, receipt=receipt)


def _receipt(tenant: str, mode: str, identifier: str, erased: erasure.Erased) -> str:
    """Sign what was erased, for whom and when; it says nothing of the person."""
    claims = {
        "iss": "cari",
        "iat": int(datetime.now(UTC).timestamp()),
        "sub": identifier,
        "tenant": tenant,
        "mode": mode,
        "erased": {"objects": erased.objects, "verification": True, "idempotency": True},
    }
    return signing.sign(claims, type_=RECEIPT)


def _unknown(identifier: str) -> NotFound:
    return NotFound(f"No verification '{identifier}' among this key's.", field="id")
