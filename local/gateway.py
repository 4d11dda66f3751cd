"""API Gateway on a laptop: SAM's own front, and around it what that front lacks.

Those are the 10 MB limit, bodies decoded as text unless their media type is binary, the authorizer's cache and its
401, and the template's gateway responses. Source: the API Gateway developer guide (REST APIs).
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import threading
import time
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samcli.lib.utils.stream_writer import StreamWriter
from samcli.local.apigw.local_apigw_service import LocalApigwService
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_input_stream

from local import template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local.cloud import Cloud

MAX_REQUEST_BYTES = 10 * 1024 * 1024
SAID_BY_SAM = {  # what SAM's front answers by itself → the gateway response it stands for
    "Missing Authentication Token": "MISSING_AUTHENTICATION_TOKEN",
    "Unauthorized": "UNAUTHORIZED",
    "User is not authorized to access this resource": "ACCESS_DENIED",
    "Internal server error": "INTEGRATION_FAILURE",
}
SAID_BY_LAMBDA = {  # an invocation's error → likewise
    "RequestTooLarge": "REQUEST_TOO_LARGE",
    "Sandbox.Timedout": "INTEGRATION_FAILURE",  # 28 s is before API Gateway's own 29 s
}

Environ = dict[str, Any]


def serve(cloud: Cloud, port: int) -> BaseWSGIServer:
    """Bind the API to 127.0.0.1; the caller runs `serve_forever`. Raises OSError where the port is taken."""
    stacks, _ = SamLocalStackProvider.get_stacks(str(template.TEMPLATE))
    api = template.read()["Resources"]["Api"]["Properties"]
    runner = _Runner(cloud, api)
    with contextlib.redirect_stderr(io.StringIO()):  # a warning that local authorizers are no AWS
        routes = ApiProvider(stacks, cwd=str(template.ROOT)).api
    front = LocalApigwService(
        routes,
        lambda_runner=runner,
        host="127.0.0.1",
        port=port,
        stderr=StreamWriter(io.BytesIO()),
    )
    front.create()
    logging.getLogger("samcli").setLevel(logging.CRITICAL)  # it reports every refused key as a failure
    gateway = Gateway(front._app, api, runner)
    return make_server("127.0.0.1", port, gateway, threaded=True, request_handler=_QuietHandler)


class Gateway:
    """A WSGI application around SAM's."""

    def __init__(self, front: Callable[..., Iterable[bytes]], api: dict[str, Any], runner: _Runner) -> None:
        self._front, self._runner = front, runner
        self._responses: dict[str, dict[str, Any]] = api["GatewayResponses"]
        self._binary = {media_type.replace("~1", "/") for media_type in api["BinaryMediaTypes"]}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request_id = str(uuid.uuid4())
        self._runner.begin(request_id)
        body = _read(environ)
        if len(body) > MAX_REQUEST_BYTES:
            answer = self.gateway_response("REQUEST_TOO_LARGE", request_id, "Request Too Long")
        else:
            _replace_body(environ, body if self._is_binary(environ) else body.decode(errors="replace").encode())
            answer = self._translated(Response.from_app(self._front, environ), request_id)
        answer.headers["x-amzn-RequestId"] = request_id
        return answer(environ, start_response)

    def gateway_response(self, kind: str, request_id: str, message: str, status: int = 500) -> Response:
        """Render a gateway response of the template, or its default."""
        declared = self._responses.get(kind)
        if declared is None:
            declared = self._responses["DEFAULT_4XX" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "DEFAULT_5XX"]
        body = declared["ResponseTemplates"]["application/json"]
        body = body.replace("$context.error.messageString", json.dumps(message)).replace(
            "$context.requestId", request_id
        )
        headers = {name: value.strip("'") for name, value in declared["ResponseParameters"]["Headers"].items()}
        return Response(body, declared.get("StatusCode", status), headers)

    def _is_binary(self, environ: Environ) -> bool:
        return environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() in self._binary

    def _translated(self, answer: Response, request_id: str) -> Response:
        """Put the template's gateway response where SAM's front, not a function, is speaking."""
        if self._runner.refusal:
            return self.gateway_response(self._runner.refusal, request_id, "")
        if self._runner.answered:
            return answer
        message = _message(answer)
        return self.gateway_response(SAID_BY_SAM.get(message, "?"), request_id, message, answer.status_code)


class _Runner:
    """What SAM's front takes for its Lambda runner, with the authorizer's cache before the authorizer."""

    def __init__(self, cloud: Cloud, api: dict[str, Any]) -> None:
        self._cloud = cloud
        authorizer = next(iter(api["Auth"]["Authorizers"].values()))
        self._authorizer = authorizer["FunctionArn"]["Fn::GetAtt"][0]
        self._ttl_s = authorizer["Identity"]["ReauthorizeEvery"]
        self._policies: dict[str, tuple[float, str]] = {}  # token → (when, what the authorizer said)
        self._request = threading.local()

    def begin(self, request_id: str) -> None:
        """Forget the last request of this thread."""
        self._request.id, self._request.refusal, self._request.answered = request_id, None, False

    @property
    def refusal(self) -> str | None:
        """The gateway response that this request must get, where an invocation decided so."""
        refusal: str | None = self._request.refusal
        return refusal

    @property
    def answered(self) -> bool:
        """Whether a route's function has answered."""
        return bool(self._request.answered)

    def is_debugging(self) -> bool:
        """Never: SAM asks."""
        return False

    def invoke(self, function_identifier: str, event: str, *, stdout: StreamWriter, **_: Any) -> None:
        """Invoke a function for SAM's front and write its answer where that looks for it."""
        parsed = json.loads(event)
        if function_identifier == self._authorizer:
            stdout.write_str(self._authorize(parsed))
        else:
            parsed["requestContext"]["requestId"] = self._request.id
            outcome = self._cloud.invoke(function_identifier, json.dumps(parsed).encode())
            self._request.answered = not outcome.failed
            if outcome.failed:
                kind = json.loads(outcome.payload).get("errorType")
                self._request.refusal = SAID_BY_LAMBDA.get(kind, "INTEGRATION_FAILURE")
            stdout.write_str(outcome.payload.decode())
        stdout.flush()

    def _authorize(self, event: dict[str, Any]) -> str:
        token = event["authorizationToken"]
        asked, said = self._policies.get(token, (0.0, ""))
        if time.monotonic() - asked < self._ttl_s and said:
            return said
        outcome = self._cloud.invoke(self._authorizer, json.dumps(event).encode())
        said = outcome.payload.decode()
        if outcome.failed:
            is_refusal = json.loads(said).get("errorMessage") == "Unauthorized"
            self._request.refusal = "UNAUTHORIZED" if is_refusal else "AUTHORIZER_FAILURE"
        else:
            self._policies[token] = (time.monotonic(), said)
        return said


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Say nothing: paths name verifications."""


def _read(environ: Environ) -> bytes:
    """Read a body to its end, keeping no more of it than tells that it is too large."""
    stream = get_input_stream(environ, safe_fallback=False)
    body = (
        stream.read(MAX_REQUEST_BYTES + 1)
        if environ.get("CONTENT_LENGTH") or environ.get("wsgi.input_terminated")
        else b""
    )
    while len(body) > MAX_REQUEST_BYTES and stream.read(1 << 20):
        pass  # a client that is still sending would not hear our answer
    return body


def _replace_body(environ: Environ, body: bytes) -> None:
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["wsgi.input_terminated"] = False


def _message(answer: Response) -> str:
    try:
        return str(json.loads(answer.get_data())["message"])
    except (ValueError, KeyError, TypeError):
        return "The request was refused"
