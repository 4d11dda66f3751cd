"""What the service says of itself, to anyone and without a key: OpenAPI, its pages for people, its text for models.

Each route imports what writes its answer: a cold start for a verification must not pay 100 ms for OpenAPI's models.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from cari_api import http, links
from cari_api.auth import scopes

if TYPE_CHECKING:
    from cari_api.resolver import Api

CACHED = {"Cache-Control": "public, max-age=300"}  # seconds; short, because a deployment changes it
QUIET_PAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FAILURES = http.problem_responses(400, 413, 429, 500, 502, 504)


def serve(app: Api) -> None:
    """Add the five routes to an app."""

    @app.get("/openapi.json", **_described("openapi", "This description, in OpenAPI 3.1", "application/json"))
    def get_openapi() -> Response[str]:
        from tools import openapi  # noqa: PLC0415  # see above

        return Response(200, "application/json", openapi.written(app, _prefix(app)), headers=CACHED)

    @app.get("/docs", **_described("docs", "This description as a page to try calls on (Swagger UI)", "text/html"))
    def get_docs() -> Response[str]:
        from tools import swagger  # noqa: PLC0415  # see above

        page = swagger.page(_prefix(app) + links.OPENAPI)
        return Response(200, "text/html; charset=utf-8", page.html, headers=CACHED | page.headers)

    @app.get(links.ERRORS, **_described("errors", "Every error code, and what to do about it", "text/html"))
    def get_errors() -> Response[str]:
        from tools import error_reference  # noqa: PLC0415  # see above

        policy = {"Content-Security-Policy": QUIET_PAGE}
        return Response(200, "text/html; charset=utf-8", error_reference.html(), headers=CACHED | policy)

    @app.get("/.well-known/jwks.json", **_described("jwks", "The public keys of our signatures", "application/json"))
    def get_jwks() -> Response[str]:
        from cari_evidence import signing  # noqa: PLC0415  # see above

        return Response(200, "application/json", json.dumps(signing.jwks()), headers=CACHED)

    @app.get("/llms.txt", **_described("llms", "What a language model needs to use this API", "text/plain"))
    def get_llms() -> Response[str]:
        from tools import llms  # noqa: PLC0415  # see above

        return Response(200, "text/plain; charset=utf-8", llms.text(), headers=CACHED)


def _described(name: str, summary: str, media_type: str) -> dict[str, Any]:
    schema = {"type": "object"} if media_type == "application/json" else {"type": "string"}
    answer = {200: {"description": summary, "content": {media_type: {"schema": schema}}}}
    return {
        "scope": scopes.PUBLIC,
        "summary": summary,
        "operation_id": f"get_{name}",
        "responses": {**answer, **FAILURES},
        "tags": ["about"],
    }


def _prefix(app: Api) -> str:
    return links.prefix(app.current_event.raw_event)
