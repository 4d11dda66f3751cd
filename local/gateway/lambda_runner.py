"""What SAM's front takes for its Lambda runner: API Gateway's patience, and the authorizer's cache."""

from __future__ import annotations

import json
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from samcli.lib.utils.stream_writer import StreamWriter

    from local.lambda_runtime.runtime_api import Outcome

INTEGRATION_TIMEOUT_S = 29.0  # of a REST API; API Gateway's documented default
REFUSALS = {  # an invocation's error → the gateway response that a caller gets; others: INTEGRATION_FAILURE
    "RequestTooLarge": "REQUEST_TOO_LARGE",
}


@dataclass
class _Call:
    """One request on its way through, kept by the thread that serves it."""

    request_id: str
    refusal: str | None = None
    is_answered: bool = False


class LambdaRunner:
    """Runs functions for SAM's front. `begin` comes first, `refusal` and `is_answered` tell afterwards."""

    def __init__(
        self,
        invoke: Callable[[str, bytes], Outcome],
        authorizer: dict[str, Any],
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._invoke, self._now_s = invoke, now_s
        self.authorizer: str = authorizer["FunctionArn"]["Ref"].removesuffix(".Alias")
        self._ttl_s: int = authorizer["Identity"]["ReauthorizeEvery"]
        self._policies: dict[str, tuple[float, str]] = {}  # token → (when asked, what the authorizer said)
        self._local = threading.local()

    def begin(self, request_id: str) -> None:
        """Start a request on this thread."""
        self._local.call = _Call(request_id)

    @property
    def refusal(self) -> str | None:
        """The gateway response that this request must get, where an invocation decided so."""
        return self._call.refusal

    @property
    def is_answered(self) -> bool:
        """Whether a route's function has answered as a proxy integration must."""
        return self._call.is_answered

    def is_debugging(self) -> bool:
        """Never: SAM asks."""
        return False

    def invoke(self, function_identifier: str, event: str, *, stdout: StreamWriter, **_: Any) -> None:
        """Invoke a function for SAM's front and write its answer where that looks for it."""
        parsed = json.loads(event)
        said = (
            self._authorize(parsed)
            if function_identifier == self.authorizer
            else self._ask(function_identifier, parsed)
        )
        stdout.write_str(said)
        stdout.flush()

    @property
    def _call(self) -> _Call:
        call: _Call = self._local.call
        return call

    def _ask(self, function: str, event: dict[str, Any]) -> str:
        event["requestContext"]["requestId"] = self._call.request_id
        outcome = _within(INTEGRATION_TIMEOUT_S, lambda: self._invoke(function, json.dumps(event).encode()))
        if outcome is None:
            self._call.refusal = "INTEGRATION_TIMEOUT"
            return "{}"
        if outcome.failed:
            self._call.refusal = REFUSALS.get(json.loads(outcome.payload).get("errorType"), "INTEGRATION_FAILURE")
        elif _is_proxy_answer(outcome.payload):
            self._call.is_answered = True
        else:
            self._call.refusal = "INTEGRATION_FAILURE"
        return outcome.payload.decode()

    def _authorize(self, event: dict[str, Any]) -> str:
        token = event["authorizationToken"]
        asked_s, said = self._policies.get(token, (0.0, ""))
        if said and self._now_s() - asked_s < self._ttl_s:
            return said
        asked_s = self._now_s()
        outcome = self._invoke(self.authorizer, json.dumps(event).encode())
        said = outcome.payload.decode()
        if outcome.failed:
            is_refusal = json.loads(said).get("errorMessage") == "Unauthorized"
            self._call.refusal = "UNAUTHORIZED" if is_refusal else "AUTHORIZER_FAILURE"
            self._policies.pop(token, None)
        else:
            self._policies[token] = (asked_s, said)
        return said


def _within(timeout_s: float, invoke: Callable[[], Outcome]) -> Outcome | None:
    """Wait no longer than API Gateway would. The function runs on, as it does in AWS."""
    outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    threading.Thread(target=lambda: outcomes.put(invoke()), daemon=True).start()
    try:
        return outcomes.get(timeout=timeout_s)
    except queue.Empty:
        return None


def _is_proxy_answer(payload: bytes) -> bool:
    answer = json.loads(payload)
    return isinstance(answer, dict) and "statusCode" in answer
