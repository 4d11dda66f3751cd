"""Which documents a tenant has seen, as keyed hashes: nobody without the tenant's secret can tell which they are.

Only where the policy asks is anything written, and it goes with the verification that it is of.
"""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from cari_core import ids
from cari_decision.document import documents
from cari_verification.aws import tenant_secrets, verifications

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_decision.evidence import Evidence
    from cari_verification.verification import Case

PREFIX = "document#"
OF = "document-of#"
MOST = 20  # earlier verifications that are named
ROWS_A_PAGE = 200
MOST_ROWS = 10_000  # of one document that are read to find them, about 3 MB


def seen_before(case: Case, evidence: Evidence) -> tuple[str, ...] | None:
    """Note this verification, then tell of earlier ones of the document, the newest first.

    The note comes first, so that of two at the same time one at least sees the other. None where the document was not
    read for certain. Another try under the same reference is no duplicate.
    """
    key = _document_key(case, evidence)
    if key is None:
        return None
    reference = _hash(case, "reference", case.reference) if case.reference else ""
    _note(case, key, reference)
    others = islice(_others(case, key, reference), MOST)
    return tuple(str(item["id"]).rpartition("#")[2] for item in others)


def forget(tenant: str, mode: str, verification_id: str) -> None:
    """Erase what was noted of a verification's document; nothing happens where nothing was."""
    owner, of = verifications.owner_of(tenant, mode), f"{OF}{verification_id}"
    word = tenant_secrets.table().get_item(Key={"owner": owner, "id": of}, ConsistentRead=True).get("Item")
    if word:
        tenant_secrets.table().delete_item(Key={"owner": owner, "id": _item_id(str(word["key"]), verification_id)})
        tenant_secrets.table().delete_item(Key={"owner": owner, "id": of})


def _document_key(case: Case, evidence: Evidence) -> str | None:
    known = documents(evidence, ids.created_at(case.id).date())
    trusted = {side for side, mrz in evidence.sides if mrz.valid}
    for document in known:
        if document.number and (document.source == "barcode" or document.side in trusted):
            return _hash(case, "document", document.country or "", document.number)
    return None


def _others(case: Case, key: str, reference: str) -> Iterator[dict[str, Any]]:
    """Read the notes that count, the newest first: none whose time is over, and none of the case's own reference."""
    own, now = _item_id(key, case.id), time.time()
    for note in _noted(case, key):
        is_own = note["id"] == own or (reference and note["reference"] == reference)
        if not is_own and int(str(note["expires_at"])) > now:
            yield note


def _noted(case: Case, key: str) -> Iterator[dict[str, Any]]:
    """Read page by page, the newest first, as long as more are asked for."""
    left, more = MOST_ROWS, dict[str, Any]()
    while left > 0:
        page = tenant_secrets.table().query(
            KeyConditionExpression=Key("owner").eq(verifications.owner_of(case.tenant, case.mode))
            & Key("id").begins_with(f"{PREFIX}{key}#"),
            ScanIndexForward=False,
            Limit=min(ROWS_A_PAGE, left),
            ConsistentRead=True,
            **more,
        )
        yield from page["Items"]
        left -= len(page["Items"])
        if "LastEvaluatedKey" not in page:
            return
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _note(case: Case, key: str, reference: str) -> None:
    """Write first by what the note will be found again to be erased."""
    owned: dict[str, Any] = {"owner": verifications.owner_of(case.tenant, case.mode), "expires_at": verifications.expires_at(case)}
    tenant_secrets.table().put_item(Item={**owned, "id": f"{OF}{case.id}", "key": key})
    tenant_secrets.table().put_item(Item={**owned, "id": _item_id(key, case.id), "reference": reference})


def _item_id(key: str, verification_id: str) -> str:
    return f"{PREFIX}{key}#{verification_id}"


def _hash(case: Case, *parts: str) -> str:
    return tenant_secrets.keyed_hash(case.tenant, case.mode, *parts).hex()
