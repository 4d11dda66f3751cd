"""What the engines find of an attempt: the functions' own answers, as evidence."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from cari_decision.checks.fraud import same_files
from cari_decision.evidence import EngineFailure, Evidence, Mrz
from cari_imaging import decode
from cari_intake import intake
from cari_verification import printed_text
from functions.mrz import app as mrz
from functions.mrz_fallback import app as mrz_fallback
from tests.benchmarks.end_to_end.composites import TODAY
from tests.benchmarks.end_to_end.judging import compared
from tests.benchmarks.fraud.classes import CLASSES, Attempt
from tests.benchmarks.fraud.materials import Materials, jpeg

if TYPE_CHECKING:
    from tests.benchmarks.end_to_end.composites import Composite

GENUINE = "genuine"


@dataclass(frozen=True)
class Instance:
    """One attempt to make: of which class, and by whom."""

    name: str
    composite: Composite
    reads_print: bool


@dataclass(frozen=True)
class Judged:
    """What the engines found of it."""

    name: str
    evidence: Evidence


def judge(instance: Instance) -> Judged | None:
    """Make an attempt and read it. None where a picture that it is made of shows no face."""
    composite = instance.composite
    materials = Materials(composite, np.random.default_rng([composite.number, len(instance.name)]))
    try:
        attempt = _made(instance.name, materials)
    except ValueError:
        return None
    return Judged(instance.name, evidence_of(attempt, reads_print=instance.reads_print))


def evidence_of(attempt: Attempt, *, reads_print: bool, mode: str = "dev") -> Evidence:
    """Take pictures in, ask the engines, and keep what they say, as a verification does."""
    sent = {"selfie": attempt.selfie, "front": attempt.front, "back": attempt.back}
    pictures = {side: intake(payload, field=side) for side, payload in sent.items() if payload}
    sides = {side: picture.payload for side, picture in pictures.items()}
    height, width = decode(sides["front"]).shape[:2]
    readings = {side: _read(sides[side], attempt.type, reads_print) for side in ("front", "back") if side in sides}
    evidence = Evidence(
        attempt.type,
        compared(sides["front"], sides["selfie"], (width, height)),
        readings["front"],
        readings.get("back"),
        mode=mode,
        same_files=same_files({side: sha256(payload).hexdigest() for side, payload in sides.items()}),  # type: ignore[arg-type]  # sides
    )
    return printed_text.settled(evidence, TODAY) if reads_print else evidence


def _made(name: str, materials: Materials) -> Attempt:
    if name == GENUINE:
        document = materials.document
        return Attempt(materials.type, jpeg(materials.selfie), document.front, document.back)
    return next(classes[name] for classes in CLASSES.values() if name in classes)(materials)


def _read(picture: bytes, type_: str, reads_print: bool) -> Mrz | EngineFailure:
    asked: dict[str, Any] = {"Image": {"Bytes": b64encode(picture).decode()}, "Barcode": type_ == "card"}
    answer = mrz.handler(asked, None)  # type: ignore[arg-type]  # it asks nothing of the context
    if "__type" in answer:
        return EngineFailure("document_unreadable")
    if not reads_print:
        return Mrz(answer)
    words = mrz_fallback.handler({"Image": asked["Image"], "PrintedText": True}, None)  # type: ignore[arg-type]  # likewise
    return Mrz({**answer, printed_text.WORDS: words.get(printed_text.WORDS)})


def live(evidence: Evidence) -> Evidence:
    """Let the same be sent with a live key."""
    return replace(evidence, mode="live")
