"""HTTP requests as API Gateway hands them to a function."""

import base64
import json
from types import SimpleNamespace
from typing import Any

from tests.unit.intake.pictures import encoded

BOUNDARY = "frontier"
TENANT = "a" * 24
CONTEXT = SimpleNamespace(
    function_name="verify",
    memory_limit_in_mb=1024,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:verify",
    aws_request_id="52fdfc07-2182-154f-163f-5f0f9a621d72",
    get_remaining_time_in_millis=lambda: 28_000,
)


def whole_form(**changes: Any) -> dict[str, Any]:
    """Make the parts of a complete request; a change to None leaves a part out."""
    parts = {"type": "passport", "selfie": encoded(), "front": encoded(size=(300, 200)), **changes}
    return {name: value for name, value in parts.items() if value is not None}


def multipart(parts: dict[str, Any]) -> bytes:
    """Write a form as a client does: bytes are files, text is text."""
    written = b""
    for name, value in parts.items():
        is_file = isinstance(value, bytes)
        filename = f'; filename="{name}.jpg"' if is_file else ""
        written += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{filename}\r\n\r\n'.encode()
        written += (value if is_file else str(value).encode()) + b"\r\n"
    return written + f"--{BOUNDARY}--\r\n".encode()


def post(
    body: bytes, content_type: str | None = f"multipart/form-data; boundary={BOUNDARY}", **changes: Any
) -> dict[str, Any]:
    """Make the event of a POST."""
    return event(
        "POST",
        "/identity/verify",
        headers={} if content_type is None else {"Content-Type": content_type},
        body=base64.b64encode(body).decode(),
        isBase64Encoded=True,
        **changes,
    )


def post_json(path: str, body: object, *, headers: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """Make the event of a POST of JSON; a str is sent as it is."""
    text = body if isinstance(body, str) else json.dumps(body)
    return event("POST", path, headers={"Content-Type": "application/json", **(headers or {})}, body=text, **changes)


def with_headers(request: dict[str, Any], **headers: str) -> dict[str, Any]:
    """Add headers to an event, `Idempotency_Key` for Idempotency-Key."""
    return {**request, "headers": {**request["headers"], **{n.replace("_", "-"): v for n, v in headers.items()}}}


def without_a_key(request: dict[str, Any]) -> dict[str, Any]:
    """Take from an event who calls, as where no key is asked for."""
    told = {name: value for name, value in request["requestContext"].items() if name != "authorizer"}
    return {**request, "requestContext": told}


def get(path: str, **changes: Any) -> dict[str, Any]:
    """Make the event of a GET."""
    return event("GET", path, **changes)


def event(method: str, path: str, *, tenant: str = TENANT, mode: str = "dev", **changes: Any) -> dict[str, Any]:
    """Make an authorized REST API event."""
    return {
        "httpMethod": method,
        "path": path,
        "resource": path,
        "headers": {},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "body": None,
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": "the-request",
            "stage": "dev",
            "authorizer": {"tenant": tenant, "mode": mode, "scopes": "verify read delete", "quota_id": "the-quota"},
        },
        **changes,
    }
