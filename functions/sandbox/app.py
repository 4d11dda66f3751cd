"""The sandbox: specimen documents and selfies to download, one case for every outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cari_api import http
from functions.sandbox import routes

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = http.create_app()
routes.serve(app, Path(__file__).parent / "specimens")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return http.resolve(app, event, context)
