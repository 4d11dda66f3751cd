"""Which documents a tenant has seen, as keyed hashes: nobody without the tenant's secret can tell which they are.

Only where the policy asks is anything written, and it goes with the verification that it is of.
"""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from cari_aws import dynamodb
from cari_core import ids
from cari_decision.document import documents
from cari_verification.aws import tenant_secrets, verifications

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_aws.dynamodb import Item
    from cari_decision.evidence import Evidence
    from cari_verification.request import StoredRequest

NOTE_PREFIX = "document#"  # <hash>#<verification>: finds the verifications of a document
OWN_NOTE_PREFIX = "document-of#"  # <verification>: finds the note above, to erase it
MAX_NAMED = 20  # earlier verifications that are named
NOTES_A_PAGE = 200
MAX_NOTES = 10_000  # of one document that are read to find them, about 3 MB


def find_duplicates(request: StoredRequest, evidence: Evidence) -> tuple[str, ...] | None:
    """Note this verification, then name earlier ones of the document, the newest first.

    The note comes first, so that of two at the same time one at least sees the other. None where the document was not
    read for certain. Another try under the same reference is no duplicate.
    """
    document = _document_hash(request, evidence)
    if document is None:
        return None
    reference = _hash(request, "reference", request.reference) if request.reference else ""
    _note(request, document, reference)
    others = islice(_others(request, document, reference), MAX_NAMED)
    return tuple(str(note["id"]).rpartition("#")[2] for note in others)


def forget(tenant: str, mode: str, verification_id: str) -> None:
    """Erase what was noted of a verification's document; nothing happens where nothing was."""
    owner = ids.owner_key(tenant, mode)
    own = {"owner": owner, "id": f"{OWN_NOTE_PREFIX}{verification_id}"}
    for table in tenant_secrets.tables_with_notes():
        found = table.get_item(Key=own, ConsistentRead=True).get("Item")
        if found:
            table.delete_item(Key={"owner": owner, "id": _note_id(str(found["key"]), verification_id)})
            table.delete_item(Key=own)


def _document_hash(request: StoredRequest, evidence: Evidence) -> str | None:
    known = documents(evidence, ids.created_at(request.id).date())
    trusted = {side for side, mrz in evidence.sides if mrz.valid}
    for document in known:
        if document.number and (document.source == "barcode" or document.side in trusted):
            return _hash(request, "document", document.country or "", document.number)
    return None


def _others(request: StoredRequest, document: str, reference: str) -> Iterator[Item]:
    """Read the notes that count, the newest first: none whose time is over, and none of the request's own reference."""
    own, now = _note_id(document, request.id), time.time()
    notes = dynamodb.query_all(
        tenant_secrets.table(),
        "#owner = :owner AND begins_with(id, :prefix)",
        {":owner": ids.owner_key(request.tenant, request.mode), ":prefix": f"{NOTE_PREFIX}{document}#"},
        most=MAX_NOTES,
        Limit=NOTES_A_PAGE,
        ScanIndexForward=False,
        ConsistentRead=True,
    )
    for note in notes:
        is_own = note["id"] == own or (reference and note["reference"] == reference)
        if not is_own and int(str(note["expires_at"])) > now:
            yield note


def _note(request: StoredRequest, document: str, reference: str) -> None:
    """Write first by what the note will be found again to be erased."""
    owned: dict[str, Any] = {
        "owner": ids.owner_key(request.tenant, request.mode),
        "expires_at": verifications.expires_at(request),
    }
    table = tenant_secrets.table()
    table.put_item(Item={**owned, "id": f"{OWN_NOTE_PREFIX}{request.id}", "key": document})
    table.put_item(Item={**owned, "id": _note_id(document, request.id), "reference": reference})


def _note_id(document: str, verification_id: str) -> str:
    return f"{NOTE_PREFIX}{document}#{verification_id}"


def _hash(request: StoredRequest, *parts: str) -> str:
    return tenant_secrets.keyed_hash(request.tenant, request.mode, *parts).hex()
