"""Verifications under way: accepted now, ended later by a worker, or by their deadline where no worker did.

The item of one that is processing holds what is still to be done, never a picture. Its end replaces it as a whole.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cari_common import ids, store
from cari_common.contract import FaceReport, MrzReport, ReasonReport, Verification
from cari_common.engines import StoredPicture
from cari_common.picture import Picture
from cari_common.reasons import REASONS
from cari_common.terms import Terms
from cari_common.verification import Case
from cari_common.wishes import NO_WISHES, Wishes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from cari_common.evidence import DocumentType

DEADLINE_S = 600  # two attempts of the worker's, two minutes apart, and time to spare; SQS delays 900 s at most


def find(table: Table, tenant: str, mode: str, identifier: str, now: datetime) -> Verification | None:
    """Read a verification back, as `store.find`, and end it first where its time is over."""
    item = store.find_item(table, tenant, mode, identifier, consistent=True)
    if item is None:
        return None
    found = Verification.model_validate_json(item["verification"])
    if found.status != "processing" or now < _deadline(found.id):
        return found
    return finish(table, _read(tenant, mode, item), timed_out(found))


def begin(table: Table, case: Case) -> Verification:
    """Store that a verification is under way. Where its id is taken already, the stored one stays and is returned."""
    accepted = under_way(case.id, case.type, case.tenant, case.wishes)
    item = {**store.item_of(case, accepted), "case": _written(case)}
    if not store.put(table, item, "attribute_not_exists(id)"):
        return store.find(table, case.tenant, case.mode, case.id) or accepted
    return accepted


def finish(table: Table, case: Case, verification: Verification, evidence: bytes | None = None) -> Verification:
    """Put the end of a verification in the place of its beginning: the first end stays and is returned.

    One that was erased in the meantime stays erased.
    """
    if store.put(table, store.item_of(case, verification, evidence), "#status = :processing"):
        return verification
    return store.find(table, case.tenant, case.mode, verification.id) or verification


def to_do(table: Table, tenant: str, mode: str, identifier: str) -> Case | None:
    """Read what is still to be done of a verification; None where it has ended, or is gone."""
    item = store.find_item(table, tenant, mode, identifier, consistent=True)
    return _read(tenant, mode, item) if item and item["status"] == "processing" else None


def under_way(identifier: str, type_: DocumentType, tenant: str, wishes: Wishes = NO_WISHES) -> Verification:
    """Make the answer that is given before there is a decision: the final shape, empty."""
    return Verification(
        id=identifier,
        type=type_,
        user=tenant,
        status="processing",
        created_at=ids.created_at(identifier),
        selfie=FaceReport(),
        front=MrzReport(),
        checks=[],
        reasons=[],
        reference=wishes.reference,
        metadata=wishes.metadata,
    )


def timed_out(begun: Verification) -> Verification:
    """Make the answer where the time is over and nobody gave one."""
    reason = ReasonReport.model_validate(vars(REASONS["processing_timed_out"]))
    return begun.model_copy(update={"status": "review", "reasons": [reason]})


def _deadline(identifier: str) -> datetime:
    return ids.created_at(identifier) + timedelta(seconds=DEADLINE_S)


def _written(case: Case) -> dict[str, Any]:
    return {
        "pictures": {side: _written_picture(stored) for side, stored in case.pictures.items()},
        "wishes": case.wishes.model_dump_json(exclude_defaults=True),
        "terms": case.terms.model_dump_json(),
    }


def _written_picture(stored: StoredPicture) -> dict[str, Any]:
    picture = stored.picture
    return {
        "bucket": stored.bucket,
        "key": stored.key,
        "content_type": picture.content_type,
        "width": picture.width,
        "height": picture.height,
        "filename": picture.filename,
        "size_bytes": stored.size_bytes,
        "sha256": stored.sha256,
    }


def _read(tenant: str, mode: str, item: dict[str, Any]) -> Case:
    written = item["case"]
    pictures = {side: _read_picture(stored) for side, stored in written["pictures"].items()}
    return Case(
        item["id"],
        tenant,
        mode,
        item["type"],
        pictures["selfie"],
        pictures["front"],
        pictures.get("back"),
        wishes=Wishes.model_validate_json(written["wishes"]),
        terms=Terms.model_validate_json(written["terms"]),
        origins=tuple(item.get("origins", ())),
    )


def _read_picture(stored: dict[str, Any]) -> StoredPicture:
    size = int(stored["width"]), int(stored["height"])
    picture = Picture(b"", stored["content_type"], *size, stored["filename"])  # its bytes stay in the bucket
    return StoredPicture(stored["bucket"], stored["key"], picture, int(stored["size_bytes"]), stored.get("sha256", ""))
