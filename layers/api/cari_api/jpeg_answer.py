"""Pictures as answers: API Gateway decodes the base64 of a JPEG only if JPEG is the first type that is accepted."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from cari_core.errors import NotAcceptable

if TYPE_CHECKING:
    from collections.abc import Mapping

JPEG = "image/jpeg"
DECODED = frozenset({JPEG, "image/png", "image/webp"})  # binary media types of the template; a test compares
WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
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
    """Raise NotAcceptable for whoever does not take JPEG, or would get base64 for a picture.

    API Gateway decodes an answer where the first type of the Accept header is one of its binary media types.
    """
    ranges = [_range(each) for each in accept.split(",")]
    quality = max((weight for kind, weight in ranges if kind == JPEG), default=0.0)
    if quality <= 0 or ranges[0][0] not in DECODED:
        raise NotAcceptable(
            "Pictures come as image/jpeg, to whoever accepts it and names a picture's type first in the Accept header: "
            "curl -H 'Accept: image/jpeg' -O …",
            field="Accept",
        )


def _range(text: str) -> tuple[str, float]:
    """Read a media range and its weight (RFC 9110, 12.5.1); a weight that is no number is 0."""
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    weight = next((value for name, _, value in (each.partition("=") for each in parameters) if name == "q"), "1")
    return kind, float(weight) if WEIGHT.fullmatch(weight) else 0.0
