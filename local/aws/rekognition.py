"""Amazon Rekognition's protocol, JSON 1.1, around the face function: every AWS SDK can ask it here.

Stands before moto, which would answer for Rekognition with faces that it makes up.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from cari_aws.engine_requests import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from wsgiref.types import WSGIApplication

    from local.lambda_runtime.runtime_api import Outcome

    Fitting = Callable[[dict[str, Any]], AbstractContextManager[bytes]]

SERVICE = "RekognitionService"
PICTURES = {"CompareFaces": {"SourceImage", "TargetImage"}, "DetectFaces": {"Image"}}  # that each operation needs


class UnknownOperation(Refusal):
    """One of Rekognition's operations that the face function does not have, or nobody's."""

    code = "UnknownOperationException"


class Unreadable(Refusal):
    """The body is not a JSON object."""

    code = "SerializationException"


def before(others: WSGIApplication, fitting: Fitting, invoke: Callable[[bytes], Outcome]) -> WSGIApplication:
    """Answer Rekognition's requests, and leave all others to `others`.

    `fitting` makes an event that is small enough to invoke the face function with, and `invoke` does that.
    """

    def application(environ: Any, start_response: Any) -> Any:
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if service != SERVICE:
            return others(environ, start_response)
        status, answer = _answer(operation, Request(environ).get_data(), fitting, invoke)
        request_id = {"x-amzn-RequestId": str(uuid.uuid4())}
        response = Response(json.dumps(answer), status, request_id, content_type="application/x-amz-json-1.1")
        return response(environ, start_response)

    return application


def _answer(
    operation: str, body: bytes, fitting: Fitting, invoke: Callable[[bytes], Outcome]
) -> tuple[int, dict[str, Any]]:
    try:
        with fitting(_request(operation, body)) as event:
            outcome = invoke(event)
    except Refusal as refusal:
        return _error(400, refusal.code, str(refusal))
    answer = json.loads(outcome.payload)
    if outcome.failed:
        return _error(500, "InternalServerError", f"The face function failed: {answer.get('errorType')}.")
    if "__type" in answer:
        return _error(400, answer["__type"], answer["Message"])
    return 200, answer


def _request(operation: str, body: bytes) -> dict[str, Any]:
    if operation not in PICTURES:
        raise UnknownOperation(f"{operation!r} is none of {', '.join(PICTURES)}.")
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        request = None
    if not isinstance(request, dict):
        raise Unreadable("The body is not a JSON object.")
    if missing := PICTURES[operation] - request.keys():  # the face function tells operations apart by their pictures
        raise Refusal(f"{operation} needs {' and '.join(sorted(missing))}.")
    return request


def _error(status: int, code: str, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"__type": code, "message": message}
