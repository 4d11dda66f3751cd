"""One case: requests while something fails, then what must hold."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cari_api.auth.keys import new_tenant
from cari_core import ids
from local.aws import event_source
from tests.faults import holding, later, older
from tests.faults.caller import KINDS, SPECIMENS, Answer, Caller, Sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from local.stack import Stack
    from tests.faults.cases import Case

FAULTY_ATTEMPTS, SOUND_ATTEMPTS = 2, 40  # the latter for as long as a dead request holds its key, half a minute
PASSING_S = 2.0  # after the last answer, so that the worker and the batch function meet the fault too
PATIENCE_S = 60.0
POLL_S = 0.2
AT_ONCE = 6
JOBS = ("approved",)


@dataclass
class Report:
    """What came of a case."""

    name: str
    requests: int = 0
    met: int = 0  # calls that a fault befell
    statuses: Counter[int] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    took_s: float = 0.0


def run(stack: Stack, case: Case, log: Path) -> Report:
    """Run a case as a tenant of its own, and check what must hold. `log` is where the functions write."""
    began, tenant = time.monotonic(), new_tenant()
    caller, owner = Caller.new(stack, tenant), ids.owner_key(tenant, "dev")
    report = Report(case.name)
    faults, logged = case.faults(stack), log.stat().st_size
    stack.cloud.deliver = case.deliver
    if case.during == "posts":
        stack.cloud.faults.now = faults
    try:
        requests = _sent(stack, case, caller)
        if case.stored_by_0_1_0:
            requests += older.stored(stack, caller)
        if case.until == "the end":
            later.deliver_all(tenant, later.TheLastTime)
        if case.during == "posts":
            stack.cloud.faults.now = []
        _sound(stack, caller, requests)
        read = _settled(caller, requests)
        later.deliver_all(tenant)
        read |= {one: caller.ask("GET", f"/identity/verify/{one}") for one in _under_way(read)}
        report.broken += _broken(stack, caller, requests, read)
        if not case.stored_by_0_1_0:
            unsure = case.uncounted + _unsure_counts(log, logged)
            report.broken += holding.charged(stack, caller, requests, unsure, is_exact=not case.meets)
        report.broken += _repeated(caller, requests)
        if case.during == "erasures":
            stack.cloud.faults.now = faults
        erasing = _erased(stack, caller, read)
        stack.cloud.deliver = event_source.once
        later.deliver_all(tenant)
        report.broken += holding.erased(stack, owner)
        answers = [*(answer for sent in requests for answer in sent.answers), *erasing]
        report.broken += holding.answers(answers, case.excused)
        report.requests = len(requests)
        report.statuses.update(answer.status for answer in answers)
        report.ends.update(answer.body.get("status", str(answer.status)) for answer in read.values())
    finally:
        stack.cloud.faults.now, stack.cloud.deliver = [], event_source.once
    report.met = sum(fault.met for fault in faults)
    if case.meets and not report.met:
        report.broken.append("no call met the fault")
    report.took_s = time.monotonic() - began
    return report


def _sent(stack: Stack, case: Case, caller: Caller) -> list[Sent]:
    """Send everything while the fault lasts, and let it last until queues have met it."""
    requests = [Sent(kind, "waited for") for kind in case.kinds]
    requests += [Sent(kind, "not waited for") for kind in case.kinds if kind != "declined"]
    jobs = [Sent(kind, "job") for kind in JOBS] if case.jobs else []
    _at_once(requests, lambda sent: caller.post(sent, attempts=FAULTY_ATTEMPTS))
    for number, sent in enumerate(jobs):
        _put_job(stack, caller, sent, number)
    if case.doubled:
        for identifier in {identifier for sent in requests for identifier in sent.ids}:
            body = json.dumps({"tenant": caller.tenant, "mode": "dev", "id": identifier})
            stack.cloud.client("sqs").send_message(QueueUrl=stack.cloud.outputs["WorkQueueUrl"], MessageBody=body)
    if case.meets:
        time.sleep(PASSING_S)
    return [*requests, *jobs]


def _sound(stack: Stack, caller: Caller, requests: Sequence[Sent]) -> None:
    """Send again what was not accepted, and wait for the jobs' answers."""
    again = [sent for sent in requests if sent.way in {"waited for", "not waited for"} and not sent.ids]
    _at_once(again, lambda sent: caller.post(sent, attempts=SOUND_ATTEMPTS))
    waiting, until = [sent for sent in requests if sent.job], time.monotonic() + PATIENCE_S
    while waiting and time.monotonic() < until:
        for sent in waiting:
            if answer := _result(stack, sent):
                sent.answers.append(answer)
        waiting = [sent for sent in waiting if not sent.answers]
        time.sleep(POLL_S)


def _settled(caller: Caller, requests: Sequence[Sent]) -> dict[str, Answer]:
    """Read every verification that anybody was told of until it has ended; what never does is read as it is."""
    read: dict[str, Answer] = {}
    until = time.monotonic() + PATIENCE_S
    for identifier in {identifier for sent in requests for identifier in sent.ids}:
        while True:
            read[identifier] = caller.ask("GET", f"/identity/verify/{identifier}")
            if read[identifier].body.get("status") != "processing" or time.monotonic() > until:
                break
            time.sleep(POLL_S)
    return read


def _under_way(read: dict[str, Answer]) -> list[str]:
    return [identifier for identifier, answer in read.items() if answer.body.get("status") == "processing"]


def _broken(stack: Stack, caller: Caller, requests: Sequence[Sent], read: dict[str, Answer]) -> Iterator[str]:
    owner = ids.owner_key(caller.tenant, "dev")
    yield from holding.once(stack, owner, requests)
    yield from holding.ended(read)
    yield from holding.approved(requests, read)
    yield from holding.kept(stack, owner)


def _unsure_counts(log: Path, since: int) -> int:
    """Tell how many counts the quota table did not answer to: it may have counted, or not."""
    with log.open("rb") as file:
        file.seek(since)
        said = file.read()
    return sum(said.count(line) for line in (b"quota not counted", b"quota not given back"))


def _repeated(caller: Caller, requests: Sequence[Sent]) -> Iterator[str]:
    """Send every request once more, as after a broken connection: nothing new may come of it."""
    posted = [sent for sent in requests if sent.way in {"waited for", "not waited for"} and len(sent.ids) == 1]
    before = {sent.key: sent.ids for sent in posted}
    _at_once(posted, lambda sent: caller.post(sent, attempts=SOUND_ATTEMPTS))
    for sent in posted:
        if sent.ids != before[sent.key]:
            yield f"{sent.way}, {sent.kind}: the same request made another verification"


def _erased(stack: Stack, caller: Caller, read: dict[str, Answer]) -> list[Answer]:
    """Ask for evidence and erase all of it, as often as it takes; the fault is over after the first time."""
    answers: list[Answer] = []
    for attempt in range(SOUND_ATTEMPTS):
        left = [identifier for identifier, answer in read.items() if answer.status == holding.FOUND]
        if attempt == 0:
            answers += [caller.ask("GET", f"/identity/verify/{identifier}/evidence") for identifier in left]
        deleted = {identifier: caller.ask("DELETE", f"/identity/verify/{identifier}") for identifier in left}
        answers += deleted.values()
        stack.cloud.faults.now = []
        read = {identifier: read[identifier] for identifier in left if deleted[identifier].status != holding.FOUND}
        if not read:
            break
        time.sleep(POLL_S)
    return answers


def _at_once(requests: Sequence[Sent], act: Callable[[Sent], None]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(act, requests))


def _put_job(stack: Stack, caller: Caller, sent: Sent, number: int) -> None:
    s3, bucket = holding.s3_of(stack.cloud), stack.cloud.outputs["Bucket"]
    kind, folder = KINDS[sent.kind], f"batch/{caller.tenant}/dev/{number}"
    for name in (kind.selfie, kind.front):
        s3.put_object(Bucket=bucket, Key=f"{folder}/{name}", Body=(SPECIMENS / name).read_bytes())
    job = {"type": "passport", "selfie": kind.selfie, "front": kind.front, **kind.form}
    sent.job = f"{folder}/job.json"
    s3.put_object(Bucket=bucket, Key=sent.job, Body=json.dumps(job).encode())


def _result(stack: Stack, sent: Sent) -> Answer | None:
    key = "results/" + sent.job.partition("/")[2]
    s3, bucket = holding.s3_of(stack.cloud), stack.cloud.outputs["Bucket"]
    if not s3.list_objects_v2(Bucket=bucket, Prefix=key).get("Contents"):
        return None
    body = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    is_problem = "code" in body
    headers = {"Content-Type": "application/problem+json"} if is_problem else {}
    return Answer(int(body["status"]) if is_problem else holding.FOUND, body, headers)
