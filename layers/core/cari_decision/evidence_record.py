"""What a decision was made from, as it is kept beside the verification: enough to make it again, anywhere.

JSON, compressed. It holds what the person's document says, and is erased with the verification.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from cari_core.engine_api import REKOGNITION
from cari_core.release import VERSION
from cari_decision import decision
from cari_decision.evidence import Evidence, Faces, Mrz
from cari_decision.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cari_core.picture import StoredPicture
    from cari_decision.decision import Decision
    from cari_decision.evidence import Side
    from cari_decision.policy_context import NamedPolicy

FORMAT = 1  # a bundle's, too: see bundle.Claims
MAX_BYTES = 150_000  # of 400,000 that an item may have, compressed; the rest is the verification's and its reviews'
PACKAGE = "cari_common"  # as 0.1.0 named it: a bundle says which release decided, and the name stays
LARGE_FIELD = "character_confidence"  # no decision asks for it

Record = dict[str, Any]  # JSON-ready


def record(evidence: Evidence, policy: NamedPolicy, today: date, pictures: Mapping[Side, StoredPicture]) -> Record:
    """Write down the evidence, all else that the decision hangs on, and what the pictures were."""
    return {
        "format": FORMAT,
        "package": {"name": PACKAGE, "version": VERSION},
        "decision": {"today": today.isoformat()},
        "policy": policy.model_dump(mode="json"),
        "engines": engines_of(evidence),
        "digests": {
            side: {
                "sha256": stored.sha256,
                "size_bytes": stored.size_bytes,
                "content_type": stored.content_type,
            }
            for side, stored in pictures.items()
        },
        "evidence": written(evidence),
        "omitted": [],
    }


def decide_again(record: Record) -> Decision:
    """Make the decision once more, from a record alone. Raises ValueError for one that cannot be decided."""
    try:
        policy = Policy.model_validate_json(json.dumps(record["policy"]["rules"]))
    except (KeyError, TypeError) as error:
        raise ValueError("it does not say by which policy it was decided") from error
    return decide_under(policy, record)


def decide_under(policy: Policy, record: Record) -> Decision:
    """Decide the record's evidence under another policy, as of its own day. Raises ValueError as decide_again."""
    evidence = evidence_of(record)
    try:
        return decision.decide(evidence, policy, date.fromisoformat(record["decision"]["today"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("it does not have the form of evidence") from error


def written(evidence: Evidence) -> dict[str, Any]:
    """Write evidence as JSON has it: every field of its dataclasses, whatever they are."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(evidence)))
    return plain


def evidence_of(record: Record) -> Evidence:
    """Read the evidence of a record. Raises ValueError where it has none, or something else."""
    if record.get("evidence") is None:
        raise ValueError("the evidence was too large to be kept")
    return _reader().validate_python(_completed(record["evidence"]))


def _completed(evidence: Any) -> Any:
    """Say of evidence from before `states_fmr` was kept what was decided then: every similarity stood for rates.

    The name that was to tell Rekognition's apart was asked for in other letters than it was given in.
    """
    faces = evidence.get("faces") if isinstance(evidence, dict) else None
    if not isinstance(faces, dict) or not isinstance(faces.get("response"), dict) or "states_fmr" in faces:
        return evidence
    engine = faces["response"].get("Engine")
    named_so = isinstance(engine, dict) and engine.get("name") == REKOGNITION
    return {**evidence, "faces": {**faces, "states_fmr": not named_so}}


def engines_of(evidence: Evidence) -> dict[str, Any]:
    """Tell each engine as it named itself; null where it failed, or is older than names."""
    sides = {"faces": evidence.faces, "front": evidence.front, "back": evidence.back}
    return {name: _engine(answer) for name, answer in sides.items()}


def packed(record: Record) -> bytes:
    """Compress a record for the table: what would not fit is left out by name, last the evidence itself."""
    small = _compressed(record)
    for omit in (_without_bulk, _without_evidence):
        if len(small) <= MAX_BYTES:
            break
        record = omit(record)
        small = _compressed(record)
    return small


def unpacked(small: bytes) -> Record:
    """Read a record from the table."""
    read: Record = json.loads(zlib.decompress(small))
    return read


@cache
def _reader() -> TypeAdapter[Evidence]:
    """Make what checks evidence that was read; to decide again alone needs it, and it takes 30 ms."""
    return TypeAdapter(Evidence)


def _engine(answer: object) -> Any:
    if isinstance(answer, Faces):
        return answer.response.get("Engine")
    return answer.reading.get("engine") if isinstance(answer, Mrz) else None


def _compressed(record: Record) -> bytes:
    return zlib.compress(json.dumps(record, separators=(",", ":")).encode(), level=6)


def _without_bulk(record: Record) -> Record:
    evidence = {name: _slim(answer) for name, answer in record["evidence"].items()}
    return {**record, "evidence": evidence, "omitted": [LARGE_FIELD]}


def _slim(answer: Any) -> Any:
    if not isinstance(answer, dict) or "reading" not in answer:
        return answer
    return {**answer, "reading": {name: value for name, value in answer["reading"].items() if name != LARGE_FIELD}}


def _without_evidence(record: Record) -> Record:
    return {**record, "evidence": None, "omitted": ["evidence"]}
