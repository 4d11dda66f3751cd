"""A bundle's pictures, read again by the engines of this very checkout.

The engines are imported when they are asked: without their packages, digests and decisions are checked alone.
"""

from __future__ import annotations

import io
import json
from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from cari_core.engine_api import MRZ_TIME_BUDGET_S, REKOGNITION
from cari_core.errors import CariError
from cari_core.picture import Picture, StoredPicture
from cari_decision import evidence_record
from cari_decision.evidence import EngineFailure, Faces, Mrz
from cari_evidence.differences import differences
from cari_verification import printed_text
from cari_verification.aws.engines import Engines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cari_decision.evidence import Evidence, ExtraReading, Side

FACES, MRZ, MRZ_FALLBACK = "face_compare", "mrz", "mrz_fallback"  # functions
# Networks sum in another order on another processor: the last digits are its own.
TOLERANCE = 1e-3
NOT_THE_PICTURE_S = frozenset({"walltime", "filename", "Engine", "engine"})


class Unreadable(Exception):
    """A picture's file cannot be read; the message says which."""


@dataclass(frozen=True)
class GivenPicture(StoredPicture):
    """A picture that is here, and is shown to an engine by value."""

    payload: bytes = b""


def differences_of(claims: dict[str, Any], files: Sequence[Path], note: Callable[[str], None]) -> Iterator[str]:
    """Name the files that are none of the bundle's pictures, and all that is read otherwise from those that are.

    `note` is told what was not looked at. Raises Unreadable.
    """
    given: dict[str, GivenPicture] = {}
    for file in files:
        side, picture = _recognised(file, claims["digests"])
        if picture is None:
            yield f"{file.name}: none of the pictures that were verified"
        for each in side:
            given[each] = picture  # type: ignore[assignment]  # there is one where there is a side
    if given:
        for side in sorted(claims["digests"].keys() - given.keys()):
            note(f"{side}: not given, so it was not looked at")
        yield from _read_otherwise(claims, given, note)


def _recognised(file: Path, digests: dict[str, Any]) -> tuple[list[str], GivenPicture | None]:
    """Find the sides whose picture a file is, as it was stored or as it was sent."""
    try:
        payload = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file} cannot be read.") from error
    picture = _taken_in(payload)
    for known in (payload, picture.payload if picture else b""):
        digest = sha256(known).hexdigest()
        if sides := [side for side, told in digests.items() if told["sha256"] == digest]:
            size = (picture.width, picture.height) if picture else (0, 0)
            kind = picture.content_type if picture else ""
            return sides, GivenPicture("", file.name, kind, *size, sha256=digest, payload=known)
    return [], None


def _taken_in(payload: bytes) -> Picture | None:
    """Strip metadata as the service does when it stores; None where that package, or the picture, is none."""
    try:
        from cari_intake import intake  # noqa: PLC0415  # see above
    except ImportError:
        return None
    try:
        picture: Picture = intake(payload, field="picture")
    except CariError:
        return None
    return picture


def _read_otherwise(
    claims: dict[str, Any], given: dict[str, GivenPicture], note: Callable[[str], None]
) -> Iterator[str]:
    told = evidence_record.evidence_of(claims)
    found = _read_again(told, date.fromisoformat(claims["decision"]["today"]), given, note)
    for name in ("faces", "front", "back", "printed_text"):
        before, now = getattr(told, name), getattr(found, name)
        if before is not now:
            yield from differences(name, _plain(told, name), _plain(found, name), tolerance=TOLERANCE)
    engines_here = evidence_record.engines_of(found)
    for name, engine in claims["engines"].items():
        for line in differences(f"engines.{name}", engine, engines_here[name]):
            note(line)
    status = evidence_record.decide_again({**claims, "evidence": evidence_record.written(found)}).status
    yield from differences("status, from the pictures", claims["verification"].get("status"), status)


def _read_again(told: Evidence, today: date, given: dict[str, GivenPicture], note: Callable[[str], None]) -> Evidence:
    """Ask the engines for what they said before; what cannot be asked stays as it was told."""
    found = replace(
        told,
        faces=_faces(told.faces, given, note),
        front=_mrz(told.front, "front", _extra_readings(told, told.front), given, note),
        back=_mrz(told.back, "back", _extra_readings(told, told.back), given, note) if told.back else None,
    )
    return _with_text(told, found, today, note)


def _with_text(told: Evidence, found: Evidence, today: date, note: Callable[[str], None]) -> Evidence:
    """Compare the printed text again, for which every side that was read must have been read again."""
    if told.printed_text is None:
        return found
    settled = printed_text.settled(found, today)
    if all(mrz is not getattr(told, side) for side, mrz in found.sides):
        return settled
    note("printed_text: not compared again, not every side was read again")
    return replace(settled, printed_text=told.printed_text)


def _faces(
    told: Faces | EngineFailure, given: dict[str, GivenPicture], note: Callable[[str], None]
) -> Faces | EngineFailure:
    if isinstance(told, EngineFailure) or not {"selfie", "front"} <= given.keys():
        return told
    engine = told.response.get("Engine")
    if not _is_here(FACES, engine, "faces", note) or not _has_its_model(engine, note):
        return told
    return HERE.compare_faces(given["front"], given["selfie"])


def _has_its_model(engine: Any, note: Callable[[str], None]) -> bool:
    """Say whether the model that compared the faces is the one that is built in here: another's cosines are others."""
    from cari_face import models  # noqa: PLC0415  # see above

    model = engine.get("Model") if isinstance(engine, dict) else None
    if model in {None, models.built_in().name}:
        return True
    note(f"faces: not compared again, {model} did it: `make weights MODEL={model}` builds it in")
    return False


def _extra_readings(told: Evidence, side: Mrz | EngineFailure | None) -> frozenset[ExtraReading]:
    """Say what was read beside an MRZ."""
    barcode: set[ExtraReading] = {"Barcode"} if isinstance(side, Mrz) and "barcode" in side.reading else set()
    text: set[ExtraReading] = {"PrintedText"} if told.printed_text else set()
    return frozenset(barcode | text)


def _mrz(
    told: Mrz | EngineFailure,
    side: Side,
    extra: frozenset[ExtraReading],
    given: dict[str, GivenPicture],
    note: Callable[[str], None],
) -> Mrz | EngineFailure:
    if isinstance(told, EngineFailure) or side not in given:
        return told
    if not all(_is_here(function, told.reading.get("engine"), side, note) for function in (MRZ, MRZ_FALLBACK)):
        return told
    return HERE.read_mrz(given[side], side, MRZ_TIME_BUDGET_S, extra)


def _is_here(function: str, engine: Any, name: str, note: Callable[[str], None]) -> bool:
    """Say whether an engine can be asked here."""
    if isinstance(engine, dict) and engine.get("Name") == REKOGNITION:
        note(f"{name}: not read again, Amazon Rekognition did it")
        return False
    try:
        _handler(function)
    except ImportError:
        note(f"{name}: not read again, its engine is not here")
        return False
    return True


def _handler(function: str) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Find a function's handler. Raises ImportError where its packages are not here."""
    if function == FACES:
        from functions.face_compare import app as faces  # noqa: PLC0415  # see above

        return faces.handler
    if function == MRZ:
        from functions.mrz import app as mrz  # noqa: PLC0415  # see above

        return mrz.handler
    from functions.mrz_fallback import app as mrz_fallback  # noqa: PLC0415  # see above

    return mrz_fallback.handler


class _Here:
    """So much of a Lambda client as the engines are asked by."""

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803  # boto3's names
        answer = _handler(FunctionName)(json.loads(Payload), None)
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


def _by_value(picture: StoredPicture) -> dict[str, str]:
    return {"Bytes": b64encode(cast("GivenPicture", picture).payload).decode()}


HERE = Engines(cast("Any", _Here()), FACES, MRZ, MRZ_FALLBACK, _by_value)


def _plain(evidence: Evidence, name: str) -> Any:
    """Write what an engine said, without what the picture has no part in."""
    plain = evidence_record.written(evidence)[name]
    return {
        part: {k: v for k, v in said.items() if k not in NOT_THE_PICTURE_S} if isinstance(said, dict) else said
        for part, said in plain.items()
    }
