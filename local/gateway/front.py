"""API Gateway on a laptop: SAM's own front, and around it what that front lacks.

Those are the 10 MB limit, bodies decoded as text unless their media type is binary, the integration timeout, the
authorizer's cache and its 401, and the template's gateway responses. Source: the API Gateway developer guide (REST
APIs). Not here: throttling and quotas, which API Gateway itself calls best effort.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import logging
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from unittest import mock

from samcli.lib.providers.api_collector import ApiCollector
from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_api_provider import SamApiProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samcli.lib.utils.stream_writer import StreamWriter
from samcli.local.apigw.local_apigw_service import LocalApigwService
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_input_stream

from cari_api.problems import problem
from cari_core.errors import RequestRefused
from local import template
from local.gateway import responses
from local.gateway.lambda_runner import LambdaRunner
from local.http.serving import RequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local.http.request_body import Refused
    from local.lambda_runtime.runtime_api import Outcome

MAX_REQUEST_BYTES = 10 * 1024 * 1024
MAX_HEADER_BYTES = 10_240  # of the request line and all headers; a quota of REST APIs
SAID_BY_SAM = {  # what SAM's front answers by itself → the gateway response it stands for
    "Missing Authentication Token": "MISSING_AUTHENTICATION_TOKEN",
    "Unauthorized": "UNAUTHORIZED",
    "User is not authorized to access this resource": "ACCESS_DENIED",
    "Internal server error": "INTEGRATION_FAILURE",
}
SAID_TO_HEAD = {401: "UNAUTHORIZED", 403: "MISSING_AUTHENTICATION_TOKEN", 502: "INTEGRATION_FAILURE"}  # without a word

Environ = dict[str, Any]


def application(invoke: Callable[[str, bytes], Outcome]) -> Gateway:
    """Make the API of the template; `invoke` runs a function by its logical id."""
    stacks, _ = SamLocalStackProvider.get_stacks(str(template.TEMPLATE))
    api = template.read()["Resources"]["Api"]["Properties"]
    runner = LambdaRunner(invoke, next(iter(api["Auth"]["Authorizers"].values())))
    for told in stacks[0].resources["Api"]["Properties"]["Auth"]["Authorizers"].values():
        told["FunctionArn"] = f"arn:aws:lambda:here:0:function:{runner.authorizer}"  # SAM does not read an alias here
    front = LocalApigwService(_routes(stacks), lambda_runner=runner, stderr=StreamWriter(io.BytesIO()))
    front.create()
    logging.getLogger("samcli").setLevel(logging.CRITICAL)  # it reports every refused key as a failure
    return Gateway(front._app, api, runner)


def _routes(stacks: Any) -> Any:
    """Read the template's routes as API Gateway does: a method of its own goes before ANY, with its own authorizer."""
    with (
        contextlib.redirect_stderr(io.StringIO()),  # a warning that local authorizers are no AWS
        # SAM would keep one route for all methods of a path, with the last one's authorizer for all.
        mock.patch.object(SamApiProvider, "merge_routes", staticmethod(_all_routes)),
        mock.patch.object(ApiCollector, "dedupe_function_routes", list),
    ):
        api = ApiProvider(stacks, cwd=str(template.ROOT)).api
    api.routes = sorted(
        api.routes, key=lambda route: -len(route.methods)
    )  # of two for a method the front takes the last
    return api


def _all_routes(collected: ApiCollector) -> list[Any]:
    return [route for _, routes in collected for route in routes]


class GatewayHandler(RequestHandler):
    """Reads requests by API Gateway's quotas."""

    max_body_bytes = MAX_REQUEST_BYTES
    max_header_bytes = MAX_HEADER_BYTES


class Gateway:
    """A WSGI application around SAM's."""

    def __init__(self, front: Callable[..., Iterable[bytes]], api: dict[str, Any], runner: LambdaRunner) -> None:
        self._front, self._runner = front, runner
        self._responses: responses.GatewayResponses = api["GatewayResponses"]
        self._compressed_from = int(api["MinimumCompressionSize"])
        self._binary = {media_type.replace("~1", "/") for media_type in api["BinaryMediaTypes"]}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request_id = str(uuid.uuid4())
        self._runner.begin(request_id)
        body = get_input_stream(environ, safe_fallback=False).read()
        if len(body) > MAX_REQUEST_BYTES:
            answer = responses.render(self._responses, "REQUEST_TOO_LARGE", request_id)
        else:
            _replace_body(environ, body if self._is_binary(environ) else body.decode(errors="replace").encode())
            answer = self._compressed(self._translated(Response.from_app(self._front, environ), request_id), environ)
        answer.headers["x-amzn-RequestId"] = request_id
        return answer(environ, start_response)

    def refuse(self, refused: Refused) -> Response:
        """Word what is refused before anything is asked."""
        request_id = str(uuid.uuid4())
        if refused.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            answer = responses.render(self._responses, "REQUEST_TOO_LARGE", request_id)
        else:
            said = problem(RequestRefused(refused.sentence), request_id).model_copy(update={"status": refused.status})
            answer = Response(
                said.model_dump_json(exclude_none=True), refused.status, content_type="application/problem+json"
            )
        answer.headers["x-amzn-RequestId"] = request_id
        return answer

    def _compressed(self, answer: Response, environ: Environ) -> Response:
        """Compress what is long enough for whoever accepts it (API Gateway's MinimumCompressionSize)."""
        accepted = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if len(answer.get_data()) >= self._compressed_from and accepted.quality("gzip"):
            answer.set_data(gzip.compress(answer.get_data(), mtime=0))
            answer.headers["Content-Encoding"] = "gzip"
        return answer

    def _is_binary(self, environ: Environ) -> bool:
        return environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() in self._binary

    def _translated(self, answer: Response, request_id: str) -> Response:
        """Put the template's gateway response where SAM's front, not a function, is speaking."""
        if self._runner.refusal:
            return responses.render(self._responses, self._runner.refusal, request_id)
        if self._runner.is_answered or answer.status_code == HTTPStatus.OK:  # which is SAM's own answer to OPTIONS
            return answer
        message = _message(answer)
        kind = SAID_BY_SAM.get(message) or SAID_TO_HEAD.get(0 if answer.get_data() else answer.status_code, "another")
        return responses.render(self._responses, kind, request_id, message, answer.status_code)


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
