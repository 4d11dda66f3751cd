"""The sandbox's two routes: which specimens there are, and their pictures. They need no key and name nobody real."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from cari_api import http, jpeg_answer, links
from cari_api.auth import scopes
from cari_core.errors import NotFound
from cari_decision.reasons import REASONS
from functions.sandbox.contract import Specimen, Specimens

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cari_api.resolver import Api

SPECIMENS = "/sandbox/specimens"
LIST_CACHED = {"Cache-Control": "public, max-age=300"}  # seconds; short, because a deployment changes it
PICTURE_CACHED = {"Cache-Control": "public, max-age=86400"}
FAILURES = (400, 413, 429, 500, 502, 504)


def serve(app: Api, folder: Path) -> None:
    """Add the two routes to an app; `folder` holds catalogue.json and the pictures."""

    @app.get(
        SPECIMENS,
        scope=scopes.PUBLIC,
        summary="List the specimens",
        operation_id="list_specimens",
        responses={
            **http.answer(Specimens, "What to send, and what comes of it"),
            **http.problem_responses(*FAILURES),
        },
        tags=["about"],
    )
    def list_specimens() -> Response[Specimens]:
        """List pictures to try the service with, one set for every outcome. A `dev_` key is all they need."""
        place = links.prefix(app.current_event.raw_event) + SPECIMENS
        known = [_linked(specimen, place) for specimen in _known(_catalogue(folder))]
        return Response(200, http.JSON, Specimens(specimens=known), headers=LIST_CACHED)

    @app.get(
        f"{SPECIMENS}/<name>",
        scope=scopes.PUBLIC,
        summary="Get a specimen's picture",
        operation_id="get_specimen",
        responses={**jpeg_answer.DESCRIBED, **http.problem_responses(404, 406, *FAILURES)},
        tags=["about"],
    )
    def get_specimen(name: str) -> Response[str]:
        """Get a picture as JPEG. Say `Accept: image/jpeg`: API Gateway hands out pictures to nobody else."""
        picture = {file.name: file for file in folder.glob("*.jpg")}.get(name)
        if picture is None:
            raise NotFound(f"There is no specimen '{name}'. GET {SPECIMENS} lists those that there are.", field="name")
        jpeg_answer.check_accepted(app.current_event.headers.get("accept", ""))
        return jpeg_answer.answer(picture.read_bytes(), PICTURE_CACHED)


def _catalogue(folder: Path) -> list[Specimen]:
    return [Specimen.model_validate(entry) for entry in json.loads((folder / "catalogue.json").read_text())]


def _known(specimens: Iterable[Specimen]) -> list[Specimen]:
    """Leave out what this deployment has no reason for."""
    return [specimen for specimen in specimens if set(specimen.expected.reasons) <= REASONS.keys()]


def _linked(specimen: Specimen, place: str) -> Specimen:
    return specimen.model_copy(update={"files": {side: f"{place}/{name}" for side, name in specimen.files.items()}})
