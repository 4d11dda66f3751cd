"""Where the service documents itself: the one place that names those paths.

Every link is a reference from the root, with the deployment's own prefix (API Gateway's stage, a domain's mapping)
in front, so that it can be followed wherever the service answers.
"""

from __future__ import annotations

from typing import Any

ERRORS = "/docs/errors"
OPENAPI = "/openapi.json"


def error_type(code: str, prefix: str = "") -> str:
    """Name an error's kind by the place where it is explained (RFC 9457, `type`)."""
    return f"{prefix}{ERRORS}#{code}"


def base(event: dict[str, Any]) -> str:
    """Name the deployment by the URL that its paths follow, as the gateway knows it and no caller says it."""
    return f"https://{(event.get('requestContext') or {}).get('domainName') or 'localhost'}{prefix(event)}"


def prefix(event: dict[str, Any]) -> str:
    """Find what the deployment puts before our paths: `/dev` on API Gateway's own domain, nothing on a laptop."""
    whole = str((event.get("requestContext") or {}).get("path") or "").rstrip("/")
    own = str(event["path"]).rstrip("/")
    return whole.removesuffix(own).rstrip("/") if whole.endswith(own) else ""
