"""Signatures that anyone can check: compact JWS (RFC 7515) by ES256, with a key in KMS or, without AWS, in a file.

KMS is asked by an alias, so that another key signs as soon as the alias names it (`make rotate-signing-key`). The key's
name (`kid`) is its RFC 7638 thumbprint, so it says nothing of where the key lies. joserfc and cryptography are imported
when something is signed.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cari_aws import clients
from cari_aws.clients import FAILURES, kms_client
from cari_aws.observability import logger
from cari_core.settings import SigningSettings, settings
from cari_evidence import published_keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from joserfc.jwk import ECKey
    from joserfc.jws import JWSRegistry
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_kms import KMSClient

ALGORITHM = "ES256"
CURVE = "P-256"
RAW_HALF_BYTES = 32  # of r and of s (RFC 7518, 3.4)
MAX_PAYLOAD_BYTES = 4_000_000  # below what a function may answer; joserfc's own bound is 128 kB
ATTEMPTS = 3  # to sign by the key whose name is in the header, while an alias is moved
PUBLISHED = {"use": "sig", "alg": ALGORITHM}

Jwks = dict[str, list[dict[str, Any]]]


class SignatureRefused(Exception):
    """The text is not what the key's owner signed, or not of the kind that was asked for; the message says why."""


class KeyReplaced(clients.Passing):
    """The alias names another key than the one whose name is in the header: it was moved, which takes KMS a while."""

    fmt = "Another key signed than the one whose public half was read."


def sign(claims: Mapping[str, Any], *, type_: str) -> str:
    """Sign claims, JSON-ready, as a compact JWS whose header has `alg`, `kid` and `typ`: the `type_`."""
    payload = json.dumps(claims, separators=(",", ":"), allow_nan=False).encode()
    try:
        return _signed_by_the_alias(payload, type_, ATTEMPTS)
    except FAILURES as error:
        logger.error("not signed", extra={"error_type": type(error).__name__})
        raise


def verify(jws: str, jwks: Mapping[str, Any], *, type_: str) -> dict[str, Any]:
    """Read the claims of a compact JWS of this type that a key of the set signed.

    Raises SignatureRefused for any altered byte, another type, a key that is not in the set, and another algorithm.
    """
    from joserfc.errors import JoseError  # noqa: PLC0415  # see above
    from joserfc.jwk import KeySet  # noqa: PLC0415
    from joserfc.jws import JWSRegistry, deserialize_compact  # noqa: PLC0415

    header = _header(jws)
    if header.get("alg") != ALGORITHM:
        raise SignatureRefused(f"It is signed by another algorithm than {ALGORITHM}, or not at all.")
    keys = [key for key in _listed(jwks) if key.get("kty") == "EC" and key.get("kid") == header.get("kid")]
    if not keys:
        raise SignatureRefused("It is signed by a key that is not in the key set.")
    registry = JWSRegistry(algorithms=[ALGORITHM])
    registry.max_payload_length = MAX_PAYLOAD_BYTES
    try:
        signed = deserialize_compact(jws, KeySet.import_key_set({"keys": keys}), registry=registry)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignatureRefused(
            "The signature does not fit: something was altered since, or the key is none."
        ) from error
    if header.get("typ") != type_:
        raise SignatureRefused(f"It is of another type than {type_}.")
    return _claims(signed.payload)


def unverified(jws: str, *, type_: str) -> dict[str, Any]:
    """Read the claims of a compact JWS of this type that nobody vouches for. Raises SignatureRefused for others."""
    if _header(jws).get("typ") != type_:
        raise SignatureRefused(f"It is of another type than {type_}.")
    return _claims(_canonical(jws.split(".")[1]))


def jwks() -> Jwks:
    """Give the public keys by which our signatures are checked, all that ever signed, as a JWK set (RFC 7517)."""
    if not settings(SigningSettings).signing_key_id:
        return {"keys": [_public_jwk(_signer()[0])]}
    try:
        _signer()  # is published with it
    except FAILURES as error:  # whoever checks what was signed needs no KMS
        logger.error("signing key not read", extra={"error_type": type(error).__name__})
    return {"keys": published_keys.published(_published_keys())}


def public_jwk_of(der: bytes) -> dict[str, Any]:
    """Write a public key (SubjectPublicKeyInfo, DER) as it is published."""
    from joserfc.jwk import ECKey  # noqa: PLC0415  # see above

    return _public_jwk(ECKey.import_key(der))


def _public_jwk(key: ECKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), **PUBLISHED}


def _signed_by_the_alias(payload: bytes, type_: str, attempts: int) -> str:
    try:
        return _signed(payload, type_)
    except KeyReplaced:
        if attempts == 1:
            raise
        _signer.cache_clear()
        return _signed_by_the_alias(payload, type_, attempts - 1)


def _signed(payload: bytes, type_: str) -> str:
    from joserfc import jws  # noqa: PLC0415  # see above

    key, registry = _signer()
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": type_}
    return jws.serialize_compact(header, payload, key, registry=registry)


@cache
def _signer() -> tuple[ECKey, JWSRegistry | None]:
    """Find the key to sign with, and how joserfc signs by it: as ever, or by asking KMS."""
    chosen = settings(SigningSettings)
    if chosen.signing_key_id:
        key, registry = _in_kms(kms_client(), chosen.signing_key_id)
        published_keys.publish(_published_keys(), _public_jwk(key))
        return key, registry
    return _in_file(chosen.signing_key_file.expanduser()), None


def _published_keys() -> Table:
    return clients.table(settings(SigningSettings).signing_keys_table)


def _in_kms(client: KMSClient, key_id: str) -> tuple[ECKey, JWSRegistry]:
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415  # see above
    from joserfc.jwk import ECKey  # noqa: PLC0415
    from joserfc.jws import JWSAlgModel, JWSRegistry  # type: ignore[attr-defined]  # noqa: PLC0415  # it has no other name

    public = client.get_public_key(KeyId=key_id)

    class InKms(JWSAlgModel):
        """ES256, for which only KMS has the private key."""

        name = ALGORITHM
        description = "ECDSA by a key that never leaves KMS"
        recommended = True
        key_type = "EC"

        def sign(self, msg: bytes, key: ECKey) -> bytes:  # noqa: ARG002  # joserfc passes the public one
            answer = client.sign(
                KeyId=key_id,
                Message=sha256(msg).digest(),  # the message itself may have 4,096 bytes at most
                MessageType="DIGEST",
                SigningAlgorithm="ECDSA_SHA_256",
            )
            if answer["KeyId"] != public["KeyId"]:  # both ARNs, whatever the key was asked for by
                raise KeyReplaced
            halves = decode_dss_signature(answer["Signature"])  # KMS answers DER; JWS wants r and s
            return b"".join(half.to_bytes(RAW_HALF_BYTES, "big") for half in halves)

        def verify(self, msg: bytes, sig: bytes, key: ECKey) -> bool:
            raise NotImplementedError  # verifying is everyone's, and joserfc's own

    class KmsRegistry(JWSRegistry):
        algorithms = {ALGORITHM: InKms()}  # noqa: RUF012  # as joserfc has it

    return ECKey.import_key(public["PublicKey"]), KmsRegistry(algorithms=[ALGORITHM])


def _in_file(path: Path) -> ECKey:
    """Read the private key, a JWK; make it on first use, readable by its owner alone."""
    from joserfc.jwk import ECKey  # noqa: PLC0415  # see above

    if not path.exists():
        _leave(path, json.dumps(ECKey.generate_key(CURVE).as_dict(private=True)))
    return ECKey.import_key(json.loads(path.read_text()))


def _leave(path: Path, text: str) -> None:
    """Write a secret as a whole or not at all. Of two processes at once the first one's stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # the other process's key is as good
    finally:
        draft.unlink()


def _header(jws: str) -> dict[str, Any]:
    """Read the header, once the text is three segments that could be written in no other way."""
    segments = jws.split(".")
    if len(segments) != 3:  # noqa: PLR2004  # header, payload, signature
        raise SignatureRefused("It is no compact JWS.")
    header, *_ = (_canonical(segment) for segment in segments)
    try:
        read = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise SignatureRefused("Its header is no JSON.") from error
    if not isinstance(read, dict):
        raise SignatureRefused("Its header is no JSON object.")
    return read


def _canonical(segment: str) -> bytes:
    """Decode base64url in its only spelling: decoders ignore an altered last character's spare bits."""
    try:
        decoded = base64.b64decode(segment + "=" * (-len(segment) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureRefused("It is no compact JWS: a segment is not base64url.") from error
    if base64.urlsafe_b64encode(decoded).decode().rstrip("=") != segment:
        raise SignatureRefused("It was altered: a segment is not base64url as it is written.")
    return decoded


def _claims(payload: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise SignatureRefused("What is signed is no JSON.") from error
    if not isinstance(claims, dict):
        raise SignatureRefused("What is signed is no JSON object.")
    return claims


def _listed(jwks: Mapping[str, Any]) -> list[dict[str, Any]]:
    keys = jwks.get("keys") if hasattr(jwks, "get") else None
    if not isinstance(keys, list):
        raise SignatureRefused("The key set is none: it has no list of keys.")
    return [key for key in keys if isinstance(key, dict)]
