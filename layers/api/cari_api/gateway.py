"""The one place where errors become answers, and API Gateway's events become something a route can read."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from cari_api import conditional, cors, links
from cari_api.auth import caller, quota
from cari_api.body import is_json_request, readable
from cari_api.invalid import validation_failed
from cari_api.media_types import PROBLEM
from cari_api.problems import problem
from cari_api.resolver import Api
from cari_aws import correlation
from cari_aws.clients import is_passing
from cari_aws.observability import log_unexpected, logger
from cari_core.deadline import invocation
from cari_core.errors import BadRequest, CariError, NotFound, ServiceUnavailable
from cari_core.stopwatch import Stopwatch, server_timing

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
    from aws_lambda_powertools.utilities.typing import LambdaContext

COUNTING_THREAD = ThreadPoolExecutor(1, thread_name_prefix="count")  # an environment answers one request at a time
SENDING_S = 0.003  # it takes to send a count to its table; then this thread may have the interpreter
NO_ROUTE = "No such route. See /openapi.json for those that exist."
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")

Event = dict[str, Any]


def create_app() -> Api:
    """Make a validating resolver whose every error is a problem document with a request id."""
    app = Api()

    def answer(error: CariError) -> Response[str]:
        event = app.current_event.raw_event
        body = problem(error, _request_id(event), links.prefix(event)).model_dump_json(exclude_none=True)
        return Response(error.status, PROBLEM, body, headers=dict(error.headers))

    def unexpected(error: Exception) -> Response[str]:
        if is_passing(error):
            logger.error("cloud out of reach", extra={"error_type": type(error).__name__})
            return answer(ServiceUnavailable("Something that the service stands on is overloaded. Send this again."))
        log_unexpected(error)
        return answer(CariError("It is not your fault. Try again, and quote request_id if it goes on."))

    app.exception_handler(CariError)(answer)
    app.exception_handler(NotFoundError)(lambda _: answer(NotFound(NO_ROUTE)))
    app.exception_handler(RequestValidationError)(
        lambda error: answer(validation_failed(error, is_json=is_json_request(app.current_event.raw_event)))
    )
    app.exception_handler(Exception)(unexpected)
    app.use([_once_counted])
    return app


def resolve(app: Api, event: Event, context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway event: read it, route it, and say on every answer what callers and browsers need.

    HEAD is answered as GET, whose body the gateway leaves out. The stopwatch is in the app's context.
    """
    stopwatch, request_id, allowance = Stopwatch(), _request_id(event), dict[str, str]()
    correlation.begin(request_id)
    with invocation(context):
        answer = conditional.answered(event, _answered(app, event, context, stopwatch, allowance))
    always = {
        **cors.ON_EVERY_ANSWER,
        "X-Request-Id": request_id,
        "Server-Timing": server_timing(stopwatch.read()),
        "X-Content-Type-Options": "nosniff",
    }
    usual = {"Cache-Control": "no-store", **allowance}
    headers = {**{name: [value] for name, value in usual.items()}, **answer.get("multiValueHeaders", {})}
    return {**answer, "multiValueHeaders": {**headers, **{name: [value] for name, value in always.items()}}}


def _answered(
    app: Api,
    event: Event,
    context: LambdaContext,
    stopwatch: Stopwatch,
    allowance: dict[str, str],
) -> dict[str, Any]:
    """Answer, and write into `allowance` the headers that say what is left of the caller's."""
    app.append_context(stopwatch=stopwatch, counted=lambda: None)  # type: ignore[no-untyped-call]  # Powertools' own
    try:
        event = {**event, "path": _normal_path(event["path"])}
        asked = "GET" if event["httpMethod"] == "HEAD" else event["httpMethod"]
        if not app.has_route(asked, event["path"]):
            raise NotFound(NO_ROUTE)
        calling = caller.of(event) if app.needs_key(asked, event["path"]) else None
        return _counted(app, event, context, calling, allowance) if calling else _resolved(app, event, context)
    except CariError as error:
        body = problem(error, _request_id(event), links.prefix(event)).model_dump_json(exclude_none=True)
        return _raw(error.status, body, {"Content-Type": PROBLEM, **error.headers})


def _counted(
    app: Api, event: Event, context: LambdaContext, calling: caller.Caller, allowance: dict[str, str]
) -> dict[str, Any]:
    """Read a caller's request while it is counted; no route's own code begins before it is. Raises RateLimited."""
    counting = COUNTING_THREAD.submit(quota.count_request, calling, time.time())
    wait([counting], timeout=SENDING_S)
    app.append_context(counted=counting.result)  # type: ignore[no-untyped-call]  # Powertools' own
    try:
        return _resolved(app, event, context)
    finally:
        if balance := counting.result():
            allowance.update(balance.headers)


def _resolved(app: Api, event: Event, context: LambdaContext) -> dict[str, Any]:
    request = readable(app, event)
    app.append_context(body=request.body)  # type: ignore[no-untyped-call]  # Powertools' own
    return app.resolve(request.event, context)


def _once_counted(app: Api, next_middleware: NextMiddleware) -> Response[Any]:
    """Let a request that its key may not make go no further. Raises RateLimited."""
    app.context["counted"]()
    return next_middleware(app)


def _raw(status: int, body: str, headers: dict[str, str]) -> dict[str, Any]:
    """Make the answer that API Gateway takes from a proxy integration."""
    return {
        "statusCode": status,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "body": body,
        "isBase64Encoded": False,
    }


def _normal_path(path: str) -> str:
    """Bring a path to the one form that routes are matched with. Raises BadRequest for control characters."""
    if CONTROL_CHARACTERS.search(path):
        raise BadRequest("The path has a control character, perhaps a line's end. Leave it out.", field="path")
    return path.rstrip("/") or "/"


def _request_id(event: Event) -> str:
    return str((event.get("requestContext") or {}).get("requestId") or "unknown")
