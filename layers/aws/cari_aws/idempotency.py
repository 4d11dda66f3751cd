"""Idempotency keys: the same request under the same key is done once, and told again from then on for a day.

The table holds, per tenant and mode, which verification a key made, a fingerprint of the body, and how it was
answered; never the answer itself, which lies with the verification and is erased with it. A request that is refused
or fails made nothing: its key stays free.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
    IdempotencyValidationError,
)

from cari_aws import dynamodb, metrics
from cari_aws.clients import dynamodb_client, table
from cari_aws.dynamodb import ConditionFailed
from cari_aws.metrics import Metrics
from cari_aws.observability import log_unexpected, logger
from cari_core import ids
from cari_core.errors import IdempotencyInProgress, IdempotencyKeyReused
from cari_core.settings import IdempotencySettings, settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

LIFETIME_S = 86_400
FIELD = "Idempotency-Key"
# A record's verification; of those that were made before records said so, the only one there is.
IS_OF = "verification = :id OR (attribute_not_exists(verification) AND #status = :completed)"
COMPLETED = {":completed": "COMPLETED"}
TRIES = 3  # at a record that changes while it is looked at

Reference = dict[str, Any]  # what a request made, JSON-ready


Find = Callable[[str], Reference | None]  # what there is of a verification, by its id


def _nothing(_verification_id: str) -> None:
    """Know of nothing."""


@dataclass(frozen=True)
class KeyedRequest:
    """One request that came with a key, or without."""

    tenant: str
    mode: str
    route: str
    key: str | None
    fingerprint: str  # of the body; nothing asks for it without a key
    context: LambdaContext  # says when this attempt will be over, if it dies

    @classmethod
    def of(
        cls, tenant: str, mode: str, route: str, key: str | None, body: Mapping[str, Any], context: LambdaContext
    ) -> KeyedRequest:
        """Name a request by what it asks for. Only one that came with a key is read for its fingerprint."""
        return cls(tenant, mode, route, key, fingerprint(body) if key else "", context)


@dataclass
class Attempt:
    """One attempt at a request. `made` is what it made: before, where `replayed`; else whoever attempts it sets it."""

    made: Reference | None = None
    replayed: bool = False


@contextmanager
def attempt(
    request: KeyedRequest, *, verification_id: str | None = None, made_by_a_dead_one: Find = _nothing
) -> Iterator[Attempt]:
    """Hold a request's key while it is done. What raises within frees it.

    `verification_id` is what `forget` will know the key by. Where an attempt died before it could say what it made,
    `made_by_a_dead_one` is asked whether it made the verification that it was about to make. Raises
    IdempotencyInProgress while the first request is under way, IdempotencyKeyReused where it had another body.
    """
    if request.key is None:
        yield Attempt()
        return
    records, data = _Records(request), {"key": request.key, "fingerprint": request.fingerprint}
    made_before = records.begin(data, made_by_a_dead_one)
    if made_before is not None:
        logger.info("replayed", extra=metrics.fields(Metrics({"IdempotentReplays": 1})))
        yield Attempt(made_before, replayed=True)
        return
    current = Attempt()
    try:
        if verification_id:
            records.leave_word(verification_id)
        yield current
    except Exception as error:
        if not (verification_id and _is_made(verification_id, made_by_a_dead_one)):
            _free(records, data, error, verification_id)
        raise
    try:
        records.save_success(data, result=current.made or {})
    except Exception as error:  # noqa: BLE001  # it is made; only a repetition will not be known as one
        log_unexpected(error)


def forget(tenant: str, mode: str, verification_id: str) -> None:
    """Erase what is known of the key that made a verification; nothing happens where none did, or it is forgotten.

    An attempt that failed is forgotten too, and leaves its key to the one that has it now.
    """
    word = _word_key(tenant, mode, verification_id)
    known = table(settings(IdempotencySettings).idempotency_table)
    found = known.get_item(Key=word, ConsistentRead=True).get("Item")
    if found:
        with contextlib.suppress(ConditionFailed):
            dynamodb.delete_if(
                known, {"owner": word["owner"], "id": found["record"]}, IS_OF, {":id": verification_id, **COMPLETED}
            )
        known.delete_item(Key=word)


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

    def __init__(self, request: KeyedRequest) -> None:
        name = settings(IdempotencySettings).idempotency_table
        super().__init__(
            name,
            key_attr="owner",
            sort_key_attr="id",
            static_pk_value=ids.owner_key(request.tenant, request.mode),
            expiry_attr="expires_at",
            boto3_client=dynamodb_client(),
        )
        config = IdempotencyConfig(
            event_key_jmespath="key",
            payload_validation_jmespath="fingerprint",
            expires_after_seconds=LIFETIME_S,
            hash_function="sha256",
        )
        self.configure(config=config, function_name=request.route, key_prefix=request.route)
        self._request = request
        self._record: DataRecord | None = None

    def begin(self, data: dict[str, Any], made_by_a_dead_one: Find) -> Reference | None:
        """Take the key, or read what it made. Raises IdempotencyInProgress, IdempotencyKeyReused."""
        for _ in range(TRIES):
            record = self._found(data)
            if record and not _is_over(record):
                if record.status == "INPROGRESS":
                    raise _in_progress()
                made: Reference = record.response_json_as_dict() or {}
                return made
            begun = self._begun_by(data) if record and record.status == "INPROGRESS" else None
            if begun and (found := made_by_a_dead_one(begun)):
                self.save_success(data, result=found)
                return found
            try:
                self.save_inprogress(data, self._request.context.get_remaining_time_in_millis())
            except IdempotencyValidationError as error:
                raise _reused() from error
            except IdempotencyItemAlreadyExistsError:
                continue  # another has begun meanwhile
            return None
        raise _in_progress()

    def _begun_by(self, data: dict[str, Any]) -> str | None:
        """Say which verification the attempt that has the key was about to make; None where it got not so far."""
        key = {"owner": self.static_pk_value, "id": str(self._get_hashed_idempotency_key(data=data))}
        found = table(self.table_name).get_item(Key=key, ConsistentRead=True).get("Item", {})
        return str(found["verification"]) if "verification" in found else None

    def _found(self, data: dict[str, Any]) -> DataRecord | None:
        try:
            return self.get_record(data)
        except IdempotencyItemNotFoundError:
            return None
        except IdempotencyValidationError as error:
            raise _reused() from error

    def _put_record(self, data_record: DataRecord) -> None:
        super()._put_record(data_record)
        self._record = data_record

    def leave_word(self, verification_id: str) -> None:
        """Write down which record a verification will be known by, before there is one, and the other way round."""
        if self._record:
            table(self.table_name).update_item(
                Key={"owner": self.static_pk_value, "id": self._record.idempotency_key},
                UpdateExpression="SET verification = :id",
                ExpressionAttributeValues={":id": verification_id},
            )
            table(self.table_name).put_item(
                Item={
                    **_word_key(self._request.tenant, self._request.mode, verification_id),
                    "record": self._record.idempotency_key,
                    "expires_at": self._record.expiry_timestamp,
                }
            )

    def take_word_back(self, verification_id: str) -> None:
        """Erase what `leave_word` wrote beside the record, of a verification that there is not."""
        whose = self._request
        table(self.table_name).delete_item(Key=_word_key(whose.tenant, whose.mode, verification_id))


def _is_over(record: DataRecord) -> bool:
    """Say whether a record holds nobody up any more: it has expired, or its request died."""
    if record.status == "INPROGRESS" and record.in_progress_expiry_timestamp is not None:
        return record.in_progress_expiry_timestamp < time.time() * 1000
    return record.status == "EXPIRED"


def _is_made(verification_id: str, find: Find) -> bool:
    """Say whether an attempt that failed made its verification all the same, or nobody can tell now."""
    try:
        return find(verification_id) is not None
    except Exception as failure:  # noqa: BLE001  # it is asked again when the request's time is over
        log_unexpected(failure)
        return True


def _free(records: _Records, data: dict[str, Any], error: Exception, verification_id: str | None) -> None:
    try:
        records.delete_record(data, error)
        if verification_id:
            records.take_word_back(verification_id)
    except Exception as failure:  # noqa: BLE001  # the key is free when the request's time is over
        log_unexpected(failure)


def _in_progress() -> IdempotencyInProgress:
    return IdempotencyInProgress(
        "A request with this Idempotency-Key is still being answered. Wait a second, then send it again.", field=FIELD
    )


def _reused() -> IdempotencyKeyReused:
    return IdempotencyKeyReused(
        "This Idempotency-Key came with another body before. Use a key for one request and its repetitions only.",
        field=FIELD,
    )


def _word_key(tenant: str, mode: str, verification_id: str) -> dict[str, Any]:
    return {"owner": ids.owner_key(tenant, mode), "id": f"verification#{verification_id}"}
