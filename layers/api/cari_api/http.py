"""The one place where errors become answers, and API Gateway's events become something a route can read."""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from cari_api import conditional, cors, forms, links
from cari_api.auth import caller, quota
from cari_api.problems import FieldError, Problem, problem
from cari_api.resolver import Api
from cari_aws.observability import log_unexpected
from cari_core.errors import (
    MAX_ERRORS,
    BadRequest,
    BodyTooLarge,
    CariError,
    MethodNotAllowed,
    NotFound,
    UnsupportedMediaType,
    ValidationFailed,
)
from cari_core.stopwatch import Stopwatch, server_timing

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from pydantic import BaseModel

    from cari_api.resolver import Body

PROBLEM = "application/problem+json"
JSON = "application/json"
MAX_BODY_BYTES = 4_500_000  # what is left of Lambda's 6 MB once API Gateway has base64-encoded it
MAX_JSON_BYTES = 262_144  # the longest that a route reads is a policy that names every country: 10 kB
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
MAX_NAME, MAX_SENTENCE = 100, 300  # characters of what a caller made up, as a problem repeats it
CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Event = dict[str, Any]


def create_app() -> Api:
    """Make a validating resolver whose every error is a problem document with a request id."""
    app = Api()

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
    app.exception_handler(Exception)(unexpected)
    app.use([_once_counted])
    return app


def resolve(app: Api, event: Event, context: LambdaContext) -> dict[str, Any]:
    """Answer one API Gateway event: read it, route it, and say on every answer what callers and browsers need.

    HEAD is answered as GET, whose body the gateway leaves out. A browser's OPTIONS is answered here. The stopwatch is
    in the app's context.
    """
    stopwatch, request_id, allowance = Stopwatch(), _request_id(event), dict[str, str]()
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
        methods = app.methods(event["path"])
        if not methods:
            raise NotFound("No such route. See /openapi.json for those that exist.")
        if event["httpMethod"] == "OPTIONS":
            return _raw(204, "", cors.preflight(methods))
        if event["httpMethod"] not in methods:
            raise MethodNotAllowed(event["httpMethod"], methods)
        asked = "GET" if event["httpMethod"] == "HEAD" else event["httpMethod"]
        calling = caller.of(event) if app.needs_key(asked, event["path"]) else None
        return _counted(app, event, context, calling, allowance) if calling else _resolved(app, event, context)
    except CariError as error:
        body = problem(error, _request_id(event), links.prefix(event)).model_dump_json(exclude_none=True)
        return _raw(error.status, body, {"Content-Type": PROBLEM, **error.headers})


def _counted(
    app: Api, event: Event, context: LambdaContext, calling: caller.Caller, allowance: dict[str, str]
) -> dict[str, Any]:
    """Read a caller's request while it is counted; no route's own code begins before it is. Raises RateLimited."""
    counting = COUNTING.submit(quota.count_request, calling, time.time())
    wait([counting], timeout=SENDING_S)
    app.append_context(counted=counting.result)  # type: ignore[no-untyped-call]  # Powertools' own
    try:
        return _resolved(app, event, context)
    finally:
        if balance := counting.result():
            allowance.update(balance.headers)


def _resolved(app: Api, event: Event, context: LambdaContext) -> dict[str, Any]:
    request = readable(event)
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
    if CONTROL.search(path):
        raise BadRequest("The path has a control character, perhaps a line's end. Leave it out.", field="path")
    return path.rstrip("/") or "/"


@dataclass(frozen=True)
class ReadRequest:
    """An event without its body, and what was read of that: a JSON object, the parts of a form, or nothing."""

    event: Event
    body: Body


def readable(event: Event) -> ReadRequest:
    """Read a request's body, and bring the event to the form that routes expect.

    Raises BadRequest, BodyTooLarge, UnsupportedMediaType or ValidationFailed for what cannot be read.
    """
    method = "GET" if event["httpMethod"] == "HEAD" else event["httpMethod"]
    event = {**event, "httpMethod": method}
    if method not in WITH_BODY:
        return ReadRequest({**event, "body": None, "isBase64Encoded": False}, {})
    content_type = _header(event, "content-type")
    is_json, path = _is_json(event), event["path"]
    if not is_json and (_json_shape(path) or not _is_multipart(content_type)):
        raise _unsupported(path)
    raw = _body(event)
    event = {**event, "body": None, "isBase64Encoded": False}
    if is_json:
        _check_size(raw, MAX_JSON_BYTES)
        return ReadRequest({**event, "path": JSON_ROUTES.get(path, path)}, _json_object(raw))
    _check_size(raw, MAX_BODY_BYTES)
    return ReadRequest(event, forms.parse(content_type, raw))


def _check_size(body: bytes, max_bytes: int) -> None:
    if len(body) <= max_bytes:
        return
    if max_bytes == MAX_JSON_BYTES:
        raise BodyTooLarge(f"A JSON body may be {max_bytes} bytes; this one is {len(body)}.", max_bytes=max_bytes)
    raise BodyTooLarge(
        f"All parts together may be {max_bytes / 1e6:.1f} MB; these are {len(body) / 1e6:.1f} MB. "
        "Send larger pictures by way of POST /identity/uploads, up to 15 MB each, or smaller ones.",
        max_bytes=max_bytes,
        uploads="/identity/uploads",
    )


def _unsupported(path: str) -> UnsupportedMediaType:
    if shape := _json_shape(path):
        return UnsupportedMediaType(f"Send application/json: {shape}.", accept=JSON)
    return UnsupportedMediaType(
        "Send multipart/form-data with the parts 'type', 'selfie', 'front' and, if need be, 'back'; or send "
        "application/json that names uploads made by way of POST /identity/uploads.",
        accept=f"{forms.MULTIPART}, {JSON}",
        uploads="/identity/uploads",
    )


def _json_shape(path: str) -> str | None:
    return next((shape for route, shape in ONLY_JSON.items() if route.fullmatch(path)), None)


def _is_json(event: Event) -> bool:
    return _header(event, "content-type").partition(";")[0].strip().lower() == JSON


def _is_multipart(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == forms.MULTIPART


def _json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object (RFC 8259, I-JSON): no name twice, no NaN, no half of a surrogate pair."""
    try:
        read = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_no_number)
        json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON. Let your HTTP library write it.") from error
    if not isinstance(read, dict):
        raise BadRequest("The body is JSON, but not an object.")
    return read


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        seen = set[str]()
        repeated = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        name = repeated[:MAX_NAME].encode(errors="replace").decode()  # half of a surrogate pair is no text to answer
        raise ValidationFailed(f"'{name}' is there twice. Say it once.", field=name)
    return read


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


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


def _validation_failed(error: RequestValidationError, *, is_json: bool) -> ValidationFailed:
    found = error.errors()
    errors = [
        FieldError(field=_place(each), detail=_sentence(_place(each), each, is_json=is_json))
        for each in found[:MAX_ERRORS]
    ]
    return ValidationFailed(
        errors[0].detail
        if len(found) == 1
        else f"{len(found)} parts of the request are missing or wrong; see 'errors'.",
        field=errors[0].field,
        errors=[each.model_dump() for each in errors],
    )


def _place(found: dict[str, Any]) -> str:
    """Name a field as people do: `selfie`, `files[0].size_bytes`, `Idempotency-Key`."""
    where, *within = found["loc"]
    if where == "header":
        return str(within[0]).title()  # the resolver writes headers in lower case
    first, *rest = within or [where]
    name = str(first) + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)
    return name[:MAX_NAME]


def _sentence(name: str, found: dict[str, Any], *, is_json: bool) -> str:
    """Say what is wrong with a field, never what it held."""
    if found["type"] == "missing":
        return (
            f"'{name}' is missing."
            if is_json
            else f"The part '{name}' is missing. Send it as a file of the multipart form."
        )
    if found["type"] == "extra_forbidden":
        return f"There is no field '{name}'."
    if found["type"] == "literal_error":
        return f"'{name}' must be one of {found['ctx']['expected']}."
    said = str(found["msg"]).removeprefix("Value error, ")[:MAX_SENTENCE]
    return (
        f"'{name}' {said.removeprefix('Input ')}."
        if said.startswith(("Input ", "must ", "is "))
        else f"'{name}': {said}."
    )


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
