"""Items that version 0.1.0 wrote, which kept the answer itself: read as they would be stored now."""

from __future__ import annotations

from typing import Any

from cari_core.picture import StoredPicture
from cari_decision.options import Options
from cari_decision.policy_context import PolicyContext
from cari_verification.contract import Verification
from cari_verification.stored import ENDED, UNDER_WAY, Outcome, Pending, StoredVerification

DAY_S = 86_400

Item = dict[str, Any]


def read(item: Item, tenant: str, mode: str) -> StoredVerification:
    """Read an item: its answer is JSON in `verification`, what is still to be done a map in `case`."""
    said = Verification.model_validate_json(str(item["verification"]))
    is_ended = said.status != "processing"
    return StoredVerification(
        revision=int(item.get("revision", ENDED)) if is_ended else UNDER_WAY,
        id=said.id,
        tenant=tenant,
        mode=mode,
        type=said.type,
        status=said.status,
        created_at=said.created_at,
        retention_days=_days_kept(item, said),
        reference=said.reference,
        metadata=said.metadata,
        origins=tuple(map(str, item.get("origins", ()))),
        pending=_pending(item["case"]) if "case" in item else None,
        outcome=_outcome(said) if is_ended else None,
        reviews=said.reviews,
    )


def _days_kept(item: Item, said: Verification) -> int:
    """Read for how long it is kept from when its time is over."""
    return (int(item["expires_at"]) - int(said.created_at.timestamp())) // DAY_S


def _outcome(said: Verification) -> Outcome:
    """Take the decision, which is the status before the first review."""
    decided = said.reviews[0].was if said.reviews else said.status
    kept = {name: value for name, value in said if name in Outcome.model_fields}
    return Outcome.model_validate({**kept, "status": decided})


def _pending(case: Item) -> Pending:
    return Pending(
        pictures={side: _picture(stored) for side, stored in case["pictures"].items()},
        options=Options.model_validate_json(case["wishes"]),
        policy_context=PolicyContext.model_validate_json(case["terms"]),
    )


def _picture(stored: Item) -> StoredPicture:
    return StoredPicture(
        bucket=stored["bucket"],
        key=stored["key"],
        content_type=stored["content_type"],
        width=int(stored["width"]),
        height=int(stored["height"]),
        filename=stored["filename"],
        size_bytes=int(stored["size_bytes"]),
        sha256=stored.get("sha256", ""),
    )
