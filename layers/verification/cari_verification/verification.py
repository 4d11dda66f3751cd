"""The one use case: pictures in, a stored verification out. HTTP, worker and batch all call it.

A verification is announced before any of its pictures is stored, so that somebody knows of them whatever happens
next; where something fails then, what was stored is abandoned and erased.
"""

from __future__ import annotations

from concurrent.futures import ALL_COMPLETED, FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from cari_core import ids
from cari_core.deadline import within
from cari_core.engine_api import MRZ_TIME_BUDGET_S
from cari_core.errors import EngineUnavailable, ServiceUnavailable
from cari_core.stopwatch import Stopwatch
from cari_decision import evidence_record, specimens
from cari_decision.checks.fraud import same_files
from cari_decision.decision import decide
from cari_decision.evidence import EngineFailure, Evidence, Faces
from cari_verification import printed_text
from cari_verification.face_report import face_report
from cari_verification.receipt import Usage, receipt, rekognition_images
from cari_verification.reports import FaceReport, MrzReport, shadow_verdict, verdict
from cari_verification.request import StoredRequest
from cari_verification.stored import Outcome, packed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from cari_core.deadline import Deadline
    from cari_decision.evidence import DocumentType, ExtraReading, Mrz, Side
    from cari_verification.contract import Verification
    from cari_verification.ports import Compared, Ports
    from cari_verification.receipt import Deployment
    from cari_verification.reports import Receipt
    from cari_verification.request import Request, Submission

SAVING_S = 2.0  # kept back from the caller's time to store the result and to answer
WITH_BARCODE: frozenset[DocumentType] = frozenset({"driving_licence", "card"})  # may be American or Canadian
# Which engines' failures end a verification, with a reason in it: none while somebody will ask again; where nobody
# goes on, that one was too late; any on the last attempt. Whatever does not end it raises EngineUnavailable.
Final = Literal["none", "late", "any"]
THREADS = ThreadPoolExecutor(12, thread_name_prefix="verification")  # three pictures at once for a batch of four


def verify(
    request: Request, ports: Ports, *, deadline: Deadline, stopwatch: Stopwatch | None = None, final: Final = "late"
) -> Verification:
    """Store the pictures, then complete."""
    watch = stopwatch or Stopwatch()
    with abandoned_if_it_fails(request, ports):
        stored = store(request, ports, watch)
        return complete(stored, ports, deadline=deadline, stopwatch=watch, final=final)


@contextmanager
def abandoned_if_it_fails(submission: Submission, ports: Ports) -> Iterator[None]:
    """Have erased what was stored of a verification whose making raises."""
    try:
        yield
    except Exception:
        ports.abandon(submission)
        raise


def store(request: Request, ports: Ports, stopwatch: Stopwatch) -> StoredRequest:
    """Announce the verification, then store its pictures, all at the same time.

    Whatever fails, none is still on its way when this is over.
    """
    stopwatch.timed("announce", ports.announce, request)
    return stopwatch.timed("store_pictures", _with_pictures_stored, request, ports)


def enqueue(stored: StoredRequest, ports: Ports, *, deadline: Deadline, stopwatch: Stopwatch) -> Verification:
    """Let another go on; complete it here where nobody does."""
    begun = stopwatch.timed("enqueue", ports.enqueue, stored)
    alone = replace(ports, enqueue=lambda _request: None)
    return begun or complete(stored, alone, deadline=deadline, stopwatch=stopwatch)


def complete(
    stored: StoredRequest,
    ports: Ports,
    *,
    deadline: Deadline,
    stopwatch: Stopwatch | None = None,
    final: Final = "late",
) -> Verification:
    """Ask both engines at the same time, decide, and store the answer.

    Where an engine is not to be had, or has not answered in time, another goes on and the answer is the processing
    verification. Where nobody does, `final` says whether the verification ends with its reason, or EngineUnavailable
    is raised.
    """
    watch = stopwatch or Stopwatch()
    engines_by = deadline.earlier(SAVING_S)
    budget_s = min(MRZ_TIME_BUDGET_S, engines_by.left_s)
    extra = _extra_readings(stored)

    def ask(stage: str, engine: Callable[..., Any], *about: object) -> Future[Any]:
        return THREADS.submit(within, engines_by, watch.timed, stage, engine, *about)

    faces = ask("faces", _compared, stored, ports)
    front_mrz = ask("mrz", ports.read_mrz, stored.front, "front", budget_s, extra)
    back_mrz = ask("mrz", ports.read_mrz, stored.back, "back", budget_s, extra) if stored.back else None
    asked: list[Future[Any]] = [future for future in (faces, front_mrz, back_mrz) if future]
    until = ALL_COMPLETED if final == "any" else FIRST_EXCEPTION  # others' answers are of use only where it ends here
    answered, late = wait(asked, timeout=engines_by.left_s, return_when=until)
    unavailable = {future for future in answered if _is_unavailable(future)}
    missing = late | unavailable
    if missing and (begun := ports.enqueue(stored)):
        return begun
    is_late = not unavailable or engines_by.left_s <= 0  # who is waited for no longer may fail in the same moment
    if missing and (final == "none" or (final == "late" and not is_late)):
        raise _unavailable_of(unavailable)
    compared, embedding = (EngineFailure("faces_not_compared"), None) if faces in missing else faces.result()
    digests = {side: picture.sha256 for side, picture in stored.pictures.items()}
    evidence = Evidence(
        stored.type,
        compared,
        _mrz_unless_missing(front_mrz, missing, "front"),
        _mrz_unless_missing(back_mrz, missing, "back") if back_mrz else None,
        mode=stored.mode,
        specimen_pictures=specimens.pictures(digests),
        same_files=same_files(digests),
    )
    rules, today = stored.policy_context.policy.rules, ids.created_at(stored.id).date()
    try:
        if rules.duplicates.document:
            evidence = replace(evidence, seen_before=watch.timed("duplicates", ports.find_duplicates, stored, evidence))
        if rules.duplicates.face:
            found = watch.timed("search_face", ports.search_face, stored, compared, embedding)
            evidence = replace(evidence, face_search=found)
    except ServiceUnavailable:  # what the policy asks for is not left out: it would approve who was seen before
        if begun := ports.enqueue(stored):
            return begun
        raise
    if rules.printed_text:
        evidence = watch.timed("printed_text", printed_text.settled, evidence, today)
    decided = watch.timed("decide", _decided, stored, evidence, today)
    record = evidence_record.packed(
        evidence_record.record(evidence, stored.policy_context.policy, today, stored.pictures)
    )
    outcome = decided.model_copy(
        update={"receipt": _receipt(stored, ports.deployment, decided, record, watch, evidence)}
    )
    kept = watch.timed("save", ports.save, stored, outcome, record)
    if stored.retention_days == 0:
        watch.timed("erase_pictures", ports.erase_pictures, stored.pictures)
    return kept


def _with_pictures_stored(request: Request, ports: Ports) -> StoredRequest:
    storing = {
        side: THREADS.submit(ports.store_picture, request, side, picture) for side, picture in request.pictures.items()
    }
    wait(storing.values())
    return StoredRequest.of(request, {side: future.result() for side, future in storing.items()})


def _extra_readings(stored: StoredRequest) -> frozenset[ExtraReading]:
    """Choose the extra readings: the barcode by document type, the printed text by policy."""
    asked: dict[ExtraReading, bool] = {
        "Barcode": stored.type in WITH_BARCODE,
        "PrintedText": stored.policy_context.policy.rules.printed_text,
    }
    return frozenset(name for name, is_asked in asked.items() if is_asked)


def _compared(stored: StoredRequest, ports: Ports) -> Compared:
    """Ask for the selfie's embedding only where the policy has a use for it."""
    if stored.policy_context.policy.rules.duplicates.face and ports.compare_and_embed:
        return ports.compare_and_embed(stored.front, stored.selfie)
    return ports.compare_faces(stored.front, stored.selfie), None


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


def _decided(stored: StoredRequest, evidence: Evidence, today: date) -> Outcome:
    policy, shadow = stored.policy_context.policy, stored.policy_context.shadow
    return Outcome.model_validate(
        {
            "selfie": face_report(evidence.faces, stored.id) if isinstance(evidence.faces, Faces) else FaceReport(),
            "front": _mrz_report(evidence.front, stored.front.filename),
            "back": _mrz_report(evidence.back, stored.back.filename) if evidence.back and stored.back else None,
            **verdict(decide(evidence, policy.rules, today), policy),
            "shadow": shadow_verdict(decide(evidence, shadow.rules, today), shadow) if shadow else None,
        }
    )


def _receipt(  # it tells of all of it
    stored: StoredRequest,
    deployment: Deployment | None,
    decided: Outcome,
    record: bytes,
    watch: Stopwatch,
    evidence: Evidence,
) -> Receipt:
    usage = Usage(
        watch.read(),
        picture_bytes=[picture.size_bytes for picture in stored.pictures.values()],
        mrz_calls=2 if stored.back else 1,
        verification_bytes=len(packed(decided)),
        evidence_bytes=len(record),
        channel=stored.channel,
        rekognition_images=rekognition_images(evidence.faces, deployment),
    )
    kept = replace(deployment, retention_days=stored.retention_days) if deployment else None
    return receipt(usage, kept)


def _mrz_report(mrz: Mrz | EngineFailure, filename: str | None) -> MrzReport:
    if isinstance(mrz, EngineFailure):
        return MrzReport(reason=mrz.code, filename=filename)
    return MrzReport.model_validate({**mrz.reading, "filename": filename})
