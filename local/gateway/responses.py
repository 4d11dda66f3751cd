"""The template's gateway responses: what API Gateway itself says to a caller."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

VARIABLE = re.compile(r"\$context(?:\.\w+)+")
STAGE = "/$context.stage"  # the first part of a deployed path; the laptop serves the stage at the root

GatewayResponses = dict[str, dict[str, Any]]


def render(declared: GatewayResponses, kind: str, request_id: str, message: str = "", status: int = 500) -> Response:
    """Render a gateway response as the template has it; `status` holds where it names none."""
    default = "DEFAULT_4XX" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "DEFAULT_5XX"
    response = declared.get(kind) or declared[default]
    variables = {
        "$context.requestId": request_id,
        "$context.error.message": message,
        "$context.error.messageString": json.dumps(message),  # quoted, as API Gateway has it
        "$context.error.responseType": kind,
    }
    template = response["ResponseTemplates"]["application/json"].replace(STAGE, "")
    body = VARIABLE.sub(lambda found: variables.get(found[0], ""), template)
    headers = {
        name: value.strip("'") if value.startswith("'") else variables.get(f"${value}", "")
        for name, value in response["ResponseParameters"]["Headers"].items()
    }
    return Response(body, response.get("StatusCode", status), headers)
