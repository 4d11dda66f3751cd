"""The faults, one case each: what fails, for whom, and until when."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from local.aws import event_source
from local.aws.faults import Fault, cancelling, crashing, losing_the_answer, refusal, refusing, slow
from local.lambda_runtime.runtime_api import failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from local.aws.event_source import Deliver, Invoke
    from local.aws.faults import Effect, Proceed
    from local.iam.calls import Asked
    from local.iam.enforced import Caller
    from local.lambda_runtime.runtime_api import Outcome
    from local.stack import Stack

    Faulty = Callable[[Stack], list[Fault]]

Until = Literal["passes", "the end"]  # the fault is over soon; or outlasts every attempt
During = Literal["posts", "erasures"]
THROTTLED = refusing("ProvisionedThroughputExceededException", 400)
NO_CONCURRENCY = refusing("TooManyRequestsException", 429, "Rate Exceeded.")
SLOW_DOWN = refusing("SlowDown", 503, "Please reduce your request rate.")
DENIED = refusing("AccessDenied", 403, "User: somebody is not authorized to perform: s3:GetObject or anything else")
SOME = 0.2
WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
READS = ("dynamodb:GetItem", "dynamodb:Query")
ENDED = "response_data"  # in the write that notes what a request made


@dataclass(frozen=True)
class Case:
    """What fails, and how the requests are that meet it."""

    name: str
    faults: Faulty
    until: Until = "passes"
    during: During = "posts"
    kinds: tuple[str, ...] = ("approved", "declined")
    jobs: bool = False
    deliver: Deliver = event_source.once
    excused: frozenset[int] = frozenset()  # server errors that are right here
    uncounted: int = 0  # verifications that were counted by a call that died
    is_quick: bool = False
    stored_by_0_1_0: bool = False
    doubled: bool = False  # whether whoever was accepted is also told to the worker before its time
    meets: bool = True  # whether any call must have met a fault


def _engines(effect: Effect, share: float = 1.0) -> Faulty:
    return lambda _: [Fault("lambda:InvokeFunction", effect, share=share)]


def _on(actions: tuple[str, ...], effect: Effect, resource: str = "", *, says: str = "", share: float = 1.0) -> Faulty:
    return lambda _: [Fault(action, effect, resource, says, share=share) for action in actions]


def _killed(function: str, action: str, resource: str, *, is_done: bool, says: str = "") -> Faulty:
    """Kill a function where it makes a call, before that is done or after."""

    def faults(stack: Stack) -> list[Fault]:
        def effect(caller: Caller, _asked: Asked, proceed: Proceed) -> Response:
            answer = proceed() if is_done else refusal(caller.service, "InternalServerError", 500)
            stack.cloud.kill(function)
            return answer

        return [Fault(action, effect, resource, says, function, times=1)]

    return faults


def _nothing(_stack: Stack) -> list[Fault]:
    return []


def _twice(_function: str, event: bytes, invoke: Invoke) -> Outcome:
    invoke(event)
    return invoke(event)


def _twice_at_once(_function: str, event: bytes, invoke: Invoke) -> Outcome:
    other = threading.Thread(target=invoke, args=(event,))
    other.start()
    outcome = invoke(event)
    other.join()
    return outcome


def _late() -> Deliver:
    """Give a batch back the first time, so that later ones pass it."""
    seen: set[int] = set()

    def deliver(_function: str, event: bytes, invoke: Invoke) -> Outcome:
        body = hash(event.partition(b'"body"')[2].partition(b'"attributes"')[0])
        if body not in seen:
            seen.add(body)
            return failure("ServiceException", "later")
        return invoke(event)

    return deliver


def _dying_afterwards(_function: str, event: bytes, invoke: Invoke) -> Outcome:
    """Do the work, and let nobody hear of it: the batch comes again."""
    invoke(event)
    return failure("Runtime.ExitError", "killed") if event.count(b'"ApproximateReceiveCount": "1"') else invoke(event)


CASES = (
    Case(
        "nothing fails",
        _nothing,
        kinds=("approved", "declined", "no picture kept", "seen"),
        jobs=True,
        is_quick=True,
        meets=False,
    ),
    Case("engines: all throttled", _engines(NO_CONCURRENCY), jobs=True, is_quick=True),
    Case("engines: a fifth throttled", _engines(NO_CONCURRENCY, SOME), kinds=("approved", "declined", "seen")),
    Case("engines: run out of time", _engines(crashing("Sandbox.Timedout"))),
    Case("engines: crash", _engines(crashing("Runtime.ExitError")), jobs=True),
    Case("engines: 5xx", _engines(refusing("ServiceException", 500))),
    Case("engines: do not answer", _engines(slow(27.0)), kinds=("approved",)),
    Case("engines: gone to the end", _engines(NO_CONCURRENCY), until="the end", is_quick=True),
    Case("S3: slow", _on(("s3:PutObject", "s3:GetObject"), slow(1.0)), jobs=True),
    Case("S3: refuses to store", _on(("s3:PutObject",), SLOW_DOWN, "/images/"), is_quick=True),
    Case(
        "S3: refuses a fifth",
        _on(("s3:PutObject", "s3:GetObject", "s3:DeleteObjectVersion"), SLOW_DOWN, share=SOME),
        jobs=True,
    ),
    Case("S3: denies storing", _on(("s3:PutObject",), DENIED, "/images/"), excused=frozenset({500})),
    Case("S3: the engines' reads refused", _on(("s3:GetObject",), SLOW_DOWN, "/images/")),
    Case(
        "S3: refuses to erase",
        _on(("s3:DeleteObjectVersion", "s3:DeleteObject"), SLOW_DOWN),
        kinds=("no picture kept",),
        is_quick=True,
    ),
    Case("S3: refuses results", _on(("s3:PutObject",), SLOW_DOWN, "/results/"), kinds=(), jobs=True),
    Case("DynamoDB: writes throttled", _on(WRITES, THROTTLED, "VerificationsTable"), jobs=True),
    Case("DynamoDB: reads throttled", _on(READS, THROTTLED, "VerificationsTable"), jobs=True),
    Case(
        "DynamoDB: a fifth throttled",
        _on((*WRITES, *READS), THROTTLED, share=SOME),
        kinds=("approved", "declined", "seen"),
        jobs=True,
    ),
    Case("DynamoDB: 5xx", _on(WRITES, refusing("InternalServerError", 500), "VerificationsTable")),
    Case(
        "DynamoDB: writes done, answers lost",
        _on(WRITES, losing_the_answer("InternalServerError", 500), "VerificationsTable", share=0.5),
        jobs=True,
        is_quick=True,
    ),
    Case(
        "DynamoDB: transactions in conflict",
        _on(("dynamodb:PutItem",), cancelling("TransactionConflict"), "VerificationsTable", share=0.7),
    ),
    Case(
        "DynamoDB: what was seen throttled",
        _on((*WRITES, *READS), THROTTLED, "SeenTable"),
        kinds=("seen",),
        is_quick=True,
    ),
    Case(
        "DynamoDB: what was seen, to the end",
        _on((*WRITES, *READS), THROTTLED, "SeenTable"),
        kinds=("seen",),
        until="the end",
    ),
    Case("DynamoDB: keys of requests throttled", _on((*WRITES, *READS), THROTTLED, "IdempotencyTable")),
    Case(
        "DynamoDB: ends of requests not noted",
        _on(("dynamodb:UpdateItem",), THROTTLED, "IdempotencyTable", says=ENDED),
    ),
    Case("DynamoDB: quota throttled", _on(("dynamodb:UpdateItem",), THROTTLED, "QuotaTable")),
    Case("DynamoDB: API keys throttled", _on(("dynamodb:GetItem",), THROTTLED, "ApiKeysTable"), is_quick=True),
    Case("DynamoDB: policies throttled", _on(READS, THROTTLED, "TenantsTable"), kinds=("seen",)),
    Case("SQS: refuses to take", _on(("sqs:SendMessage",), refusing("ThrottlingException", 400)), is_quick=True),
    Case("SQS: takes, answers lost", _on(("sqs:SendMessage",), losing_the_answer("InternalFailure", 500), share=0.7)),
    Case("SQS: delivers twice", _nothing, deliver=_twice, kinds=("approved", "seen"), jobs=True, meets=False),
    Case(
        "SQS: delivers twice at once",
        _nothing,
        deliver=_twice_at_once,
        kinds=("approved", "seen"),
        jobs=True,
        is_quick=True,
        meets=False,
    ),
    Case("SQS: delivers late and out of order", _nothing, deliver=_late(), jobs=True, doubled=True, meets=False),
    Case(
        "SQS: delivers again what was done",
        _nothing,
        deliver=_dying_afterwards,
        kinds=("approved", "no picture kept"),
        jobs=True,
        meets=False,
    ),
    Case(
        "KMS: internal errors",
        _on(("kms:Sign", "kms:GetPublicKey"), refusing("KMSInternalException", 500)),
        during="erasures",
        is_quick=True,
    ),
    Case(
        "KMS: refuses",
        _on(("kms:Sign", "kms:GetPublicKey"), refusing("AccessDeniedException", 400)),
        during="erasures",
        excused=frozenset({500}),
    ),
    Case("S3: refuses erasures", _on(("s3:DeleteObjectVersion",), SLOW_DOWN), during="erasures"),
    Case("DynamoDB: erasures throttled", _on((*WRITES, *READS), THROTTLED, "VerificationsTable"), during="erasures"),
    Case(
        "worker: killed before it saves",
        _killed("WorkerFunction", "dynamodb:PutItem", "VerificationsTable", is_done=False),
        is_quick=True,
    ),
    Case(
        "worker: killed after it saved",
        _killed("WorkerFunction", "dynamodb:PutItem", "VerificationsTable", is_done=True),
    ),
    Case(
        "worker: killed while it notes",
        _killed("WorkerFunction", "dynamodb:PutItem", "SeenTable", is_done=True),
        kinds=("seen",),
    ),
    Case("worker: killed while engines read", _killed("WorkerFunction", "lambda:InvokeFunction", "", is_done=True)),
    Case(
        "batch: killed before it saves",
        _killed("BatchFunction", "dynamodb:PutItem", "VerificationsTable", is_done=False),
        kinds=(),
        jobs=True,
    ),
    Case(
        "batch: killed once it announced",
        _killed("BatchFunction", "dynamodb:PutItem", "VerificationsTable", is_done=True),
        kinds=(),
        jobs=True,
        is_quick=True,
    ),
    Case(
        "batch: killed before its answer",
        _killed("BatchFunction", "s3:PutObject", "/results/", is_done=False),
        kinds=(),
        jobs=True,
    ),
    Case(
        "verify: killed while it stores",
        _killed("VerifyFunction", "s3:PutObject", "/images/", is_done=True),
        kinds=("approved",),
        excused=frozenset({502}),
        uncounted=2,
    ),
    Case(
        "verify: killed once it has saved",
        _killed("VerifyFunction", "dynamodb:UpdateItem", "IdempotencyTable", is_done=False, says=ENDED),
        kinds=("approved",),
        excused=frozenset({502}),
        uncounted=2,
    ),
    Case("deploy: items of 0.1.0, today's code", _nothing, kinds=(), stored_by_0_1_0=True, is_quick=True, meets=False),
)
