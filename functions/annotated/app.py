"""A verification's pictures with what was found drawn on them. The route is in the common layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_api import http
from functions.annotated import routes
from functions.annotated.answer import drawn

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = http.create_app()
routes.serve(app, drawn)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return http.resolve(app, event, context)
