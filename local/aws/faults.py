"""Faults of AWS on purpose: what a function's call meets between it and the emulated cloud, as AWS itself words it.

Nothing is at fault unless somebody puts a Fault into the cloud's `faults`; `make faults` does.
"""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from local.iam.calls import calls
from local.iam.enforced import SIGNED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import WSGIApplication

    from local.iam.calls import Asked
    from local.iam.enforced import Caller

    Proceed = Callable[[], Response]
    Effect = Callable[[Caller, Asked, Proceed], Response]  # `Proceed` lets the call happen, and gives its answer

JSON = "application/x-amz-json-1.0"
PREFIXES = {"dynamodb": "com.amazonaws.dynamodb.v20120810#", "sqs": "com.amazonaws.sqs#"}
OUTCOME_OF_A_CRASH = {
    "Runtime.ExitError": "RequestId: 0 Error: Runtime exited with error: signal: killed",
    "Sandbox.Timedout": "RequestId: 0 Error: Task timed out after 25.00 seconds",
}


@dataclass
class Fault:
    """What befalls a share of the calls of an action, by its IAM name, on resources whose ARN has `resource` in it."""

    action: str
    effect: Effect
    resource: str = ""
    says: str = ""  # what must stand in the request, where it is JSON
    function: str = ""  # by whom, as the template calls it; empty: by anyone
    share: float = 1.0
    times: int | None = None  # how often at most
    met: int = 0  # how many calls have met it

    def befalls(self, caller: Caller, asked: Asked, chance: random.Random) -> bool:
        """Say whether a call meets this fault now."""
        if (self.function and caller.function != self.function) or self.met == self.times:
            return False
        if self.says and self.says not in json.dumps(asked.body):
            return False
        made = calls(caller.service, caller.region, asked)
        is_meant = any(call.action == self.action and self.resource in call.resource for call in made)
        return is_meant and chance.random() < self.share


@dataclass
class Faults:
    """The faults that there are now; of those that befall one call the first counts."""

    now: list[Fault] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311  # repeatable, no secret
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, caller: Caller, asked: Asked) -> Fault | None:
        """Find what a call meets, and count it."""
        with self._lock:
            found = next((fault for fault in self.now if fault.befalls(caller, asked, self.chance)), None)
            if found:
                found.met += 1
            return found


def injected(application: WSGIApplication, faults: Faults) -> WSGIApplication:
    """Let the calls of functions meet what faults there are. `enforced` says before who calls what."""

    def faulty(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        caller, asked = environ.get(SIGNED, (None, None))
        fault = faults.of(caller, asked) if caller and faults.now else None
        if fault is None:
            return application(environ, start_response)
        answer = fault.effect(caller, asked, lambda: Response.from_app(application, environ))
        return answer(environ, start_response)

    return faulty


def refusing(code: str, status: int, message: str = "") -> Effect:
    """Refuse a call, in the form of the service that is asked."""
    return lambda caller, _asked, _proceed: refusal(caller.service, code, status, message)


def slow(seconds: float) -> Effect:
    """Let a call take longer."""

    def waiting(_caller: Caller, _asked: Asked, proceed: Proceed) -> Response:
        time.sleep(seconds)
        return proceed()

    return waiting


def losing_the_answer(code: str, status: int) -> Effect:
    """Do what is asked, and say that it failed."""

    def losing(caller: Caller, _asked: Asked, proceed: Proceed) -> Response:
        proceed()
        return refusal(caller.service, code, status)

    return losing


def crashing(error_type: str) -> Effect:
    """Answer an invocation as Lambda does whose function crashed, or ran out of its time."""
    said = json.dumps({"errorType": error_type, "errorMessage": OUTCOME_OF_A_CRASH[error_type]})
    return lambda *_: Response(said, 200, {"X-Amz-Function-Error": "Unhandled"}, content_type="application/json")


def cancelling(reason: str) -> Effect:
    """Cancel a transaction for this reason, and refuse a single write with the exception of the same name."""

    def cancelled(caller: Caller, asked: Asked, _proceed: Proceed) -> Response:
        if asked.operation != "TransactWriteItems":
            return refusal(caller.service, f"{reason}Exception", 400)
        reasons = [{"Code": reason}, *({"Code": "None"} for _ in asked.body["TransactItems"][1:])]
        said = {"__type": f"{PREFIXES['dynamodb']}TransactionCanceledException", "CancellationReasons": reasons}
        return Response(json.dumps({**said, "Message": f"Transaction cancelled [{reason}]"}), 400, content_type=JSON)

    return cancelled


def refusal(service: str, code: str, status: int, message: str = "") -> Response:
    """Word an error as a service does."""
    said = message or f"{code}, on purpose"
    if service == "s3":
        xml = f"<Error><Code>{code}</Code><Message>{said}</Message></Error>"
        return Response(xml, status, content_type="application/xml")
    if service == "lambda":
        return Response(json.dumps({"message": said}), status, {"x-amzn-ErrorType": code}, content_type=JSON)
    body = {"__type": f"{PREFIXES.get(service, '')}{code}", "message": said, "Message": said}
    return Response(json.dumps(body), status, content_type=JSON)
