"""The OpenAPI description as callers see it: one path takes both kinds of body, though two routes read them."""

from __future__ import annotations

import json
from typing import Any

from cari_common.http import JSON, JSON_ROUTES


def as_callers_see_it(described: str) -> str:
    """Fold the routes that read JSON into the paths that callers post to."""
    whole: dict[str, Any] = json.loads(described)
    for path, route in JSON_ROUTES.items():
        body = whole["paths"].pop(route)["post"]["requestBody"]["content"][JSON]
        whole["paths"][path]["post"]["requestBody"]["content"][JSON] = body
    return json.dumps(whole)
