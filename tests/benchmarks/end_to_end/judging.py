"""What the engines find on composites: the functions' own answers, as evidence."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cari_core.engine_api import FaceComparison
from cari_decision.evidence import EngineFailure, Evidence, Faces, Mrz
from cari_imaging import decode
from cari_mrz import as_answer, read_with_fallbacks
from cari_verification.aws.engines import NO_PORTRAIT
from functions.face_compare import app as face_compare
from tests.benchmarks.end_to_end.composites import photographed

if TYPE_CHECKING:
    from tests.benchmarks.end_to_end.composites import Composite

MRZ_S = 20.0


@dataclass(frozen=True)
class Judged:
    """A composite's evidence: with its holder's selfie first, then with others'."""

    number: int
    genuine: Evidence
    impostors: tuple[Evidence, ...]


def judge(composite: Composite) -> Judged | None:
    """Read the document once and compare it with every selfie. None where there is no document."""
    pages = photographed(composite)
    if pages is None:
        return None
    readings = [
        Mrz(as_answer(read_with_fallbacks(decode(page), (), time_budget_s=MRZ_S), filename=None, walltime_s=0))
        for page in pages
    ]
    back = readings[1] if len(readings) > 1 else None
    height, width = decode(pages[0]).shape[:2]
    evidence = [
        Evidence(composite.type, compared(pages[0], selfie.read_bytes(), (width, height)), readings[0], back)
        for selfie in composite.selfies
    ]
    return Judged(composite.number, evidence[0], tuple(evidence[1:]))


def compared(document: bytes, selfie: bytes, document_size: tuple[int, int]) -> Faces | EngineFailure:
    """Compare a document's portrait with a selfie as the face function does; `document_size` is width and height."""
    answer = face_compare.handler(
        {
            "SourceImage": {"Bytes": b64encode(document).decode()},
            "TargetImage": {"Bytes": b64encode(selfie).decode()},
            "SimilarityThreshold": 0,
            "QualityFilter": "NONE",
            "SourceKind": "DOCUMENT",
        },
        None,
    )
    if answer.get("__type") == NO_PORTRAIT:
        return EngineFailure("no_portrait", "front")
    if "__type" in answer:
        return EngineFailure("faces_not_compared")
    height, width = decode(selfie).shape[:2]
    states_fmr = FaceComparison.model_validate(answer).states_fmr
    return Faces(answer, (width, height), document_size, states_fmr=states_fmr)
