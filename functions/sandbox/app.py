"""The sandbox: specimen documents and selfies to download, one case for every outcome.

Its routes need no key, and its pictures name nobody real.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from cari_api import describe, gateway, jpeg_answer, links
from cari_api.auth import scopes
from cari_api.media_types import JSON
from cari_core.errors import NotFound
from cari_decision.reasons import REASONS
from functions.sandbox.contract import Specimen, Specimens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_lambda_powertools.utilities.typing import LambdaContext

app = gateway.create_app()
FOLDER = Path(__file__).parent / "specimens"  # catalogue.json and the pictures
SPECIMENS = "/sandbox/specimens"
LIST_CACHED = {"Cache-Control": "public, max-age=300"}  # seconds; short, because a deployment changes it
PICTURE_CACHED = {"Cache-Control": "public, max-age=86400"}
FAILURES = (400, 413, 429, 500, 502, 504)


@app.get(
    SPECIMENS,
    scope=scopes.PUBLIC,
    summary="List the specimens",
    operation_id="list_specimens",
    responses={
        **describe.answer(Specimens, "What to send, and what comes of it"),
        **describe.problem_responses(*FAILURES),
    },
    tags=["about"],
)
def list_specimens() -> Response[Specimens]:
    """List pictures to try the service with, one set for every outcome. A `dev_` key is all they need."""
    place = links.prefix(app.current_event.raw_event) + SPECIMENS
    known = [_linked(specimen, place) for specimen in _known(_catalogue())]
    return Response(200, JSON, Specimens(specimens=known), headers=LIST_CACHED)


@app.get(
    f"{SPECIMENS}/<name>",
    scope=scopes.PUBLIC,
    summary="Get a specimen's picture",
    operation_id="get_specimen",
    responses={**jpeg_answer.DESCRIBED, **describe.problem_responses(404, 406, *FAILURES)},
    tags=["about"],
)
def get_specimen(name: str) -> Response[str]:
    """Get a picture as JPEG. Say `Accept: image/jpeg`: API Gateway hands out pictures to nobody else."""
    picture = {file.name: file for file in FOLDER.glob("*.jpg")}.get(name)
    if picture is None:
        raise NotFound(f"There is no specimen '{name}'. GET {SPECIMENS} lists those that there are.", field="name")
    jpeg_answer.check_accepted(app.current_event.headers.get("accept", ""))
    return jpeg_answer.answer(picture.read_bytes(), PICTURE_CACHED)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request that API Gateway passes on."""
    return gateway.resolve(app, event, context)


def _catalogue() -> list[Specimen]:
    return [Specimen.model_validate(entry) for entry in json.loads((FOLDER / "catalogue.json").read_text())]


def _known(specimens: Iterable[Specimen]) -> list[Specimen]:
    """Leave out what this deployment has no reason for."""
    return [specimen for specimen in specimens if set(specimen.expected.reasons) <= REASONS.keys()]


def _linked(specimen: Specimen, place: str) -> Specimen:
    return specimen.model_copy(update={"files": {side: f"{place}/{name}" for side, name in specimen.files.items()}})
