"""Swagger UI as one page: its script and style come from Powertools' package, so that no other host is asked."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ASSETS = "aws_lambda_powertools.event_handler.openapi.swagger_ui"
OPTIONS = {
    "dom_id": "#swagger-ui",
    "deepLinking": True,
    "persistAuthorization": False,  # a key is no one's to keep but its owner's
    "tryItOutEnabled": True,
    "validatorUrl": None,  # it would send the description to swagger.io
}


@dataclass(frozen=True)
class Page:
    """A page and the headers that hold it to what it is."""

    html: str
    headers: dict[str, str]


@cache
def page(openapi_url: str) -> Page:
    """Make the page that shows the description at `openapi_url`."""
    bundle, style = _asset("swagger-ui-bundle.min.js"), _asset("swagger-ui.min.css")
    start = f"SwaggerUIBundle({json.dumps({'url': openapi_url, **OPTIONS})})"
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Cari</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f'<body><div id="swagger-ui"></div><script>{bundle}</script><script>{start}</script></body></html>'
    )
    policy = (
        f"default-src 'none'; script-src {_source(bundle)} {_source(start)}; style-src 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Page(html, {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"})


def _asset(name: str) -> str:
    return files(ASSETS).joinpath(name).read_text(encoding="utf-8")


def _source(script: str) -> str:
    """Name a script by its hash: no other may run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
