"""What the service says of itself, to anyone and without a key: files that `make docs` wrote, and a page to try."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from cari_api import describe, gateway, links
from cari_api.auth import scopes
from cari_api.media_types import JSON
from functions.docs import swagger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = gateway.create_app()
SITE = Path(__file__).parent / "site"
CACHED = {"Cache-Control": "public, max-age=300"}  # seconds; short, because a deployment changes it
QUIET_PAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FAILURES = describe.problem_responses(400, 413, 429, 500, 502, 504)
ROOT_SERVER = '"url": "/"'  # in the description, which is written for no deployment


def _described(name: str, summary: str, media_type: str) -> dict[str, Any]:
    schema = {"type": "object"} if media_type == JSON else {"type": "string"}
    answer = {200: {"description": summary, "content": {media_type: {"schema": schema}}}}
    return {
        "scope": scopes.PUBLIC,
        "summary": summary,
        "operation_id": f"get_{name}",
        "responses": {**answer, **FAILURES},
        "tags": ["about"],
    }


@app.get("/openapi.json", **_described("openapi", "This description, in OpenAPI 3.1", JSON))
def get_openapi() -> Response[str]:
    """Give the description, naming the place where the service answers."""
    written = (SITE / "openapi.json").read_text(encoding="utf-8")
    here = f'"url": "{_prefix() or "/"}"'
    return Response(200, JSON, written.replace(ROOT_SERVER, here, 1), headers=CACHED)


@app.get("/docs", **_described("docs", "This description as a page to try calls on (Swagger UI)", "text/html"))
def get_docs() -> Response[str]:
    """Give the page."""
    page = swagger.page(_prefix() + links.OPENAPI)
    return Response(200, "text/html; charset=utf-8", page.html, headers=CACHED | page.headers)


@app.get(links.ERRORS, **_described("errors", "Every error code, and what to do about it", "text/html"))
def get_errors() -> Response[str]:
    """Give the page."""
    page = (SITE / "errors.html").read_text(encoding="utf-8")
    return Response(200, "text/html; charset=utf-8", page, headers=CACHED | {"Content-Security-Policy": QUIET_PAGE})


@app.get("/llms.txt", **_described("llms", "What a language model needs to use this API", "text/plain"))
def get_llms() -> Response[str]:
    """Give the text."""
    text = (SITE / "llms.txt").read_text(encoding="utf-8")
    return Response(200, "text/plain; charset=utf-8", text, headers=CACHED)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return gateway.resolve(app, event, context)


def _prefix() -> str:
    return links.prefix(app.current_event.raw_event)
