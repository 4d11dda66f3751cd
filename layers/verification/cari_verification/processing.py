"""Verifications under way: announced before their pictures are stored, and ended by whoever judges them.

Most end within the call that made them. One that was handed over ends later, by a worker, or by its deadline where no
worker did: its item then holds what is still to be done, never a picture. One whose call died before that has nobody
to go on with it: once its deadline has passed there is no such verification, and the worker erases what it left.
The end replaces the item as a whole.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cari_core import ids
from cari_core.picture import Picture
from cari_decision.options import NO_WISHES, Wishes
from cari_decision.policy_context import Terms
from cari_decision.reasons import REASONS
from cari_verification.aws import verifications
from cari_verification.aws.engines import StoredPicture
from cari_verification.contract import FaceReport, MrzReport, ReasonReport, Verification
from cari_verification.verification import Case

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

    from cari_decision.evidence import DocumentType
    from cari_verification.verification import Request

DEADLINE_S = 600  # all attempts of the worker's, two minutes apart; SQS delays 900 s at most
BATCH_DEADLINE_S = 899  # longer than until a job is delivered again; a test compares
ATTEMPT_S, APART_S = 60, 120  # the worker's timeout, and after how long it is asked again; a test compares


def find(table: Table, tenant: str, mode: str, identifier: str, now: datetime) -> Verification | None:
    """Read a verification back, as `verifications.find`, and end it first where its time is over.

    None also where its time is over and its pictures may never have been stored.
    """
    item = verifications.find_item(table, tenant, mode, identifier, consistent=True)
    if item is None:
        return None
    found = Verification.model_validate_json(item["verification"])
    if found.status != "processing" or now < _deadline(item):
        return found
    if "case" not in item:
        return None
    return finish(table, _read(tenant, mode, item), timed_out(found))


def announce(table: Table, request: Request, *, deadline_s: int | None = None) -> None:
    """Store that a verification is about to be made; nothing happens where its id is taken by one that has ended.

    `deadline_s` is counted from now; without it the deadline is DEADLINE_S after the verification's creation.
    """
    begun = under_way(request.id, request.type, request.tenant, request.wishes)
    deadline = {} if deadline_s is None else {"deadline": int(datetime.now(UTC).timestamp()) + deadline_s}
    verifications.put(table, {**verifications.item_of(request, begun), **deadline}, "attribute_not_exists(id) OR #status = :processing")


def hand_over(table: Table, case: Case) -> Verification:
    """Store what is still to be done of a verification that was announced. The first end, and an erasure, stay."""
    accepted = under_way(case.id, case.type, case.tenant, case.wishes)
    if verifications.put(table, {**verifications.item_of(case, accepted), "case": _written(case)}, "#status = :processing"):
        return accepted
    return verifications.find(table, case.tenant, case.mode, case.id) or accepted


def finish(table: Table, case: Case, verification: Verification, evidence: bytes | None = None) -> Verification | None:
    """Put the end of a verification in the place of its beginning: the first end stays and is returned.

    None where it was erased in the meantime: it stays erased.
    """
    if verifications.put(table, verifications.item_of(case, verification, evidence), "#status = :processing"):
        return verification
    return verifications.find(table, case.tenant, case.mode, verification.id)


def to_do(table: Table, tenant: str, mode: str, identifier: str) -> Case | None:
    """Read what is still to be done of a verification; None where it has ended, or is gone."""
    item = verifications.find_item(table, tenant, mode, identifier, consistent=True)
    return _read(tenant, mode, item) if item and item["status"] == "processing" and "case" in item else None


def is_last_attempt(case: Case, now: datetime) -> bool:
    """Say whether a further attempt of the worker's could not end before the deadline."""
    left = _usual_deadline(case.id) - now
    return left < timedelta(seconds=APART_S + ATTEMPT_S)


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


def _deadline(item: dict[str, Any]) -> datetime:
    if "deadline" in item:
        return datetime.fromtimestamp(int(item["deadline"]), UTC)
    return _usual_deadline(item["id"])


def _usual_deadline(identifier: str) -> datetime:
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
