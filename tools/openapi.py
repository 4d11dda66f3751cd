"""OpenAPI 3.1, true to the service: what Powertools reads from every function's routes, and what it cannot know.

`make docs` writes it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn, HTTPBearer, License, Server

from cari_api.media_types import JSON
from cari_core import ids
from cari_core.release import VERSION
from functions.annotated.app import app as annotated
from functions.docs.app import app as docs
from functions.keys.app import app as keys
from functions.records.app import app as records
from functions.sandbox.app import app as sandbox
from functions.verify.app import UPLOADED_ROUTE
from functions.verify.app import app as verify
from tools import openapi_examples

if TYPE_CHECKING:
    from cari_api.resolver import Api

APPS = (verify, records, keys, annotated, sandbox, docs)
INTRODUCTION = """Identity verification: reads the document, compares the faces, answers at once.

Post a selfie and the photo of a passport or ID card. Every answer names its request in `X-Request-Id`. Errors are
problem documents (RFC 9457) with a stable `code`, explained at `/docs/errors`. Every GET may be asked as HEAD, and
pages of any origin may call."""
PUBLIC = "about"  # the tag of what needs no key
PICTURES = "image/jpeg, image/png, image/webp, image/heic"
HEADERS = {
    "X-Request-Id": "Names the request: quote it when you ask for help",
    "Server-Timing": "Milliseconds of each stage, and in total",
}
ACCEPTED = "202"
ACCEPTED_HEADERS = {
    "Location": "Where the verification is read back",
    "Preference-Applied": "`respond-async`, where that was asked for",
}
LEFT = {
    "RateLimit-Limit": "Requests that this key may make a minute; with `quota_exceeded`, verifications a month",
    "RateLimit-Remaining": "How many of them are left",
    "RateLimit-Reset": "Seconds until they begin anew",
}
OF_STATUS = {
    "401": {"WWW-Authenticate": "`Bearer`; the key may also stand bare"},
    "415": {"Accept": "Which kinds are read here"},
}
TAGGED = {"ETag": "Names this answer: with `If-None-Match` it is not sent again while it is the same"}
MADE_AT = dict.fromkeys(("/identity/keys", "/identity/keys/{id}/rotate"), "Where the key is read")
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of an answer that you have: 304 where it is still the same",
}
REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')
UNCOUNTED = ("401", "413", "502", "504")  # API Gateway's own answers, in the main
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


def written() -> str:
    """Write the description, for no deployment: its server is `/`."""
    return json.dumps(describe(), indent=2, ensure_ascii=False) + "\n"


@cache
def describe() -> OpenApi:
    """Describe every route of every function."""
    first, *others = (_schema(app) for app in APPS)
    described = first
    for other in others:
        described = _merged(described, other)
    described["paths"] = {path: dict(sorted(item.items())) for path, item in sorted(described["paths"].items())}
    _fold_json_route(described)
    for path, item in described["paths"].items():
        for method, operation in item.items():
            _complete(path, method, operation)
    _finish_form(described)
    _finish_policies(described)
    return _without_unused(described)


def _schema(app: Api) -> OpenApi:
    schema: OpenApi = json.loads(
        app.get_openapi_json_schema(
            title="Cari",
            version=VERSION,
            description=INTRODUCTION,
            license_info=License(name="Apache-2.0", identifier="Apache-2.0"),
            servers=[Server(url="/")],
            security_schemes={
                "ApiKey": APIKey.model_validate(
                    {
                        "name": "Authorization",
                        "in": APIKeyIn.header,
                        "description": "`dev_<uuid4>` or `live_<uuid4>`, bare",
                    }
                ),
                "Bearer": HTTPBearer(description="The same key, after `Bearer`"),
            },
            security=[{"ApiKey": []}, {"Bearer": []}],
        )
    )
    return schema


def _merged(described: OpenApi, further: OpenApi) -> OpenApi:
    """Put the paths and schemas of a second description beside a first one's."""
    schemas = further["components"]["schemas"] | described["components"]["schemas"]
    paths = {
        path: described["paths"].get(path, {}) | further["paths"].get(path, {})
        for path in described["paths"] | further["paths"]
    }
    return {
        **described,
        "paths": paths,
        "components": described["components"] | {"schemas": dict(sorted(schemas.items()))},
    }


def _fold_json_route(described: OpenApi) -> None:
    """Show callers one path that takes both kinds of body, though two routes read them."""
    body = described["paths"].pop(UPLOADED_ROUTE)["post"]["requestBody"]["content"][JSON]
    described["paths"]["/identity/verify"]["post"]["requestBody"]["content"][JSON] = body


def _without_unused(described: OpenApi) -> OpenApi:
    """Leave out schemas that nothing refers to: Powertools' own errors, which are problems here."""
    schemas: OpenApi = described["components"]["schemas"]
    wanted, used = _referred_to(described["paths"]), set[str]()
    while wanted:
        used |= wanted
        wanted = {name for schema in wanted for name in _referred_to(schemas[schema])} - used
    kept = {name: schema for name, schema in schemas.items() if name in used}
    return {**described, "components": {**described["components"], "schemas": kept}}


def _referred_to(part: OpenApi) -> set[str]:
    return set(REFERENCE.findall(json.dumps(part)))


def _complete(path: str, method: str, operation: OpenApi) -> None:
    if PUBLIC in operation.get("tags", []):
        operation["security"] = []
    else:
        operation["tags"] = [path.split("/")[2]]  # what it is about, for pages and generated clients to group by
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "id":
            parameter["schema"] |= {"pattern": ids.PATTERN, "examples": ["19e82a03d0042d703bb5fb1b"]}
    responses = {
        status: response
        for status, response in sorted(operation["responses"].items())
        if "HTTPValidationError" not in json.dumps(response)
    }
    if method == "get":
        responses["304"] = {"description": "You have it already: its ETag is the one that If-None-Match names"}
        operation["parameters"] = [*operation.get("parameters", []), IF_NONE_MATCH]
    operation["responses"] = dict(sorted(responses.items()))
    for status, response in responses.items():
        told = _headers(status, operation, is_read=method == "get", is_made_at=MADE_AT.get(path))
        response["headers"] = {name: _header(text) for name, text in told.items()}
        content = response.get("content", {})
        if problem := content.get("application/problem+json"):
            problem["examples"] = openapi_examples.problems(
                int(status), operation["operationId"], reads_a_body="requestBody" in operation
            )
        elif shown := _examples(status, content.get(JSON, {})):
            content[JSON]["examples"] = shown


def _examples(status: str, content: OpenApi) -> OpenApi:
    """Show answers of the model that the schema names."""
    model = str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]
    return {
        "Verification": openapi_examples.under_way if status == ACCEPTED else openapi_examples.verifications,
        "VerificationList": openapi_examples.lists,
        "Deleted": openapi_examples.deleted,
    }.get(model, dict)()


def _headers(status: str, operation: OpenApi, *, is_read: bool, is_made_at: str | None) -> dict[str, str]:
    told = {**OF_STATUS.get(status, {}), **(TAGGED if is_read and status in ("200", "304") else {})}
    if status == "201" and is_made_at:
        told["Location"] = is_made_at
    has_end = status == "409" and operation["operationId"] in openapi_examples.WAITING
    waits = status in (ACCEPTED, "429", "502", "503", "504") or has_end
    waiting = {"Retry-After": "Seconds to wait at least"} if waits else {}
    accepted = ACCEPTED_HEADERS if status == ACCEPTED else {}
    replayed = REPLAYED if _repeatable(operation) and status < "300" else {}
    left = LEFT if operation.get("security") != [] and status not in UNCOUNTED else {}
    return HEADERS | told | waiting | accepted | replayed | left


def _repeatable(operation: OpenApi) -> bool:
    """Say whether an operation takes an Idempotency-Key."""
    return "Idempotency-Key" in {parameter["name"] for parameter in operation.get("parameters", [])}


def _header(text: str) -> OpenApi:
    return {"description": text, "schema": {"type": "string"}}


def _finish_form(described: OpenApi) -> None:
    """Say of the form what a schema cannot: that its files are pictures, how one looks, where its answer leads."""
    verify = described["paths"]["/identity/verify"]["post"]
    verify["responses"]["200"]["links"] = READ_BACK
    body = verify["requestBody"]["content"]["multipart/form-data"]
    described["components"]["schemas"]["Body_verify"]["additionalProperties"] = False
    form = described["components"]["schemas"]["Body_verify"]["properties"]
    uploaded = described["components"]["schemas"]["VerifyUploaded"]["properties"]
    form["metadata"] = {**uploaded["metadata"], "description": form["metadata"]["description"]}
    for name, part in form.items():  # text cannot be null: a part is there or it is not
        form[name] = {**part.pop("anyOf", [{}])[0], **part}
    body["encoding"] = {
        **{side: {"contentType": PICTURES} for side in ("selfie", "front", "back")},
        "metadata": {"contentType": JSON},
    }
    verify["description"] = HOW_TO_VERIFY


def _finish_policies(described: OpenApi) -> None:
    """Say of rules what they are: the routes read any object, so that a wrong one is refused with a pointer to it."""
    rules = {"$ref": "#/components/schemas/Policy"}
    put = described["paths"]["/identity/policies/{name}"]["put"]
    put["requestBody"]["content"][JSON]["schema"] = rules
    evaluate = described["components"]["schemas"]["EvaluateRequest"]["properties"]["policy"]
    evaluate["anyOf"] = [rules if choice.get("type") == "object" else choice for choice in evaluate["anyOf"]]
