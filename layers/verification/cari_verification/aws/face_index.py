"""Which faces a tenant has seen, as vectors turned by the tenant's secret, one note for each verification.

Only where the policy asks is anything written. A note goes with its verification, and none outlives a call that is to
leave nothing. Its own name holds the verification's id, so one write makes it and one deletion erases it.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from cari_aws import best_effort
from cari_core.settings import tenant_settings
from cari_decision.checks.duplicates import ROUNDING, allowed_fmr
from cari_decision.evidence import EngineFailure, FaceSearch, FaceSeen
from cari_verification.aws import tenant_secrets, verifications
from cari_verification.aws.face_rotation import rotated
from cari_verification.face_embedding import dot, packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb.service_resource import Table

    from cari_decision.evidence import Faces
    from cari_verification.face_embedding import FaceEmbedding, Vector
    from cari_verification.verification import Case

    Item = dict[str, Any]

PREFIX = "face#"
MOST = 2_000  # notes that are compared, the newest: about 0.8 MB, one page of DynamoDB's
MOST_ROWS = 5 * MOST  # that are read to find them: tries under one's own reference are not compared
NAMED = 20  # earlier verifications that are named, the likest first
REFERENCE_BYTES = 16


def search(case: Case, faces: Faces | EngineFailure, embedding: FaceEmbedding | None) -> FaceSearch:
    """Note the selfie's face, then tell of earlier verifications with it.

    The note comes first, so that of two at the same time one at least sees the other. Another try under the same
    reference is not compared.
    """
    if why := _unfit(faces):
        return FaceSearch(unavailable=why)
    if embedding is None:  # the engine has none to give
        return FaceSearch(unavailable="no_embedding")
    values = rotated(embedding.values, _seed(case, embedding.model))
    reference = _reference(case)
    if case.retention_days:
        _note(case, embedding.model, values, reference)
    most = min(comparable(case.terms.policy.rules.duplicates.face_error_rate, embedding.least_fmr), MOST)
    newest = _Notes(case, most)
    others = list(islice(_others(case, newest, embedding.model, reference), most + 1))
    cosines = [(dot(values, unpacked(bytes(note["vector"]))), str(note["id"])) for note in others[:most]]
    return _told(case, embedding, cosines, older=len(others) > most or newest.are_more)


def comparable(error_rate: float, least_fmr: float) -> int:
    """Say among how many a false match may be promised to be so rare, where each comparison promises `least_fmr`."""
    return math.floor(error_rate / least_fmr * (1 + ROUNDING))  # 0.01 / 1e-5 is a little below 1,000


def forget(tenant: str, mode: str, verification_id: str) -> None:
    """Erase what was noted of a verification's face; nothing happens where nothing was."""
    tenant_secrets.table().delete_item(Key=_key(tenant, mode, verification_id))


def _unfit(faces: Faces | EngineFailure) -> str | None:
    """Say why no face may be noted: one that happens to stand beside the person is nobody's to keep."""
    if isinstance(faces, EngineFailure):
        return "faces_not_compared"
    return None if faces.selfie_faces and not faces.selfie_rivals else "no_single_face"


def _note(case: Case, model: str, values: Vector, reference: bytes) -> None:
    item: Item = {
        **_key(case.tenant, case.mode, case.id),
        "expires_at": verifications.expires_at(case),
        "model": model,
        "vector": packed(values),
    }
    _table().put_item(Item={**item, **({"reference": reference} if reference else {})})


def _others(case: Case, newest: _Notes, model: str, reference: bytes) -> Iterator[Item]:
    """Choose the notes that can be compared, the newest first: not the case's own, nor its reference's."""
    own, now = _key(case.tenant, case.mode, case.id)["id"], time.time()
    for note in newest:
        is_own = note["id"] == own or (reference and bytes(note.get("reference", b"")) == reference)
        if not is_own and note["model"] == model and int(note["expires_at"]) > now:
            yield note


@dataclass
class _Notes:
    """A tenant's notes, the newest first, page by page as long as more are asked for.

    `are_more` says whether there are notes that were left unread because they are too many.
    """

    case: Case
    wanted: int
    are_more: bool = False

    def __iter__(self) -> Iterator[Item]:
        left, more = MOST_ROWS, dict[str, Any]()
        while left > 0:
            page = _table().query(
                KeyConditionExpression=Key("owner").eq(verifications.owner_of(self.case.tenant, self.case.mode))
                & Key("id").begins_with(PREFIX),
                ScanIndexForward=False,
                Limit=min(self.wanted + 2, left),  # the case's own is among them, and one that tells of older ones
                ConsistentRead=True,
                **more,
            )
            yield from page["Items"]
            left -= len(page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        self.are_more = True


def _told(case: Case, embedding: FaceEmbedding, cosines: list[tuple[float, str]], *, older: bool) -> FaceSearch:
    """Keep of a search what a decision asks for: never how alike those were that do not match."""
    allowed = allowed_fmr(case.terms.policy.rules.duplicates.face_error_rate, len(cosines))
    likest = [FaceSeen(note.removeprefix(PREFIX), embedding.fmr(cosine)) for cosine, note in nlargest(NAMED, cosines)]
    return FaceSearch(
        compared=len(cosines),
        older=older,
        least_fmr=embedding.least_fmr,
        best_fmr=likest[0].fmr if likest else None,
        matches=tuple(seen for seen in likest if seen.fmr <= allowed),
    )


def _table() -> Table:
    """Ask once and briefly: boto3's ten attempts would outlast the caller, and the verification with them."""
    return best_effort.table(tenant_settings().tenants_table)


def _reference(case: Case) -> bytes:
    if not case.reference:
        return b""
    return tenant_secrets.keyed_hash(case.tenant, case.mode, "face reference", case.reference)[:REFERENCE_BYTES]


def _seed(case: Case, model: str) -> bytes:
    return tenant_secrets.keyed_hash(case.tenant, case.mode, "face rotation", model)


def _key(tenant: str, mode: str, verification_id: str) -> dict[str, str]:
    return {"owner": verifications.owner_of(tenant, mode), "id": f"{PREFIX}{verification_id}"}
