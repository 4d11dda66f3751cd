"""The one use case: pictures in, a stored verification out. HTTP, batch and replay all call it.

Its outside world comes in as callables, so that a test passes lambdas.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cari_common import ids
from cari_common.contract import FaceReport, MrzReport, Verification, verdict
from cari_common.decision import decide
from cari_common.errors import EngineTimeout
from cari_common.evidence import DocumentType, EngineFailure, Evidence, Faces, Mrz, Side
from cari_common.face_report import face_report
from cari_common.receipt import Channel, Deployment, Usage, receipt
from cari_common.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from cari_common.contract import Receipt
    from cari_common.engines import StoredPicture
    from cari_common.picture import Picture

MRZ_S = 20.0  # the most that the MRZ engine takes; further rungs would outlast the gateway
SAVING_S = 2.0  # kept back from the caller's time to store the result and to answer
THREADS = ThreadPoolExecutor(12, thread_name_prefix="step")  # three pictures at once for a batch of four


@dataclass(frozen=True)
class Request:
    """What is to be verified, for whom. Its pictures are checked already (see `cari_intake.intake`)."""

    id: str
    tenant: str
    mode: str
    type: DocumentType
    selfie: Picture
    front: Picture
    back: Picture | None = None
    channel: Channel = "http"

    @property
    def pictures(self) -> list[Picture]:
        """Every picture there is."""
        return [picture for picture in (self.selfie, self.front, self.back) if picture]


@dataclass(frozen=True)
class Steps:
    """The outside world: where pictures go, who reads them, where the answer is kept."""

    store_picture: Callable[[Request, Side, Picture], StoredPicture]
    compare_faces: Callable[[StoredPicture, StoredPicture], Faces | EngineFailure]  # document, selfie
    read_mrz: Callable[[StoredPicture, Side, float], Mrz | EngineFailure]  # within so many seconds
    save: Callable[[Request, Verification], Verification]  # returns the one that is kept
    deployment: Deployment = field(default_factory=Deployment)


def verify(request: Request, steps: Steps, *, time_left_s: float, stopwatch: Stopwatch | None = None) -> Verification:
    """Store the pictures, ask both engines at the same time, decide, and store the answer.

    An engine that fails leaves its reason in the stored verification. Where one has not answered in time,
    what is known is stored all the same and EngineTimeout is raised, naming the id to fetch it by.
    """
    watch = stopwatch or Stopwatch()
    deadline = time.monotonic() + time_left_s - SAVING_S
    selfie, front, back = watch.timed("store_pictures", _store_pictures, request, steps)
    budget_s = min(MRZ_S, deadline - time.monotonic())
    faces = THREADS.submit(watch.timed, "faces", steps.compare_faces, front, selfie)
    front_mrz = THREADS.submit(watch.timed, "mrz", steps.read_mrz, front, "front", budget_s)
    back_mrz = THREADS.submit(watch.timed, "mrz", steps.read_mrz, back, "back", budget_s) if back else None
    asked: list[Future[Any]] = [future for future in (faces, front_mrz, back_mrz) if future]
    late: set[Future[Any]] = wait(asked, timeout=deadline - time.monotonic()).not_done

    evidence = Evidence(
        request.type,
        EngineFailure("faces_not_compared") if faces in late else faces.result(),
        _mrz_unless_late(front_mrz, late, "front"),
        _mrz_unless_late(back_mrz, late, "back") if back_mrz else None,
    )
    decided = watch.timed("decide", _verification, request, evidence)
    bill = _receipt(request, steps.deployment, decided, watch)
    verification = watch.timed("save", steps.save, request, decided.model_copy(update={"receipt": bill}))
    if late:
        raise EngineTimeout(
            f"Reading the pictures took too long. What was found is at /identity/verify/{request.id}. "
            "Try again with smaller pictures.",
            id=request.id,
        )
    return verification


def _store_pictures(request: Request, steps: Steps) -> tuple[StoredPicture, StoredPicture, StoredPicture | None]:
    storing = THREADS.submit(steps.store_picture, request, "selfie", request.selfie)
    storing_back = THREADS.submit(steps.store_picture, request, "back", request.back) if request.back else None
    front = steps.store_picture(request, "front", request.front)
    return storing.result(), front, storing_back.result() if storing_back else None


def _mrz_unless_late(asked: Future[Mrz | EngineFailure], late: set[Future[Any]], side: Side) -> Mrz | EngineFailure:
    return EngineFailure("mrz_not_read", side) if asked in late else asked.result()


def _verification(request: Request, evidence: Evidence) -> Verification:
    moment = ids.created_at(request.id)
    decision = decide(evidence, moment.date())
    return Verification.model_validate(
        {
            "id": request.id,
            "type": request.type,
            "user": request.tenant,
            "created_at": moment,
            "selfie": face_report(evidence.faces, request.id) if isinstance(evidence.faces, Faces) else FaceReport(),
            "front": _mrz_report(evidence.front, request.front),
            "back": _mrz_report(evidence.back, request.back) if evidence.back and request.back else None,
            **verdict(decision),
        }
    )


def _receipt(request: Request, deployment: Deployment, decided: Verification, watch: Stopwatch) -> Receipt:
    usage = Usage(
        watch.read(),
        picture_bytes=[len(picture.payload) for picture in request.pictures],
        mrz_calls=2 if request.back else 1,
        verification_bytes=len(decided.model_dump_json()),
        channel=request.channel,
    )
    return receipt(usage, deployment)


def _mrz_report(mrz: Mrz | EngineFailure, picture: Picture) -> MrzReport:
    if isinstance(mrz, EngineFailure):
        return MrzReport(reason=mrz.code, filename=picture.filename)
    return MrzReport.model_validate({**mrz.reading, "filename": picture.filename})
