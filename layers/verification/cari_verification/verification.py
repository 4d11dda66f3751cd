"""The one use case: pictures in, a stored verification out. HTTP, batch and replay all call it.

Its outside world comes in as callables, so that a test passes lambdas.

A verification is announced before any of its pictures is stored, so that somebody knows of them whatever happens
next; where something fails then, what was stored is given up and erased.
"""

from __future__ import annotations

from concurrent.futures import ALL_COMPLETED, FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from cari_core import ids
from cari_core.errors import EngineUnavailable
from cari_core.stopwatch import Stopwatch
from cari_decision import evidence_record, specimens
from cari_decision.decision import decide
from cari_decision.evidence import DocumentType, EngineFailure, Evidence, Faces, FaceSearch, Mrz, Side
from cari_decision.options import NO_WISHES, Wishes
from cari_decision.policy_context import USUAL_TERMS, Terms
from cari_verification import printed_text
from cari_verification.contract import FaceReport, MrzReport, Verification, shadow_verdict, verdict
from cari_verification.face_report import face_report
from cari_verification.receipt import Channel, Deployment, Usage, receipt, rekognition_images

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from cari_core.deadline import Deadline
    from cari_core.picture import Picture
    from cari_decision.evidence import Beside
    from cari_verification.aws.engines import StoredPicture
    from cari_verification.contract import Receipt
    from cari_verification.face_embedding import FaceEmbedding

MRZ_S = 20.0  # the most that the MRZ engine takes; further rungs would outlast the gateway
SAVING_S = 2.0  # kept back from the caller's time to store the result and to answer
WITH_BARCODE: frozenset[DocumentType] = frozenset({"driving_licence", "card"})  # may be American or Canadian
# Which engines' failures end a verification, with a reason in it: none while somebody will ask again; where nobody
# goes on, that one was too late; any on the last attempt. Whatever does not end it raises EngineUnavailable.
Final = Literal["none", "late", "any"]
Compared = tuple[Faces | EngineFailure, "FaceEmbedding | None"]  # the latter goes no further than the search
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
    wishes: Wishes = NO_WISHES
    terms: Terms = USUAL_TERMS
    origins: tuple[str, ...] = ()  # keys of the files that it was made from, and of the one that tells its answer

    @property
    def reference(self) -> str | None:
        """The caller's own name for what this is about."""
        return self.wishes.reference

    @property
    def retention_days(self) -> int:
        """For how long it is kept."""
        return self.terms.retention_days


@dataclass(frozen=True)
class Case:
    """A request whose pictures lie in the bucket: all that is needed to go on with it, here or elsewhere."""

    id: str
    tenant: str
    mode: str
    type: DocumentType
    selfie: StoredPicture
    front: StoredPicture
    back: StoredPicture | None = None
    channel: Channel = "http"
    wishes: Wishes = NO_WISHES
    terms: Terms = USUAL_TERMS
    origins: tuple[str, ...] = ()

    @property
    def reference(self) -> str | None:
        """The caller's own name for what this is about."""
        return self.wishes.reference

    @property
    def retention_days(self) -> int:
        """For how long it is kept."""
        return self.terms.retention_days

    @property
    def pictures(self) -> dict[Side, StoredPicture]:
        """The stored pictures by side."""
        sides: dict[Side, StoredPicture | None] = {"selfie": self.selfie, "front": self.front, "back": self.back}
        return {side: stored for side, stored in sides.items() if stored}


def _nobody(_case: Case) -> None:
    """Let nobody else go on."""


def _untold(_request: Request) -> None:
    """Tell nobody."""


def _keep(_case: Case) -> None:
    """Erase nothing."""


def _unseen(_case: Case, _evidence: Evidence) -> None:
    """Look nowhere."""


def _unsought(_case: Case, _faces: Faces | EngineFailure, _embedding: FaceEmbedding | None) -> FaceSearch:
    """Look for no face."""
    return FaceSearch(unavailable="not_looked_for")


@dataclass(frozen=True)
class Steps:
    """The outside world: where pictures go, who reads them, where the answer is kept, who goes on with what is slow."""

    store_picture: Callable[[Request, Side, Picture], StoredPicture]
    compare_faces: Callable[[StoredPicture, StoredPicture], Faces | EngineFailure]  # document, selfie
    read_mrz: Callable[[StoredPicture, Side, float, frozenset[Beside]], Mrz | EngineFailure]  # in so many seconds
    save: Callable[[Case, Verification, bytes], Verification]  # beside packed evidence; returns the one that is kept
    announce: Callable[[Request], None] = _untold  # before any picture is stored
    pictures_stored: Callable[[], None] = lambda: None  # once all of them are
    give_up: Callable[[Request], None] = _untold  # erases what was stored of a request that failed
    hand_over: Callable[[Case], Verification | None] = _nobody  # returns it as processing; None: nobody goes on
    erase_pictures: Callable[[Case], None] = _keep
    seen_before: Callable[[Case, Evidence], tuple[str, ...] | None] = _unseen  # asked where the policy wants it
    compare_and_embed: Callable[[StoredPicture, StoredPicture], Compared] | None = None  # None: only compare_faces
    search_face: Callable[[Case, Faces | EngineFailure, FaceEmbedding | None], FaceSearch] = _unsought  # likewise
    deployment: Deployment = field(default_factory=Deployment)


def verify(
    request: Request, steps: Steps, *, deadline: Deadline, stopwatch: Stopwatch | None = None, final: Final = "late"
) -> Verification:
    """Store the pictures, then conclude."""
    watch = stopwatch or Stopwatch()
    with _given_up_if_it_fails(request, steps):
        case = _stored(request, steps, watch)
        return conclude(case, steps, deadline=deadline, stopwatch=watch, final=final)


def accept(request: Request, steps: Steps, *, deadline: Deadline, stopwatch: Stopwatch | None = None) -> Verification:
    """Store the pictures and let another go on; conclude here where nobody does."""
    watch = stopwatch or Stopwatch()
    with _given_up_if_it_fails(request, steps):
        case = _stored(request, steps, watch)
        handed_over = watch.timed("hand_over", steps.hand_over, case)
        alone = replace(steps, hand_over=_nobody)
        return handed_over or conclude(case, alone, deadline=deadline, stopwatch=watch)


def conclude(
    case: Case, steps: Steps, *, deadline: Deadline, stopwatch: Stopwatch | None = None, final: Final = "late"
) -> Verification:
    """Ask both engines at the same time, decide, and store the answer.

    Where an engine is not to be had, or has not answered in time, another goes on and the answer is the processing
    verification. Where nobody does, `final` says whether the verification ends with its reason, or EngineUnavailable
    is raised.
    """
    watch = stopwatch or Stopwatch()
    budget_s = min(MRZ_S, deadline.left_s - SAVING_S)
    beside = _beside(case)
    faces = THREADS.submit(watch.timed, "faces", _compared, case, steps)
    front_mrz = THREADS.submit(watch.timed, "mrz", steps.read_mrz, case.front, "front", budget_s, beside)
    back_mrz = (
        THREADS.submit(watch.timed, "mrz", steps.read_mrz, case.back, "back", budget_s, beside) if case.back else None
    )
    asked: list[Future[Any]] = [future for future in (faces, front_mrz, back_mrz) if future]
    until = ALL_COMPLETED if final == "any" else FIRST_EXCEPTION  # others' answers are of use only where it ends here
    answered, late = wait(asked, timeout=deadline.left_s - SAVING_S, return_when=until)
    unavailable = {future for future in answered if _is_unavailable(future)}
    missing = late | unavailable
    if missing and (handed_over := steps.hand_over(case)):
        return handed_over
    if (unavailable and final != "any") or (late and final == "none"):
        raise _unavailable_of(unavailable)
    compared, embedding = (EngineFailure("faces_not_compared"), None) if faces in missing else faces.result()
    evidence = Evidence(
        case.type,
        compared,
        _mrz_unless_missing(front_mrz, missing, "front"),
        _mrz_unless_missing(back_mrz, missing, "back") if back_mrz else None,
        mode=case.mode,
        specimen_pictures=specimens.pictures({side: stored.sha256 for side, stored in case.pictures.items()}),
    )
    duplicates = case.terms.policy.rules.duplicates
    if duplicates.document:
        evidence = replace(evidence, seen_before=watch.timed("seen_before", steps.seen_before, case, evidence))
    if duplicates.face:
        found = watch.timed("search_face", steps.search_face, case, compared, embedding)
        evidence = replace(evidence, face_search=found)
    today = ids.created_at(case.id).date()
    if case.terms.policy.rules.printed_text:
        evidence = watch.timed("printed_text", printed_text.settled, evidence, today)
    decided = watch.timed("decide", _verification, case, evidence, today)
    record = evidence_record.packed(evidence_record.record(evidence, case.terms.policy, today, case.pictures))
    billed = decided.model_copy(update={"receipt": _receipt(case, steps.deployment, decided, record, watch, compared)})
    kept = watch.timed("save", steps.save, case, billed, record)
    if case.retention_days == 0:
        watch.timed("erase_pictures", steps.erase_pictures, case)
    return kept


@contextmanager
def _given_up_if_it_fails(request: Request, steps: Steps) -> Iterator[None]:
    try:
        yield
    except Exception:
        steps.give_up(request)
        raise


def _stored(request: Request, steps: Steps, watch: Stopwatch) -> Case:
    watch.timed("announce", steps.announce, request)
    case = watch.timed("store_pictures", _with_pictures_stored, request, steps)
    steps.pictures_stored()
    return case


def _with_pictures_stored(request: Request, steps: Steps) -> Case:
    """Store all pictures at the same time. Whatever fails, none is still on its way when this is over."""
    sides: dict[Side, Picture | None] = {"selfie": request.selfie, "front": request.front, "back": request.back}
    storing = {
        side: THREADS.submit(steps.store_picture, request, side, picture) for side, picture in sides.items() if picture
    }
    wait(storing.values())
    stored = {side: future.result() for side, future in storing.items()}
    return Case(
        request.id,
        request.tenant,
        request.mode,
        request.type,
        stored["selfie"],
        stored["front"],
        stored.get("back"),
        request.channel,
        request.wishes,
        request.terms,
        request.origins,
    )


def _beside(case: Case) -> frozenset[Beside]:
    """Say what is to be read beside the MRZ: what the document may have, and what the policy holds against it."""
    asked: dict[Beside, bool] = {
        "Barcode": case.type in WITH_BARCODE,
        "PrintedText": case.terms.policy.rules.printed_text,
    }
    return frozenset(name for name, is_asked in asked.items() if is_asked)


def _compared(case: Case, steps: Steps) -> Compared:
    """Ask for the selfie's embedding only where the policy has a use for it."""
    if case.terms.policy.rules.duplicates.face and steps.compare_and_embed:
        return steps.compare_and_embed(case.front, case.selfie)
    return steps.compare_faces(case.front, case.selfie), None


def _is_unavailable(answered: Future[Any]) -> bool:
    """Say whether an engine was not to be had. Raises what else it failed with, which is a fault of ours."""
    error = answered.exception()
    if error is not None and not isinstance(error, EngineUnavailable):
        raise error
    return error is not None


def _unavailable_of(failed: set[Future[Any]]) -> BaseException:
    """Choose what to raise: the first engine's own failure, or that one was too late."""
    told = [error for future in failed if (error := future.exception())]
    return told[0] if told else EngineUnavailable("An engine has not answered in time. Send the request again.")


def _mrz_unless_missing(
    asked: Future[Mrz | EngineFailure], missing: set[Future[Any]], side: Side
) -> Mrz | EngineFailure:
    return EngineFailure("mrz_not_read", side) if asked in missing else asked.result()


def _verification(case: Case, evidence: Evidence, today: date) -> Verification:
    terms = case.terms
    decision = decide(evidence, terms.policy.rules, today)
    return Verification.model_validate(
        {
            "id": case.id,
            "type": case.type,
            "user": case.tenant,
            "created_at": ids.created_at(case.id),
            "reference": case.wishes.reference,
            "metadata": case.wishes.metadata,
            "selfie": face_report(evidence.faces, case.id) if isinstance(evidence.faces, Faces) else FaceReport(),
            "front": _mrz_report(evidence.front, case.front.picture),
            "back": _mrz_report(evidence.back, case.back.picture) if evidence.back and case.back else None,
            **verdict(decision, terms.policy),
            "shadow": shadow_verdict(decide(evidence, terms.shadow.rules, today), terms.shadow)
            if terms.shadow
            else None,
        }
    )


def _receipt(  # it tells of all of it
    case: Case,
    deployment: Deployment,
    decided: Verification,
    record: bytes,
    watch: Stopwatch,
    faces: Faces | EngineFailure,
) -> Receipt:
    usage = Usage(
        watch.read(),
        picture_bytes=[stored.size_bytes for stored in case.pictures.values()],
        mrz_calls=2 if case.back else 1,
        verification_bytes=len(decided.model_dump_json()) + len(record),
        channel=case.channel,
        rekognition_images=rekognition_images(faces, deployment),
    )
    return receipt(usage, replace(deployment, retention_days=case.retention_days))


def _mrz_report(mrz: Mrz | EngineFailure, picture: Picture) -> MrzReport:
    if isinstance(mrz, EngineFailure):
        return MrzReport(reason=mrz.code, filename=picture.filename)
    return MrzReport.model_validate({**mrz.reading, "filename": picture.filename})
