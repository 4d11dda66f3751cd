"""API key in; policy, usage plan, and what the functions must know of the key out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from snapshot_restore_py import register_before_snapshot

from cari_api.auth import caller, keys
from cari_aws.clients import table, table_asked_once, tables, tables_asked_once
from cari_core.deadline import invocation
from cari_core.settings import KeySettings, UsagePlanSettings, settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

for make in (tables, tables_asked_once):
    register_before_snapshot(make)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Authorize a key for the whole stage, or say 401 the only way API Gateway understands."""
    name = settings(KeySettings).api_keys_table
    with invocation(context):
        record = keys.find(table(name), keys.bare(event["authorizationToken"]))
        if record is None or not record.is_usable(time.time()):
            raise Exception("Unauthorized")  # noqa: TRY002  # API Gateway answers 401 to this very message, else AUTHORIZER_FAILURE
        keys.note_use(table_asked_once(name), record, time.time())
    return {
        "principalId": record.tenant,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": _whole_stage(event["methodArn"]),
                }
            ],
        },
        "context": caller.context(record),
        "usageIdentifierKey": record.usage_key or getattr(settings(UsagePlanSettings), f"usage_key_{record.mode}"),
    }


def _whole_stage(method_arn: str) -> str:
    """Widen `arn:…:api/stage/METHOD/path` to every method and path.

    API Gateway caches the policy by key: one that named this path alone would refuse the key's next path.
    """
    return "/".join([*method_arn.split("/")[:2], "*"])
