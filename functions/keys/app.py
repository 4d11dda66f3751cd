"""A tenant's keys: made, listed, rotated, revoked. The routes are in the common layer, which `verify` describes too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_api import http
from functions.keys import routes

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = http.create_app()
routes.serve(app)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return http.resolve(app, event, context)
