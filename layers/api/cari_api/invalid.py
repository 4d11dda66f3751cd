"""What pydantic finds wrong with a request, told to whoever sent it: which field, why, and never what it held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_api.problems import FieldError
from cari_core.errors import MAX_ERRORS, ValidationFailed

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

MAX_NAME, MAX_SENTENCE = 100, 300  # characters of what a caller made up, as a problem repeats it


def validation_failed(error: RequestValidationError, *, is_json: bool) -> ValidationFailed:
    """Make the problem of a request whose parameters, parts or JSON are not as the route has them."""
    found = error.errors()
    errors = [
        FieldError(field=_place(each), detail=_sentence(_place(each), each, is_json=is_json))
        for each in found[:MAX_ERRORS]
    ]
    return ValidationFailed(
        errors[0].detail
        if len(found) == 1
        else f"{len(found)} parts of the request are missing or wrong; see 'errors'.",
        field=errors[0].field,
        errors=[each.model_dump() for each in errors],
    )


def _place(found: dict[str, Any]) -> str:
    """Name a field as people do: `selfie`, `files[0].size_bytes`, `Idempotency-Key`."""
    where, *within = found["loc"]
    if where == "header":
        return str(within[0]).title()  # the resolver writes headers in lower case
    first, *rest = within or [where]
    name = str(first) + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)
    return name[:MAX_NAME]


def _sentence(name: str, found: dict[str, Any], *, is_json: bool) -> str:
    """Say what is wrong with a field, never what it held."""
    if found["type"] == "missing":
        return (
            f"'{name}' is missing."
            if is_json
            else f"The part '{name}' is missing. Send it as a file of the multipart form."
        )
    if found["type"] == "extra_forbidden":
        return f"There is no field '{name}'."
    if found["type"] == "literal_error":
        return f"'{name}' must be one of {found['ctx']['expected']}."
    said = str(found["msg"]).removeprefix("Value error, ")[:MAX_SENTENCE]
    return (
        f"'{name}' {said.removeprefix('Input ')}."
        if said.startswith(("Input ", "must ", "is "))
        else f"'{name}': {said}."
    )
