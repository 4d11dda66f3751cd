"""What a route's answers are, as OpenAPI describes them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cari_api.media_types import JSON, PROBLEM
from cari_api.problems import Problem

if TYPE_CHECKING:
    from pydantic import BaseModel


def answer(model: type[BaseModel], description: str, *, status: int = 200) -> dict[int, Any]:
    """Describe a good answer for OpenAPI."""
    return {status: {"description": description, "content": {JSON: {"model": model}}}}


def problem_responses(*statuses: int) -> dict[int, Any]:
    """Describe error answers for OpenAPI."""
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {PROBLEM: {"model": Problem}}}
        for status in statuses
    }
