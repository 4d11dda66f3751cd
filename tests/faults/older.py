"""Verifications as version 0.1.0 left them, when today's code is deployed in the middle of its work."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer

from cari_core import ids
from local.template import ROOT
from tests.faults.caller import SPECIMENS, Answer, Sent

if TYPE_CHECKING:
    from local.stack import Stack
    from tests.faults.caller import Caller

WRITTEN = ROOT / "tests/recorded/stored-by-0.1.0.json"
TENANT, BUCKET = "a" * 24, "bucket"  # as they were recorded
A_DAY_S = 86_400
PICTURES = {"selfie": "selfie.jpg", "front": "passport.jpg"}


def stored(stack: Stack, caller: Caller) -> list[Sent]:
    """Put the recorded items into the table as a tenant's own, one of them just begun, and have it looked after."""
    requests = []
    for name, recorded in json.loads(WRITTEN.read_text()).items():
        identifier = ids.new_id()
        text = json.dumps(recorded["item"]).replace(recorded["item"]["id"]["S"], identifier)
        text = text.replace(TENANT, caller.tenant)
        text = text.replace(json.dumps({"S": BUCKET}), json.dumps({"S": stack.cloud.outputs["Bucket"]}))
        item = {key: TypeDeserializer().deserialize(_plain(value)) for key, value in json.loads(text).items()}
        table = stack.cloud.table(stack.cloud.outputs["VerificationsTable"])
        table.put_item(Item={**item, "expires_at": int(time.time()) + A_DAY_S})
        if name == "under_way":
            _go_on(stack, caller, identifier)
        requests.append(Sent("approved", name, answers=[Answer(202, {"id": identifier}, {})]))
    return requests


def _go_on(stack: Stack, caller: Caller, identifier: str) -> None:
    for side, specimen in PICTURES.items():
        key = f"images/{caller.tenant}/dev/{identifier}/{side}.jpg"
        picture = (SPECIMENS / specimen).read_bytes()
        stack.cloud.client("s3").put_object(Bucket=stack.cloud.outputs["Bucket"], Key=key, Body=picture)
    body = json.dumps({"tenant": caller.tenant, "mode": "dev", "id": identifier})
    stack.cloud.client("sqs").send_message(QueueUrl=stack.cloud.outputs["WorkQueueUrl"], MessageBody=body)


def _plain(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"base64"}:
        return base64.b64decode(value["base64"])
    return {name: _plain(each) for name, each in value.items()} if isinstance(value, dict) else value
