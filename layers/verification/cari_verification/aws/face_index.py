"""Which faces a tenant has seen, as vectors, one note for each verification.

Only where the policy asks is anything written. A note goes with its verification, and none outlives a call that is to
leave nothing. Its own name holds the verification's id, so one write makes it and one deletion erases it. A vector is
biometric: the table's encryption and who may read it protect it, and it is in no answer and no log.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from heapq import nlargest
from typing import TYPE_CHECKING

from cari_aws import dynamodb
from cari_core import ids
from cari_decision.checks.duplicates import ROUNDING, allowed_fmr
from cari_decision.evidence import EngineFailure, FaceSearch, FaceSeen
from cari_verification.aws import tenant_secrets, verifications
from cari_verification.face_embedding import dot, packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_aws.dynamodb import Item
    from cari_decision.evidence import Faces
    from cari_verification.face_embedding import FaceEmbedding
    from cari_verification.request import StoredRequest

NOTE_PREFIX = "face#"
MAX_COMPARED = 2_000  # notes, the newest: about 0.8 MB, one page of DynamoDB's
MAX_NOTES = 5 * MAX_COMPARED  # that are read to find them: tries under one's own reference are not compared
MAX_NAMED = 20  # earlier verifications that are named, the likest first
REFERENCE_BYTES = 16


def search(request: StoredRequest, faces: Faces | EngineFailure, embedding: FaceEmbedding | None) -> FaceSearch:
    """Note the selfie's face, then tell of earlier verifications with it.

    The note comes first, so that of two at the same time one at least sees the other. Another try under the same
    reference is not compared.
    """
    if why := _unfit(faces):
        return FaceSearch(unavailable=why)
    if embedding is None:  # the engine has none to give
        return FaceSearch(unavailable="no_embedding")
    reference = _reference(request)
    if request.retention_days:
        _note(request, embedding, reference)
    rules = request.policy_context.policy.rules.duplicates
    most = min(comparable(rules.face_error_rate, embedding.least_fmr), MAX_COMPARED)
    notes, has_older, other_models = _comparable_notes(request, embedding.model, reference, most)
    cosines = [(dot(embedding.values, unpacked(bytes(note["vector"]))), str(note["id"])) for note in notes]
    found = _told(request, embedding, cosines, older=has_older)
    return replace(found, other_models=tuple(sorted(other_models)))


def comparable(error_rate: float, least_fmr: float) -> int:
    """Say among how many a false match may be promised to be so rare, where each comparison promises `least_fmr`."""
    return math.floor(error_rate / least_fmr * (1 + ROUNDING))  # 0.01 / 1e-5 is a little below 1,000


def forget(tenant: str, mode: str, verification_id: str) -> None:
    """Erase what was noted of a verification's face; nothing happens where nothing was."""
    for table in tenant_secrets.tables_with_notes():
        table.delete_item(Key=_key(tenant, mode, verification_id))


def _unfit(faces: Faces | EngineFailure) -> str | None:
    """Say why no face may be noted: one that happens to stand beside the person is nobody's to keep."""
    if isinstance(faces, EngineFailure):
        return "faces_not_compared"
    return None if faces.selfie_faces and not faces.selfie_rivals else "no_single_face"


def _note(request: StoredRequest, embedding: FaceEmbedding, reference: bytes) -> None:
    item: Item = {
        **_key(request.tenant, request.mode, request.id),
        "expires_at": verifications.expires_at(request),
        "model": embedding.model,
        "vector": packed(embedding.values),
    }
    tenant_secrets.table().put_item(Item={**item, **({"reference": reference} if reference else {})})


def _comparable_notes(
    request: StoredRequest, model: str, reference: bytes, most: int
) -> tuple[list[Item], bool, set[str]]:
    """Choose the newest notes that can be compared, say whether there are older ones, and whose were passed over.

    Not the request's own, nor its reference's, nor another model's: the models of those are named.
    """
    own, now = _key(request.tenant, request.mode, request.id)["id"], time.time()
    chosen: list[Item] = []
    other_models: set[str] = set()
    for position, note in enumerate(_newest_notes(request, page_size=most + 2)):  # the request's own, one that is older
        if position == MAX_NOTES:
            return chosen, True, other_models
        is_own = note["id"] == own or (reference and bytes(note.get("reference", b"")) == reference)
        if is_own or int(note["expires_at"]) <= now:
            continue
        if note["model"] != model:
            other_models.add(str(note["model"]))
            continue
        if len(chosen) == most:
            return chosen, True, other_models
        chosen.append(note)
    return chosen, False, other_models


def _newest_notes(request: StoredRequest, *, page_size: int) -> Iterator[Item]:
    return dynamodb.query_all(
        tenant_secrets.table(),
        "#owner = :owner AND begins_with(id, :prefix)",
        {":owner": ids.owner_key(request.tenant, request.mode), ":prefix": NOTE_PREFIX},
        most=MAX_NOTES + 1,
        Limit=page_size,
        ScanIndexForward=False,
        ConsistentRead=True,
    )


def _told(
    request: StoredRequest, embedding: FaceEmbedding, cosines: list[tuple[float, str]], *, older: bool
) -> FaceSearch:
    """Keep of a search what a decision asks for: never how alike those were that do not match."""
    allowed = allowed_fmr(request.policy_context.policy.rules.duplicates.face_error_rate, len(cosines))
    likest = [
        FaceSeen(note.removeprefix(NOTE_PREFIX), embedding.fmr(cosine)) for cosine, note in nlargest(MAX_NAMED, cosines)
    ]
    return FaceSearch(
        compared=len(cosines),
        older=older,
        least_fmr=embedding.least_fmr,
        best_fmr=likest[0].fmr if likest else None,
        matches=tuple(seen for seen in likest if seen.fmr <= allowed),
    )


def _reference(request: StoredRequest) -> bytes:
    if not request.reference:
        return b""
    hashed = tenant_secrets.keyed_hash(request.tenant, request.mode, "face reference", request.reference)
    return hashed[:REFERENCE_BYTES]


def _key(tenant: str, mode: str, verification_id: str) -> dict[str, str]:
    return {"owner": ids.owner_key(tenant, mode), "id": f"{NOTE_PREFIX}{verification_id}"}
