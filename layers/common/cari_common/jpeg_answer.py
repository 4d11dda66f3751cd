"""Pictures as answers: API Gateway decodes the base64 of a JPEG only if JPEG is the first type that is accepted."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from cari_common.errors import NotAcceptable

if TYPE_CHECKING:
    from collections.abc import Mapping

JPEG = "image/jpeg"
DESCRIBED: dict[int, Any] = {
    200: {"description": "The picture", "content": {JPEG: {"schema": {"type": "string", "format": "binary"}}}}
}


def answer(jpeg: bytes, headers: Mapping[str, str]) -> Response[str]:
    """Answer with a picture. `check_accepted` first."""
    # As text that says it is base64: the resolver would check bytes as if they were UTF-8.
    made = Response(200, JPEG, b64encode(jpeg).decode(), headers={"Vary": "Accept", **headers})
    made.base64_encoded = True
    return made


def check_accepted(accept: str) -> None:
    """Raise NotAcceptable for whoever would get base64 for a picture."""
    first = accept.partition(",")[0].partition(";")[0].strip().lower()
    if first != JPEG:
        raise NotAcceptable(
            "Pictures come as image/jpeg, and only where that is the first type of the Accept header: "
            "curl -H 'Accept: image/jpeg' -O …",
            field="Accept",
        )
