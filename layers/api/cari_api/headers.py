"""The request headers that several routes take, as OpenAPI describes them, and what answers say of them."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header

Prefer = Annotated[
    str | None, Header(alias="Prefer", max_length=255, description="`respond-async`: answer 202 at once")
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,255}$",
        description="Makes repeating this request safe for a day: any text that no other request has",
    ),
]


def replay_header(*, replayed: bool) -> dict[str, str]:
    """Say that an answer is one that was given before."""
    return {"Idempotent-Replayed": "true"} if replayed else {}
