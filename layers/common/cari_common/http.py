"""The one place where errors become answers, and API Gateway's events become something a route can read."""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
import warnings
from concurrent.futures import ThreadPoolExecutor, wait
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from cari_common import caller, cors, links, quota, scopes
from cari_common.errors import (
    BadRequest,
    BodyTooLarge,
    CariError,
    MethodNotAllowed,
    NotFound,
    Unauthorized,
    UnsupportedMediaType,
    ValidationFailed,
)
from cari_common.observability import log_unexpected
from cari_common.problems import FieldError, Problem, problem
from cari_common.stopwatch import Stopwatch, server_timing

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from pydantic import BaseModel

PROBLEM = "application/problem+json"
JSON = "application/json"
MULTIPART = "multipart/form-data"
MAX_BODY_BYTES = 4_500_000  # what is left of Lambda's 6 MB once API Gateway has base64-encoded it
# A route reads one kind of body. These are posted to with either; JSON goes to a route of its own.
JSON_ROUTES = {"/identity/verify": "/identity/verify/uploaded"}
# These read JSON alone, of this shape.
ONLY_JSON = {
    re.compile(r"/identity/uploads"): '{"files": [{side, content_type, size_bytes, sha256}]}',
    re.compile(r"/identity/keys"): '{"name", "scopes"} and, if need be, "expires_in_days"',
    re.compile(r"/identity/keys/[^/]+/rotate"): '{"overlap_hours"}, or {}',
    re.compile(r"/identity/verify/[^/]+/evaluate"): '{"policy"}, or {}',
    re.compile(r"/identity/verify/[^/]+/review"): '{"decision", "reason"} and, if need be, "reviewer"',
    re.compile(r"/identity/policies/[^/]+"): "a policy's rules",
}
WITH_BODY = frozenset({"POST", "PUT"})
COUNTING = ThreadPoolExecutor(1, thread_name_prefix="count")  # an environment answers one request at a time
SENDING_S = 0.003  # it takes to send a count to its table; then this thread may have the interpreter
_BOUNDARY = re.compile(r"""boundary=("[^"]+"|[^;\s]+)""", re.IGNORECASE)

Event = dict[str, Any]


def create_app() -> APIGatewayRestResolver:
    """Make a validating resolver whose every error is a problem document with a request id."""
    app = APIGatewayRestResolver(enable_validation=True)

    def answer(error: CariError) -> Response[str]:
        event = app.current_event.raw_event
        body = problem(error, _request_id(event), links.prefix(event)).model_dump_json(exclude_none=True)
        return Response(error.status, PROBLEM, body, headers=dict(error.headers))

    def unexpected(error: Exception) -> Response[str]:
        log_unexpected(error, request_id=_request_id(app.current_event.raw_event))
        return answer(CariError("It is not your fault. Try again, and quote request_id if it goes on."))

    app.exception_handler(CariError)(answer)
    app.exception_handler(NotFoundError)(
        lambda _: answer(NotFound("No such route. See /openapi.json for those that exist."))
    )
    app.exception_handler(RequestValidationError)(
        lambda error: answer(_validation_failed(error, is_json=_is_json(app.current_event.raw_event)))
    )
    app.exception_handler(UnicodeDecodeError)(lambda _: answer(BadRequest("A part's header or text is not UTF-8.")))
    app.exception_handler(Exception)(unexpected)
    app.use([_once_counted])
    warnings.filterwarnings("ignore", "Received multipart/form-data without base64")  # see `readable`
    return app


def resolve(app: APIGatewayRestResolver, event: Event, context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway event: read it, route it, and say on every answer what callers and browsers need.

    HEAD is GET without its body; a browser's OPTIONS is answered here. The stopwatch is in the app's context.
    """
    stopwatch, request_id, allowance = Stopwatch(), _request_id(event), dict[str, str]()
    answer = _answered(app, event, context, stopwatch, allowance)
    if event["httpMethod"] == "HEAD":
        answer = {**answer, "body": "", "isBase64Encoded": False}
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
    app: APIGatewayRestResolver,
    event: Event,
    context: LambdaContext,
    stopwatch: Stopwatch,
    allowance: dict[str, str],
) -> dict[str, Any]:
    """Answer, and write into `allowance` the headers that say what is left of the caller's."""
    app.append_context(stopwatch=stopwatch, counted=lambda: None)  # type: ignore[no-untyped-call]  # Powertools' own
    try:
        methods = _methods(app, event["path"].rstrip("/"))
        if methods and event["httpMethod"] == "OPTIONS":
            return _raw(204, "", cors.preflight(methods))
        if methods and event["httpMethod"] not in methods:
            raise MethodNotAllowed(event["httpMethod"], methods)
        if methods and (scope := scopes.needed(event["httpMethod"], event["path"])):
            return _counted(app, event, context, scope, allowance)
        return app.resolve(readable(event), context)
    except CariError as error:
        body = problem(error, _request_id(event), links.prefix(event)).model_dump_json(exclude_none=True)
        return _raw(error.status, body, {"Content-Type": PROBLEM, **error.headers})


def _counted(
    app: APIGatewayRestResolver, event: Event, context: LambdaContext, scope: scopes.Scope, allowance: dict[str, str]
) -> dict[str, Any]:
    """Read a caller's request while it is counted; no route's own code begins before it is.

    Raises RateLimited, InsufficientScope, and Unauthorized for a call that only a fault of the gateway lets through.
    """
    calling = caller.of(event)
    if calling is None:
        raise Unauthorized("This needs an API key.", field="Authorization")
    counting = COUNTING.submit(quota.count_request, calling, time.time())
    wait([counting], timeout=SENDING_S)
    app.append_context(counted=counting.result)  # type: ignore[no-untyped-call]  # Powertools' own
    try:
        scopes.require(scope, calling.scopes)
        return app.resolve(readable(event), context)
    finally:
        if balance := counting.result():
            allowance.update(balance.headers)


def _once_counted(app: APIGatewayRestResolver, next_middleware: NextMiddleware) -> Response[Any]:
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


def _methods(app: APIGatewayRestResolver, path: str) -> list[str]:
    """Name every method that a path has, those that each path has included; none for a path that is no route."""
    routes = app._static_routes + app._dynamic_routes  # noqa: SLF001  # Powertools tells nobody; a test would notice a change
    own = {route.method for route in routes if route.rule.match(path)}
    return sorted(own | ({"HEAD"} if "GET" in own else set()) | {"OPTIONS"}) if own else []


def readable(event: Event) -> Event:
    """Bring an event to the form that routes expect: no trailing slash, JSON as text, multipart a byte a character.

    Raises BadRequest, BodyTooLarge or UnsupportedMediaType for what no parser can read.
    """
    method = "GET" if event["httpMethod"] == "HEAD" else event["httpMethod"]
    event = {**event, "path": event["path"].rstrip("/") or "/", "httpMethod": method}
    if method not in WITH_BODY:
        return event
    content_type = _header(event, "content-type")
    if not _is_json(event) and (_json_shape(event["path"]) or not _is_multipart(content_type)):
        raise _unsupported(event["path"])
    body = _body(event)
    if len(body) > MAX_BODY_BYTES:
        raise BodyTooLarge(
            f"All parts together may be {MAX_BODY_BYTES / 1e6:.1f} MB; these are {len(body) / 1e6:.1f} MB. "
            "Send larger pictures by way of POST /identity/uploads, up to 15 MB each, or smaller ones.",
            max_bytes=MAX_BODY_BYTES,
            uploads="/identity/uploads",
        )
    if _is_json(event):
        return {
            **event,
            "headers": _with_content_type(event, JSON),
            "path": JSON_ROUTES.get(event["path"], event["path"]),
            "body": _json_text(body),
            "isBase64Encoded": False,
        }
    _check_boundary(content_type, body)
    return {
        **event,
        "headers": _with_content_type(event, MULTIPART + content_type[len(MULTIPART) :]),
        "body": body.decode("latin-1"),  # the resolver's other form: megabytes are not decoded from base64 twice
        "isBase64Encoded": False,
    }


def _unsupported(path: str) -> UnsupportedMediaType:
    if shape := _json_shape(path):
        return UnsupportedMediaType(f"Send application/json: {shape}.")
    return UnsupportedMediaType(
        "Send multipart/form-data with the parts 'type', 'selfie', 'front' and, if need be, 'back'; or send "
        "application/json that names uploads made by way of POST /identity/uploads.",
        uploads="/identity/uploads",
    )


def _json_shape(path: str) -> str | None:
    return next((shape for route, shape in ONLY_JSON.items() if route.fullmatch(path)), None)


def _is_json(event: Event) -> bool:
    return _header(event, "content-type").partition(";")[0].strip().lower() == JSON


def _is_multipart(content_type: str) -> bool:
    return content_type.lower().startswith(MULTIPART)


def _with_content_type(event: Event, content_type: str) -> dict[str, str]:
    """Write the media type in lower case, in which alone the resolver knows it; others may write it as they like."""
    headers = {name: value for name, value in event["headers"].items() if name.lower() != "content-type"}
    return {**headers, "Content-Type": content_type}


def _json_text(body: bytes) -> str:
    """Check that a body is a JSON object, so that no later parser meets anything else."""
    try:
        text = body.decode()
        is_object = isinstance(json.loads(text), dict)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON. Let your HTTP library write it.") from error
    if not is_object:
        raise BadRequest("The body is JSON, but not an object.")
    return text


def _header(event: Event, name: str) -> str:
    headers = event.get("headers") or {}
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")


def _body(event: Event) -> bytes:
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(text).encode()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest("The body is not the base64 that it is said to be.") from error


def _check_boundary(content_type: str, body: bytes) -> None:
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise BadRequest(
            "The Content-Type names no boundary. Let your HTTP library write that header.",
            field="Content-Type",
        )
    delimiter = b"--" + boundary[1].strip('"').encode()
    if not body.lstrip().startswith(delimiter):
        raise BadRequest(
            "The body does not begin with the boundary that the Content-Type names. Let your HTTP library write both.",
            field="Content-Type",
        )
    if delimiter + b"--" not in body[-len(delimiter) - 64 :]:
        raise BadRequest("The body ends before its closing boundary: the upload was cut off. Send it again.")


def _validation_failed(error: RequestValidationError, *, is_json: bool) -> ValidationFailed:
    errors = [
        FieldError(field=_place(found), detail=_sentence(_place(found), found, is_json=is_json))
        for found in error.errors()
    ]
    return ValidationFailed(
        errors[0].detail
        if len(errors) == 1
        else f"{len(errors)} parts of the request are missing or wrong; see 'errors'.",
        field=errors[0].field,
        errors=[found.model_dump() for found in errors],
    )


def _place(found: dict[str, Any]) -> str:
    """Name a field as people do: `selfie`, `files[0].size_bytes`, `Idempotency-Key`."""
    where, *within = found["loc"]
    if where == "header":
        return str(within[0]).title()  # the resolver writes headers in lower case
    first, *rest = within or [where]
    return str(first) + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)


def _sentence(name: str, found: dict[str, Any], *, is_json: bool) -> str:
    if found["type"] == "missing" and is_json:
        return f"'{name}' is missing."
    if found["type"] == "extra_forbidden":
        return f"There is no field '{name}'."
    if found["type"] == "missing":
        return f"The part '{name}' is missing. Send it as a file of the multipart form."
    if found["type"] == "literal_error":
        return f"'{name}' must be one of {found['ctx']['expected']}."
    if "UploadFile" in found.get("msg", ""):
        return f"Send exactly one file as '{name}', with a filename in its Content-Disposition."
    return f"'{name}' has a value it may not have."


def _request_id(event: Event) -> str:
    return str((event.get("requestContext") or {}).get("requestId") or "unknown")


def answer(model: type[BaseModel], description: str, *, status: int = 200) -> dict[int, Any]:
    """Describe a good answer for OpenAPI."""
    return {status: {"description": description, "content": {"application/json": {"model": model}}}}


def problem_responses(*statuses: int) -> dict[int, Any]:
    """Describe error answers for OpenAPI."""
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {PROBLEM: {"model": Problem}}}
        for status in statuses
    }
