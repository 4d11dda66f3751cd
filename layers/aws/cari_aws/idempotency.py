"""Idempotency keys: the same request under the same key is done once, and told again from then on for a day.

The table holds, per tenant and mode, which verification a key made, a fingerprint of the body, and how it was
answered; never the answer itself, which lies with the verification and is erased with it. A request that is refused
or fails made nothing: its key stays free.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)

from cari_aws.clients import PATIENCE
from cari_aws.observability import log_unexpected
from cari_core.errors import IdempotencyInProgress, IdempotencyKeyReused
from cari_core.settings import idempotency_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_dynamodb import DynamoDBClient

LIFETIME_S = 86_400
FIELD = "Idempotency-Key"

Reference = dict[str, Any]  # what a request made, JSON-ready


@dataclass(frozen=True)
class Attempt:
    """One request that came with a key, or without."""

    tenant: str
    mode: str
    route: str
    key: str | None
    fingerprint: str  # of the body; nothing asks for it without a key
    context: LambdaContext  # says when this attempt will be over, if it dies


def once(
    attempt: Attempt, make: Callable[[], Reference], *, verification_id: str | None = None
) -> tuple[Reference, bool]:
    """Make something, unless its key made it before: what was made, and whether that was before.

    `verification_id` is what `forget` will know the key by. Raises IdempotencyInProgress while the first request is
    under way, IdempotencyKeyReused where it had another body, and whatever `make` raises.
    """
    if attempt.key is None:
        return make(), False
    records = _Records(attempt)
    made: list[Reference] = []

    def make_and_remember(*, request: Mapping[str, str]) -> Reference:  # noqa: ARG001  # the record's key is made of it
        if verification_id:
            records.leave_word(verification_id)
        made.append(make())
        return made[0]

    config = IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="fingerprint",
        expires_after_seconds=LIFETIME_S,
        hash_function="sha256",
        lambda_context=attempt.context,
    )
    remembering = idempotent_function(
        make_and_remember,
        data_keyword_argument="request",
        persistence_store=records,
        config=config,
        key_prefix=attempt.route,
    )
    try:
        reference = remembering(request={"key": attempt.key, "fingerprint": attempt.fingerprint})
    except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError) as error:
        raise IdempotencyInProgress(
            "A request with this Idempotency-Key is still being answered. Wait a second, then send it again.",
            field=FIELD,
        ) from error
    except IdempotencyValidationError as error:
        raise IdempotencyKeyReused(
            "This Idempotency-Key came with another body before. Use a key for one request and its repetitions only.",
            field=FIELD,
        ) from error
    except IdempotencyPersistenceLayerError as error:
        if not made:
            raise
        log_unexpected(error)  # it is made; only a repetition will not be known as one
        return made[0], False
    return reference, not made


def forget(tenant: str, mode: str, verification_id: str) -> None:
    """Erase what is known of the key that made a verification; nothing happens where none did, or it is forgotten."""
    client, table = _client(), idempotency_settings().idempotency_table
    word = _word_key(tenant, mode, verification_id)
    found = client.get_item(TableName=table, Key=word, ConsistentRead=True).get("Item")
    if found:
        client.delete_item(TableName=table, Key={"owner": word["owner"], "id": found["record"]})
        client.delete_item(TableName=table, Key=word)


def fingerprint(parts: Mapping[str, bytes | str | None]) -> str:
    """Hash the parts of a body by name and content, in whatever order and with whatever boundary they came."""
    digest = hashlib.sha256()
    for name, part in sorted(parts.items()):
        if part is not None:
            content = part.encode() if isinstance(part, str) else part
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


class _Records(DynamoDBPersistenceLayer):
    """The records of one tenant and mode, and the key of the one that was put."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(
            idempotency_settings().idempotency_table,
            key_attr="owner",
            sort_key_attr="id",
            static_pk_value=_owner(attempt.tenant, attempt.mode),
            expiry_attr="expires_at",
            boto3_client=_client(),
        )
        self._attempt = attempt
        self._record: DataRecord | None = None

    def _put_record(self, data_record: DataRecord) -> None:
        super()._put_record(data_record)
        self._record = data_record

    def leave_word(self, verification_id: str) -> None:
        """Write down which record a verification will be known by, before there is one."""
        if self._record:
            self.client.put_item(
                TableName=self.table_name,
                Item={
                    **_word_key(self._attempt.tenant, self._attempt.mode, verification_id),
                    "record": {"S": self._record.idempotency_key},
                    "expires_at": {"N": str(self._record.expiry_timestamp)},
                },
            )


def _word_key(tenant: str, mode: str, verification_id: str) -> dict[str, Any]:
    return {"owner": {"S": _owner(tenant, mode)}, "id": {"S": f"verification#{verification_id}"}}


def _owner(tenant: str, mode: str) -> str:
    return f"{tenant}#{mode}"


@cache
def _client() -> DynamoDBClient:
    return boto3.client("dynamodb", config=PATIENCE)
