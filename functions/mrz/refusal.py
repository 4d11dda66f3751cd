"""Bad input is answered, not crashed on, under the names that Amazon Rekognition gives it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from cari_common.errors import ImageRejected

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Refusal(Exception):
    """A request that cannot be served; `code` is the name that the caller sees."""

    code = "InvalidParameterException"


class NoSuchPicture(Refusal):
    """S3 does not give the object that the request names."""

    code = "InvalidS3ObjectException"


def answer_refusals(handler: Handler) -> Handler:
    """Let a handler's refusals, and its pictures that cannot be decoded, come back as an answer."""

    @wraps(handler)
    def answering(event: dict[str, Any], context: object) -> dict[str, Any]:
        try:
            return handler(event, context)
        except Refusal as refusal:
            return {"__type": refusal.code, "Message": str(refusal)}
        except ImageRejected as rejected:
            return {"__type": "InvalidImageFormatException", "Message": rejected.detail}

    return answering
