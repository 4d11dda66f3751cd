"""What lies about when all is erased, and what was said of anybody in the logs."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from local import events
from specimens import specimen
from tests.attack.target import Record, ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.stack import Stack

MARKERS = [told.encode() for told in (specimen.IDENTITY.surname.upper(), specimen.IDENTITY.passport_number)]
PATIENCE_S = 120.0  # without an erasure: the worker ends what nobody waited for


def attack(stack: Stack, state: Path) -> Iterator[Record]:
    """Erase every verification of the stack's key, then count what is left of any."""
    yield _erased(stack)
    yield _counted(stack)
    record = Record("leftovers: what the logs say of anybody")
    for log in state.glob("*.log"):
        for line in log.read_bytes().splitlines():
            record.claim(f"{log.name}: {line[:200]!r}", not any(marker in line for marker in MARKERS))
    yield record


def _erased(stack: Stack) -> Record:
    record = Record("leftovers: every verification is erased")
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        listed = json.loads(ask(stack, "GET", "/identity/verify?limit=100", key=stack.key).body)["verifications"]
        if not listed:
            return record
        waiting = [one for one in listed if one["status"] == "processing"]
        for one in listed:
            if one["status"] != "processing":
                until = time.monotonic() + PATIENCE_S
                answer = ask(stack, "DELETE", f"/identity/verify/{one['id']}", key=stack.key)
                record.note(f"DELETE {one['id']}", answer.status, answer.took_s)
        if waiting:
            time.sleep(1)
    record.claim("verifications are left that never ended", holds=False)
    return record


def _counted(stack: Stack) -> Record:
    """Count what is stored of anybody but the tenant whose batch job the stack does by itself when it starts."""
    record = Record("leftovers: objects and items")
    outputs, s3 = stack.cloud.outputs, stack.cloud.client("s3")
    for prefix in ("images/", "uploads/"):
        left = s3.list_object_versions(Bucket=outputs["Bucket"], Prefix=prefix)
        keys = [each["Key"] for each in (*left.get("Versions", []), *left.get("DeleteMarkers", []))]
        found = [key for key in keys if events.TENANT not in key]
        record.claim(f"{len(found)} objects below {prefix}: {found[:3]}", not found)
    stored: list[dict[str, Any]] = stack.cloud.table(outputs["VerificationsTable"]).scan()["Items"]
    items = [item for item in stored if events.TENANT not in item["owner"]]
    record.claim(f"{len(items)} items of verifications", not items)
    return record
