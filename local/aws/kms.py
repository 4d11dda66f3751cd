"""moto's KMS, made to sign as KMS does.

moto 5.2.5 gives every key of a CloudFormation template the symmetric kind, whatever its KeySpec says, hashes again what
it is told is a digest, and names a key by its id where KMS names it by its ARN.
"""

from __future__ import annotations

import base64
import contextlib
import json
from typing import TYPE_CHECKING, Any
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def signing_as_kms() -> Iterator[None]:
    """Let moto make the signing keys that a template asks for, and sign digests as they are, until the block ends."""
    with (
        mock.patch.object(Key, "create_from_cloudformation_json", classmethod(_create)),
        mock.patch.object(KmsResponse, "sign", _sign),
        mock.patch.object(KmsResponse, "get_public_key", _get_public_key),
    ):
        yield


_moto_creates, _moto_signs, _moto_makes, _moto_shows = (
    vars(Key)["create_from_cloudformation_json"].__func__,
    KmsResponse.sign,
    KmsBackend.create_key,
    KmsResponse.get_public_key,
)


def _create(cls: type[Key], name: str, resource: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    properties = resource["Properties"]
    asked = {
        "key_usage": properties.get("KeyUsage", "ENCRYPT_DECRYPT"),
        "key_spec": properties.get("KeySpec", "SYMMETRIC_DEFAULT"),
    }

    def make(self: KmsBackend, **said: Any) -> Any:
        return _moto_makes(self, **{**said, **asked})

    with mock.patch.object(KmsBackend, "create_key", make):
        return _moto_creates(cls, name, resource, *args, **kwargs)


def _sign(self: KmsResponse) -> Any:
    if self._get_param("MessageType") != "DIGEST":
        return _moto_signs(self)
    key: Any = self.kms_backend.describe_key(self._get_param("KeyId"))
    signature = key.private_key.private_key.sign(self._get_param("Message"), ECDSA(Prehashed(SHA256())))
    return json.dumps(
        {
            "KeyId": key.arn,
            "Signature": base64.b64encode(signature).decode(),
            "SigningAlgorithm": self._get_param("SigningAlgorithm"),
        }
    )


def _get_public_key(self: KmsResponse) -> Any:
    answer = json.loads(_moto_shows(self))
    return json.dumps({**answer, "KeyId": self.kms_backend.describe_key(answer["KeyId"]).arn})
