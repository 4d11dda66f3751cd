"""Tries a release before it gets traffic: its new versions verify specimens, read them back and erase them.

CodeDeploy asks. The versions are called as API Gateway calls them, for a tenant that nobody else is, with pictures that
the sandbox gives out. A release that answers otherwise than the sandbox says is refused, and the one before goes on.
"""

from __future__ import annotations

import base64
import json
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.config import Config
from urllib3.filepost import encode_multipart_formdata

from cari_aws import correlation
from cari_aws.clients import RETRYING
from cari_aws.observability import logger
from cari_core.settings import PreTrafficSettings, settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_lambda import LambdaClient

TENANT = "0" * 24  # of no key: theirs are made by chance
CASES = ("approved", "face_mismatch")  # of the sandbox: one that is approved, and one that must not be
SPECIMENS = "/sandbox/specimens"
VERIFICATIONS = "/identity/verify"
READ_TIMEOUT_S = 30  # longer than the verify function may run
PAUSE_S = 2.0
ERASING_S = 30.0  # kept back to erase what a release is too slow with
ASKING = Config(connect_timeout=3, read_timeout=READ_TIMEOUT_S, retries={"total_max_attempts": 1})
OK, ACCEPTED = 200, 202


class ReleaseRefused(Exception):
    """The release does otherwise than it should; the message says what, and nothing of a person."""


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """Try the release, and tell CodeDeploy what came of it: it waits an hour for that."""
    correlation.begin(event["DeploymentId"])
    status = _tried(context)
    _codedeploy().put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status=status,
    )
    return {"status": status}


def _tried(context: LambdaContext) -> Literal["Succeeded", "Failed"]:
    try:
        listed = _answer(settings(PreTrafficSettings).sandbox_function, "GET", SPECIMENS)["specimens"]
        specimens = {specimen["code"]: specimen for specimen in listed}
        for case in CASES:
            _try(specimens[case], context)
    except Exception as error:  # noqa: BLE001  # whatever it is, such a release gets no traffic
        why = str(error) if isinstance(error, ReleaseRefused) else type(error).__name__
        logger.error("release refused", extra={"why": why})
        return "Failed"
    logger.info("release passes")
    return "Succeeded"


def _try(specimen: dict[str, Any], context: LambdaContext) -> None:
    """Verify a specimen, read it back, and erase it in any case. Raises ReleaseRefused."""
    pictures = {side: _picture(place) for side, place in specimen["files"].items()}
    form = {"type": specimen["type"], "retention_days": "0", **specimen["form"]}
    files = {side: (f"{side}.jpg", picture, "image/jpeg") for side, picture in pictures.items()}
    body, content_type = encode_multipart_formdata({**form, **files})
    to = settings(PreTrafficSettings)
    made = _answer(to.verify_version, "POST", VERIFICATIONS, body, content_type)
    place = f"{VERIFICATIONS}/{made['id']}"
    try:
        ended = _answer(to.records_version, "GET", place)
        while ended["status"] == "processing" and context.get_remaining_time_in_millis() / 1000 > ERASING_S:
            time.sleep(PAUSE_S)  # a release's first call meets cold starts: the worker goes on with what is slow
            ended = _answer(to.records_version, "GET", place)
    finally:
        _answer(to.records_version, "DELETE", place)
    said = {"status": ended["status"], "reasons": [reason["code"] for reason in ended["reasons"]]}
    if said != specimen["expected"]:
        raise ReleaseRefused(f"{specimen['code']} came out as {said}, not as {specimen['expected']}")


def _picture(place: str) -> bytes:
    name = place.rpartition("/")[2]
    answer = _asked(settings(PreTrafficSettings).sandbox_function, "GET", f"{SPECIMENS}/{name}")
    return base64.b64decode(answer["body"])


def _answer(function: str, method: str, path: str, body: bytes = b"", content_type: str = "") -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(_asked(function, method, path, body, content_type)["body"])
    return parsed


def _asked(function: str, method: str, path: str, body: bytes = b"", content_type: str = "") -> dict[str, Any]:
    """Call a function as API Gateway does. Raises ReleaseRefused where it crashes or answers with an error."""
    headers = {"Accept": "image/jpeg, application/json", **({"Content-Type": content_type} if content_type else {})}
    request = {
        "httpMethod": method,
        "path": path,
        "resource": path,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
        "requestContext": {
            "requestId": correlation.current(),
            "authorizer": {"tenant": TENANT, "mode": "dev", "scopes": "verify read delete", "quota_id": TENANT},
        },
    }
    called = _lambda().invoke(FunctionName=function, Payload=json.dumps(request).encode())
    answer: dict[str, Any] = json.loads(called["Payload"].read())
    if called.get("FunctionError"):
        raise ReleaseRefused(f"{method} {path} crashed: {answer.get('errorType')}")
    if answer["statusCode"] not in (OK, ACCEPTED):
        raise ReleaseRefused(f"{method} {path} was answered {answer['statusCode']}")
    return answer


@cache
def _lambda() -> LambdaClient:
    return boto3.client("lambda", config=ASKING)


@cache
def _codedeploy() -> Any:
    return boto3.client("codedeploy", config=RETRYING)
