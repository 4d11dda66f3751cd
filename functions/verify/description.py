"""OpenAPI 3.1, true to the service: what Powertools reads from the routes, and what it cannot know.

`python -m functions.verify.description` prints it; `make docs` keeps docs/openapi.json so.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn, License, Server

from cari_common import http, ids, sandbox_routes
from cari_common.http import JSON, JSON_ROUTES
from functions.verify import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_lambda_powertools.event_handler import APIGatewayRestResolver

VERSION = "0.1.0"
INTRODUCTION = """Identity verification: reads the document, compares the faces, answers at once.

Post a selfie and the photo of a passport or ID card. Every answer names its request in `X-Request-Id`. Errors are
problem documents (RFC 9457) with a stable `code`, explained at `/docs/errors`. Every GET may be asked as HEAD, and
pages of any origin may call."""
PUBLIC = "about"  # the tag of what needs no key
PICTURES = "image/jpeg, image/png, image/webp, image/heic"
NO_LONGER = ("HTTPValidationError", "ValidationError")  # Powertools' own errors: ours are problems
HEADERS = {
    "X-Request-Id": "Names the request: quote it when you ask for help",
    "Server-Timing": "Milliseconds of each stage, and in total",
}
ACCEPTED = "202"
ACCEPTED_HEADERS = {
    "Location": "Where the verification is read back",
    "Preference-Applied": "`respond-async`, where that was asked for",
}
REPLAYED = {"Idempotent-Replayed": "`true` where the Idempotency-Key was used before and this is that answer"}

HOW_TO_VERIFY = """Verify that a document reads true and that the selfie shows its holder. The answer comes at once;
a failed check is an answer too, with its reason.

```sh
curl BASE/identity/verify -H "Authorization: $KEY" \\
  -F type=passport -F selfie=@selfie.jpg -F front=@passport.jpg
```"""
READ_BACK = {
    "read back": {
        "operationId": "get_verification",
        "parameters": {"id": "$response.body#/id"},
        "description": "The `id` of the answer reads it back",
    }
}

OpenApi = dict[str, Any]


@cache
def written(app: APIGatewayRestResolver, prefix: str) -> str:
    """Write the description; `prefix` is what the deployment puts before our paths."""
    return json.dumps(describe(app, prefix), indent=2, ensure_ascii=False) + "\n"


def describe(app: APIGatewayRestResolver, prefix: str = "") -> OpenApi:
    """Describe every route of an app, and those that other functions answer."""
    described = _merged(_schema(app, prefix), _schema(_elsewhere(), prefix))
    described["paths"] = {path: dict(sorted(item.items())) for path, item in sorted(described["paths"].items())}
    for name in NO_LONGER:
        described["components"]["schemas"].pop(name, None)
    _fold_json_routes(described)
    for path, operation in _operations(described):
        _complete(path, operation)
    _finish_form(described)
    return described


def _elsewhere() -> APIGatewayRestResolver:
    """Gather the routes of other functions: to be described here, never to be asked."""
    app = http.create_app()
    sandbox_routes.serve(app, Path())
    return app


def _schema(app: APIGatewayRestResolver, prefix: str) -> OpenApi:
    schema: OpenApi = json.loads(
        app.get_openapi_json_schema(
            title="Cari",
            version=VERSION,
            description=INTRODUCTION,
            license_info=License(name="Apache-2.0", identifier="Apache-2.0"),
            servers=[Server(url=prefix or "/")],
            security_schemes={
                "ApiKey": APIKey.model_validate(
                    {
                        "name": "Authorization",
                        "in": APIKeyIn.header,
                        "description": "`dev_<uuid4>` or `live_<uuid4>`, bare: no scheme before it",
                    }
                )
            },
            security=[{"ApiKey": []}],
        )
    )
    return schema


def _merged(described: OpenApi, further: OpenApi) -> OpenApi:
    """Put the paths and schemas of a second description beside a first one's."""
    schemas = further["components"]["schemas"] | described["components"]["schemas"]
    return {
        **described,
        "paths": described["paths"] | further["paths"],
        "components": described["components"] | {"schemas": dict(sorted(schemas.items()))},
    }


def _fold_json_routes(described: OpenApi) -> None:
    """Show callers one path that takes both kinds of body, though two routes read them."""
    for path, route in JSON_ROUTES.items():
        body = described["paths"].pop(route)["post"]["requestBody"]["content"][JSON]
        described["paths"][path]["post"]["requestBody"]["content"][JSON] = body


def _operations(described: OpenApi) -> Iterator[tuple[str, OpenApi]]:
    for path, item in described["paths"].items():
        for operation in item.values():
            yield path, operation


def _complete(path: str, operation: OpenApi) -> None:
    if PUBLIC in operation.get("tags", []):
        operation["security"] = []
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "id":
            parameter["schema"] |= {"pattern": ids.PATTERN, "examples": ["019e818d00058a1b2c3d4e5f"]}
    responses = {
        status: response
        for status, response in sorted(operation["responses"].items())
        if "HTTPValidationError" not in json.dumps(response)
    }
    operation["responses"] = responses
    for status, response in responses.items():
        response["headers"] = {
            name: _header(text) for name, text in _headers(status, is_post="requestBody" in operation).items()
        }
        if problem := response["content"].get("application/problem+json"):
            problem["examples"] = examples.problems(int(status), reads_a_body="requestBody" in operation)
        elif path.startswith("/identity/verify"):
            response["content"][JSON]["examples"] = (
                examples.under_way() if status == ACCEPTED else examples.verifications()
            )


def _headers(status: str, *, is_post: bool) -> dict[str, str]:
    waiting = {"Retry-After": "Seconds to wait at least"} if status in (ACCEPTED, "429", "502", "504") else {}
    accepted = ACCEPTED_HEADERS if status == ACCEPTED else {}
    replayed = REPLAYED if is_post and status < "300" else {}
    return HEADERS | waiting | accepted | replayed


def _header(text: str) -> OpenApi:
    return {"description": text, "schema": {"type": "string"}}


def _finish_form(described: OpenApi) -> None:
    """Say of the form what a schema cannot: that its files are pictures, how one looks, where its answer leads."""
    verify = described["paths"]["/identity/verify"]["post"]
    verify["responses"]["200"]["links"] = READ_BACK
    body = verify["requestBody"]["content"]["multipart/form-data"]
    body["encoding"] = {side: {"contentType": PICTURES} for side in ("selfie", "front", "back")}
    verify["description"] = HOW_TO_VERIFY


if __name__ == "__main__":
    from functions.verify.app import app

    print(written(app, ""), end="")
